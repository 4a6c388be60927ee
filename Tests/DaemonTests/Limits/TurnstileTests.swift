import Readers
import Testing
import XML
import XMPP

@testable import Component
@testable import Daemon

@Suite("How much strangers may ask for")
struct TurnstileTests {
    private static let limits: TrafficLimits = {
        var limits = TrafficLimits()
        limits.personRate = 2
        limits.personBurst = 10
        limits.domainRate = 20
        limits.domainBurst = 40
        limits.reserveBurst = 5
        limits.reservePerMinute = 12
        limits.personRefusals = 2
        limits.refusals = 5
        return limits
    }()

    private var turnstile = Turnstile(Self.limits)

    private func visitor(_ text: String) throws -> Visitor {
        Visitor(try JID(text))
    }

    /// How many of a number of stanzas come in.
    private mutating func admitted(
        _ visitor: Visitor,
        of number: Int,
        at now: Double
    ) -> Int {
        (0..<number).count { _ in turnstile.verdict(on: visitor, at: now) == .admitted }
    }

    @Test("one person may send a burst, then so much as comes back with time")
    mutating func person() throws {
        let romeo = try visitor("romeo@verona.lit")
        #expect(admitted(romeo, of: 50, at: 0) == 10)
        #expect(admitted(romeo, of: 50, at: 0.4) == 0)
        #expect(admitted(romeo, of: 50, at: 0.5) == 1)
        #expect(admitted(romeo, of: 50, at: 3) == 5)
        #expect(admitted(romeo, of: 50, at: 1_000) == 10, "no more than a burst is saved up")
    }

    @Test("a clock that stands still or goes back gives nothing and takes nothing")
    mutating func clock() throws {
        let romeo = try visitor("romeo@verona.lit")
        #expect(admitted(romeo, of: 10, at: 100) == 10)
        #expect(admitted(romeo, of: 10, at: 50) == 0)
        #expect(admitted(romeo, of: 10, at: 101) == 2)
    }

    @Test("one person's flood leaves the others alone, of the same domain too")
    mutating func others() throws {
        let (tybalt, romeo) = (try visitor("tybalt@verona.lit"), try visitor("romeo@verona.lit"))
        #expect(admitted(tybalt, of: 10_000, at: 0) == 10)
        #expect(admitted(romeo, of: 5, at: 0) == 5)
    }

    @Test("a domain has an allowance of its own, whatever the number of its people")
    mutating func domain() throws {
        var sum = 0
        for number in 0..<100 {
            sum += admitted(try visitor("a\(number)@mantua.lit"), of: 1, at: 0)
        }
        #expect(sum == 40)
        #expect(admitted(try visitor("romeo@verona.lit"), of: 5, at: 0) == 5)
    }

    @Test("a crowd that goes on at full speed leaves the reserve to those who ask little")
    mutating func reserve() throws {
        let crowd = try (0..<100).map { try visitor("a\($0)@verona.lit") }
        let romeo = try visitor("romeo@verona.lit")
        var (honest, refused) = (0, 0)
        for tenth in 0..<600 {
            let now = Double(tenth) / 10
            for member in crowd { _ = admitted(member, of: 10, at: now) }
            // Now and then; the first seconds belong to whoever is there.
            guard tenth % 50 == 25 else { continue }
            if admitted(romeo, of: 1, at: now) == 1 { honest += 1 } else { refused += 1 }
        }
        #expect(honest == 12 && refused == 0)
    }

    @Test("so does a crowd whose members are many and slow, with the limits as they come")
    mutating func slowCrowd() throws {
        turnstile = Turnstile(TrafficLimits())
        let crowd = try (0..<1_000).map { try visitor("a\($0)@verona.lit") }
        let romeo = try visitor("romeo@verona.lit")
        var (honest, theirs) = (0, 0)
        // Two stanzas a second each: a tenth of what one of them may.
        for half in 0..<240 {
            let now = Double(half) / 2
            for member in crowd { theirs += admitted(member, of: 1, at: now) }
            // What all have a claim to at first is used up by then; from then on 12 a minute.
            guard half >= 60, half % 10 == 5 else { continue }
            honest += admitted(romeo, of: 1, at: now)
        }
        #expect(honest == 18)
        #expect(theirs < 1_000 + 120 * 200, "no more than the domain may")
    }

    @Test("refusals are told so often as is set for one, and so often as is set for all")
    mutating func told() throws {
        let romeo = try visitor("romeo@verona.lit")
        _ = admitted(romeo, of: 10, at: 0)
        #expect(turnstile.verdict(on: romeo, at: 0) == .person(isTold: true))
        #expect(turnstile.verdict(on: romeo, at: 0) == .person(isTold: true))
        #expect(turnstile.verdict(on: romeo, at: 0) == .person(isTold: false))
        #expect(turnstile.verdict(on: romeo, at: 0.4) == .person(isTold: false))

        var told = 0
        for number in 0..<100 {
            let other = try visitor("a\(number)@mantua.lit")
            for _ in 0..<20 {
                switch turnstile.verdict(on: other, at: 0.4) {
                case .person(isTold: true), .domain(isTold: true): told += 1
                case .admitted, .person, .domain, .room, .full: break
                }
            }
        }
        #expect(told == 5, "the three that are left, and two that came back since")
        #expect(turnstile.verdict(on: romeo, at: 0.45) == .person(isTold: false))
    }

    @Test("what does not count for the domain is taken however much of it comes from there")
    mutating func returned() throws {
        for number in 0..<1_000 {
            let reader = Visitor(try JID("a\(number)@mantua.lit"), countsForDomain: false)
            #expect(turnstile.verdict(on: reader, at: 0) == .admitted)
        }
        let romeo = Visitor(try JID("romeo@mantua.lit"), countsForDomain: false)
        #expect(admitted(romeo, of: 50, at: 0) == 10, "but one person's are counted")
        #expect(admitted(try visitor("nurse@mantua.lit"), of: 5, at: 0) == 5)
    }

    @Test("a room that is entered shows who is there, whatever else comes from its domain")
    mutating func occupants() throws {
        var limits = Self.limits
        (limits.roomRate, limits.roomBurst) = (10, 500)
        turnstile = Turnstile(limits)
        func shown(_ number: Int, in room: String) throws -> Visitor {
            let room = try JID("\(room)@rooms.mantua.lit")
            return Visitor(try room.with(resourcepart: "a\(number)"), shownBy: room)
        }
        for room in ["square", "garden"] {
            for number in 0..<500 {
                #expect(turnstile.verdict(on: try shown(number, in: room), at: 0) == .admitted)
            }
            #expect(turnstile.verdict(on: try shown(500, in: room), at: 0) == .room)
            #expect(turnstile.verdict(on: try shown(501, in: room), at: 0.1) == .admitted)
        }
        #expect(admitted(try visitor("x@rooms.mantua.lit"), of: 5, at: 0) == 5)
        let late = try shown(502, in: "square")
        #expect(turnstile.verdict(on: late, at: 1, isFull: true) == .admitted)
    }

    @Test("while too much waits those come in who ask little, and what comes back from readers")
    mutating func full() throws {
        let romeo = try JID("romeo@verona.lit")
        var verdicts: [Turnstile.Verdict] = []
        for _ in 0..<7 {
            verdicts.append(turnstile.verdict(on: Visitor(romeo), at: 0, isFull: true))
        }
        #expect(verdicts[..<5].allSatisfy { $0 == .admitted })
        #expect(verdicts[5...].allSatisfy { $0 == .full(isTold: true) })
        #expect(turnstile.verdict(on: Visitor(romeo), at: 6, isFull: true) == .admitted)
        let returned = Visitor(romeo, countsForDomain: false)
        #expect(turnstile.verdict(on: returned, at: 0, isFull: true) == .admitted)
    }

    @Test("the memory does not grow, and who has used the least is forgotten first")
    func forgetting() {
        var table = AllowanceTable(rate: 1, burst: 10, capacity: 6)
        #expect(table.capacity == 8)
        for key in 1...1_000 { _ = table.find(key, at: 0) }
        #expect(table.capacity == 8)

        // Five keys of one set: the fifth takes the place of the one that has most left.
        table = AllowanceTable(rate: 1, burst: 10, capacity: 4)
        for (key, spent) in [(11, 3), (22, 1), (33, 5), (44, 2)] {
            let place = table.find(key, at: 0)
            for _ in 0..<spent { table.takeOne(at: place) }
        }
        var left: [Int: Double] = [:]
        for key in [55, 11, 33, 44, 22] {
            let place = table.find(key, at: 0)
            left[key] = table.left(at: place)
            if key == 55 { table.takeOne(at: place) }
        }
        #expect(left == [55: 10, 11: 7, 33: 5, 44: 8, 22: 10])
    }
}

@Suite("Who is limited")
struct VisitorTests {
    private let book: AddressBook

    init() throws {
        book = AddressBook(
            domain: try JID("news.verona.lit"),
            contacts: [try JID("dispatch@news.verona.lit")],
            rooms: [try JID("comm-team@rooms.verona.lit")],
            commands: ["subscribe"]
        )
    }

    private func visitor(_ xml: String) throws -> Visitor? {
        let stream = "<s xmlns='jabber:component:accept'>\(xml)</s>"
        let element = try #require(Array(try Element(xml: stream).elements).first)
        do throws(StanzaReadingError) {
            let stanza = try Stanza(element)
            return book.visitor(.stanza(stanza), by: book.route(stanza))
        } catch {
            return book.visitor(.unreadable(error), by: nil)
        }
    }

    private func request(from sender: String, to address: String) throws -> Visitor? {
        try visitor(
            "<iq type='get' id='1' from='\(sender)' to='\(address)'><ping xmlns='urn:xmpp:ping'/></iq>"
        )
    }

    @Test("a person is one whichever client asks, at the domain, a contact or where nobody is")
    func people() throws {
        let romeo = Visitor(try JID("romeo@verona.lit"))
        for address in ["news.verona.lit", "dispatch@news.verona.lit/x", "nobody@news.verona.lit"] {
            #expect(try request(from: "romeo@verona.lit/orchard", to: address) == romeo)
            #expect(try request(from: "romeo@verona.lit/balcony", to: address) == romeo)
        }
        let chat =
            "<message from='romeo@verona.lit/a' to='news.verona.lit' type='chat'><body>a</body></message>"
        #expect(try visitor(chat) == romeo)
    }

    @Test("a room's own stanzas are not limited; requests through it are its occupants'")
    func rooms() throws {
        let room = "comm-team@rooms.verona.lit"
        #expect(
            try visitor("<presence from='\(room)/Tybalt' to='dispatch@news.verona.lit/D'/>") == nil
        )
        let said =
            "<message type='groupchat' from='\(room)/Tybalt' to='dispatch@news.verona.lit/D'><body>a</body></message>"
        #expect(try visitor(said) == nil)
        let tybalt = try request(from: "\(room)/Tybalt", to: "dispatch@news.verona.lit/D")
        let romeo = try request(from: "\(room)/Romeo", to: "dispatch@news.verona.lit/D")
        #expect(tybalt != nil && romeo != nil && tybalt != romeo)
    }

    @Test("what comes back counts for its reader but not for the domain, late answers for nobody")
    func bounces() throws {
        let reader = Visitor(try JID("a@mantua.lit"), countsForDomain: false)
        func error(_ id: String) -> String {
            "<message type='error' id='\(id)' from='a@mantua.lit/x' to='news.verona.lit'/>"
        }
        #expect(try visitor(error("AAAAAAAAAAAAAAAAAAA")) == reader)
        // It answers nothing of ours, and is not looked at.
        #expect(try visitor(error("1")) == nil)
        let other = Visitor(try JID("a@mantua.lit"))
        // Questions to idle readers are few; whether somebody was asked is looked up.
        let question = "still-reading-8d6a6d5c-27ae-4f2c-9d0e-0f6a3c1f5b11"
        #expect(try visitor(error(question)) == other)
        #expect(reader.group == nil && other.group != nil && reader.person == other.person)
        #expect(
            try visitor("<iq type='result' id='1' from='a@mantua.lit' to='news.verona.lit'/>")
                == nil
        )
    }

    @Test("who is in a room that reads counts for the room; what is said there for its domain")
    func occupants() throws {
        let rooms = ReadingRooms()
        let square = try JID("square@rooms.verona.lit")
        rooms.add(square)
        let romeo = try square.with(resourcepart: "Romeo")
        let stanzas: [Stanza] = [
            .presence(Presence(.available, from: romeo, to: try JID("dispatch@news.verona.lit/D"))),
            .message(
                Message(
                    .groupchat,
                    from: romeo,
                    to: try JID("dispatch@news.verona.lit/D"),
                    body: "x"
                )
            ),
        ]
        let visitors = stanzas.map { stanza in
            book.visitor(.stanza(stanza), by: book.route(stanza, guestRooms: rooms))
        }
        #expect(visitors == [Visitor(romeo, shownBy: square), Visitor(romeo)])
    }

    @Test("what can't be read, or is too large, counts for whoever sent it")
    func unreadable() throws {
        let romeo = Visitor(try JID("romeo@verona.lit"))
        let nameless = "<iq from='romeo@verona.lit/a' to='news.verona.lit' type='get'/>"
        #expect(try visitor(nameless) == romeo)
        let envelope = Element(
            "iq",
            in: .componentAccept,
            ["from": "romeo@verona.lit/a", "to": "news.verona.lit", "type": "set", "id": "1"]
        )
        #expect(book.visitor(.oversized(envelope, size: 2_000_000), by: nil) == romeo)
        let unreadable = try request(from: "@@", to: "news.verona.lit")
        #expect(unreadable == Visitor(unreadable: "@@"))
    }

    @Test("a command is measured by what it holds, however deep")
    func length() throws {
        let form = try Element(
            xml: "<command node='ab'><x><field var='cde'><value>fghij</value></field></x></command>"
        )
        #expect(form.holds(atMost: 10))
        #expect(!form.holds(atMost: 9))
        #expect(!form.holds(atMost: 2))
        #expect(Element("command").holds(atMost: 0))
    }

    @Test("what waits in a queue is measured with all it has, but for its addresses")
    func stanzaLength() throws {
        let sender = try JID("romeo@verona.lit/orchard")
        let presence = Presence(.subscribe, id: "12345", from: sender, to: sender)
        #expect(Stanza.presence(presence).holds(atMost: 5 + "subscribe".utf8.count))
        #expect(!Stanza.presence(presence).holds(atMost: 4 + "subscribe".utf8.count))
    }
}
