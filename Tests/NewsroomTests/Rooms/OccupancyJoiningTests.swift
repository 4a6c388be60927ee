import Testing
import XML
import XMPP

@testable import Newsroom

@Suite("Joining a room (XEP-0045 §7.2)")
struct OccupancyJoiningTests {
    @Test("we ask to enter without history, from an address with localpart and resource")
    func request() throws {
        var occupancy = Occupancy(try Verona.configuration())
        #expect(occupancy.status(at: .zero) == .offline)
        #expect(occupancy.deadline == nil)
        #expect(occupancy.streamOpened(at: .seconds(5)).map(\.text) == [joining()])
        #expect(occupancy.status(at: .seconds(5)) == .joining(nick: "Gazette"))
        #expect(occupancy.deadline == .seconds(65))
    }

    @Test("a password goes along (§7.2.6)")
    func password() throws {
        var occupancy = Occupancy(try Verona.configuration(password: "cauldronburn"))
        let orders = occupancy.streamOpened(at: .zero)
        #expect(
            orders.map(\.text) == [
                "<presence from='newsletter@news.verona.lit/Gazette' "
                    + "to='comm-team@rooms.verona.lit/Gazette'>"
                    + "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/>"
                    + "<password>cauldronburn</password></x></presence>"
            ]
        )
    }

    @Test("others' presence comes first; only our own with status 110 means that we are in")
    func selfPresence() throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        #expect(occupancy.received(try Verona.presence("Romeo"), at: .seconds(1)).isEmpty)
        #expect(occupancy.received(try Verona.presence("Gazette"), at: .seconds(2)).isEmpty)
        #expect(occupancy.nick == nil)
        let orders = occupancy.received(try Verona.own(), at: .seconds(3))
        #expect(orders == [.report(.joined(nick: "Gazette"))])
        #expect(
            occupancy.status(at: .seconds(3)) == .joined(nick: "Gazette", occupants: 2)
        )
    }

    @Test("the room may give us another nick (status 210)")
    func assignedNick() throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        let orders = occupancy.received(try Verona.own("gazette", statuses: [210]), at: .zero)
        #expect(orders == [.report(.joined(nick: "gazette"))])
        #expect(occupancy.nick == "gazette")
    }

    @Test("a room that joining has made is reported and opened (status 201, §10.1.2)")
    func created() throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        let orders = occupancy.received(try Verona.own(statuses: [201]), at: .zero)
        #expect(
            orders == [.report(.joined(nick: "Gazette")), .report(.created), .acceptDefaults]
        )
    }

    @Test("a room that is not ours to open is left as soon as joining has made it, and tried later")
    func abandoned() throws {
        var configuration = try Verona.configuration()
        configuration.opensRooms = false
        var occupancy = Occupancy(configuration)
        _ = occupancy.streamOpened(at: .zero)
        let orders = occupancy.received(try Verona.own(statuses: [201]), at: .zero)
        #expect(
            orders.map(\.text) == [
                "<presence type='unavailable' from='\(Verona.address)' to='\(Verona.room)/Gazette'/>",
                "\(RoomReport.waiting(.locked, for: .seconds(900)))",
            ]
        )
        #expect(occupancy.reached(.seconds(900)).map(\.text) == [joining()])
        for trouble in [RoomTrouble.locked, .creationRestricted] {
            #expect(RoomTurn(.waiting(trouble, for: .zero)) == .missing)
        }
        #expect(RoomTurn(.waiting(.banned, for: .zero)) == .shownOut)
    }

    @Test("of a foreign room only so many owners and admins are remembered, whatever it shows")
    func foreignRoom() throws {
        var configuration = try Verona.configuration()
        configuration.known = .admins(most: 10)
        var occupancy = Occupancy(configuration)
        _ = occupancy.streamOpened(at: .zero)
        for number in 0..<1_000 {
            let affiliation = number.isMultiple(of: 2) ? "member" : "owner"
            let presence = try Verona.presence(
                "a\(number)",
                affiliation: affiliation,
                occupantID: "o\(number)",
                hat: "https://verona.lit/hats#\(number)"
            )
            _ = occupancy.received(presence, at: .zero)
        }
        _ = occupancy.received(try Verona.own(), at: .zero)
        #expect(occupancy.nick == "Gazette")
        #expect(occupancy.nicks.sorted() == (0..<10).map { "a\(2 * $0 + 1)" }.sorted())
        let admin = try #require(occupancy.occupant(named: "a1"))
        #expect(admin.affiliation == .owner && admin.hats.isEmpty && admin.occupantID == nil)
        #expect(!occupancy.showsIDs)
        _ = occupancy.received(try Verona.presence("a1", affiliation: "member"), at: .zero)
        #expect(occupancy.occupant(named: "a1") == nil)
        _ = occupancy.received(try Verona.presence("a0", affiliation: "admin"), at: .zero)
        #expect(occupancy.occupant(named: "a0")?.affiliation == .admin)
    }

    @Test("an occupant's id is no longer than a part of an address")
    func longID() throws {
        for (length, isKept) in [(1_023, true), (1_024, false)] {
            let id = String(repeating: "o", count: length)
            var occupancy = try Occupancy.joined()
            _ = occupancy.received(try Verona.presence("Rosa", occupantID: id), at: .zero)
            #expect((occupancy.occupant(named: "Rosa")?.occupantID == id) == isKept)
        }
    }

    @Test(
        "each refusal has its name and its patience",
        arguments: [
            (.notAuthorized, .passwordRequired, 900),
            (.forbidden, .banned, 900),
            (.registrationRequired, .membersOnly, 900),
            (.notAcceptable, .nicknameReserved, 900),
            (.itemNotFound, .locked, 900),
            (.notAllowed, .creationRestricted, 900),
            (.serviceUnavailable, .fullOrUnavailable, 30),
            (.remoteServerTimeout, .serverNotReached(.remoteServerTimeout), 5),
            (.remoteServerNotFound, .serverNotReached(.remoteServerNotFound), 5),
            (.policyViolation, .refused(StanzaError(.policyViolation)), 30),
        ] as [(StanzaError.Condition, RoomTrouble, Int)]
    )
    func refusals(condition: StanzaError.Condition, trouble: RoomTrouble, seconds: Int) throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        let orders = occupancy.received(try Verona.refusal(condition), at: .seconds(1))
        #expect(orders == [.report(.waiting(trouble, for: .seconds(seconds)))])
        #expect(trouble.description.contains(condition.rawValue))
        #expect(
            occupancy.status(at: .seconds(2)) == .waiting(trouble, for: .seconds(seconds - 1))
        )
        #expect(occupancy.reached(.seconds(seconds)).isEmpty)
        #expect(occupancy.reached(.seconds(seconds + 1)).map(\.text) == [joining()])
    }

    @Test("a taken nick is tried with underscores, three times (§7.2.9)")
    func conflict() throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        var nick = "Gazette"
        for _ in 1...3 {
            let orders = occupancy.received(try Verona.refusal(.conflict, nick: nick), at: .zero)
            #expect(orders.first == .report(.nickTaken(nick, trying: nick + "_")))
            nick += "_"
            #expect(orders.dropFirst().map(\.text) == [joining(as: nick)])
        }
        let orders = occupancy.received(try Verona.refusal(.conflict, nick: nick), at: .zero)
        #expect(orders == [.report(.waiting(.nicknameTaken("Gazette"), for: .seconds(30)))])
        #expect(occupancy.reached(.seconds(30)).map(\.text) == [joining()])
    }

    @Test("a late refusal of an earlier nick does not count against the next one")
    func staleRefusal() throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        _ = occupancy.received(try Verona.refusal(.conflict), at: .zero)
        #expect(occupancy.received(try Verona.refusal(.conflict), at: .zero).isEmpty)
        #expect(occupancy.status(at: .zero) == .joining(nick: "Gazette_"))
    }

    @Test("under a substitute nick we take our own as soon as it is free")
    func reclaiming() throws {
        var occupancy = try Occupancy.joined(nick: "Gazette_")
        let left = try Verona.presence("Gazette", type: "unavailable", role: "none")
        #expect(
            occupancy.received(left, at: .seconds(9)).map(\.text) == [
                "<presence from='\(Verona.address)' to='\(Verona.room)/Gazette'/>"
            ]
        )
        let renamed = try Verona.presence(
            "Gazette_",
            type: "unavailable",
            newNick: "Gazette",
            statuses: [303, 110]
        )
        #expect(occupancy.received(renamed, at: .seconds(9)) == [.report(.renamed("Gazette"))])
        #expect(occupancy.received(try Verona.own(), at: .seconds(9)).isEmpty)
        #expect(occupancy.status(at: .zero) == .joined(nick: "Gazette", occupants: 2))
    }

    @Test("a change of nick that fails leaves us where we are")
    func failedChange() throws {
        var occupancy = try Occupancy.joined(nick: "Gazette_")
        #expect(occupancy.received(try Verona.refusal(.conflict), at: .zero).isEmpty)
        #expect(occupancy.nick == "Gazette_")
    }

    @Test("a room that says nothing is tried again, ever more slowly; the longest wait holds")
    func silence() throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        var waits: [Duration] = []
        for _ in 1...10 {
            let giveUp = try #require(occupancy.deadline)
            guard case .report(.waiting(.noAnswer, let wait)) = occupancy.reached(giveUp).first
            else {
                Testing.Issue.record("no wait after silence")
                return
            }
            waits.append(wait)
            let next = try #require(occupancy.deadline)
            #expect(next == giveUp + wait)
            #expect(occupancy.reached(next).map(\.text) == [joining()])
        }
        #expect(waits.prefix(4) == [.seconds(5), .seconds(10), .seconds(20), .seconds(40)])
        #expect(waits.suffix(2) == [.seconds(900), .seconds(900)])
    }

    @Test("a long list of occupants is no silence")
    func slowRoom() throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        _ = occupancy.received(try Verona.presence("Romeo"), at: .seconds(50))
        #expect(occupancy.reached(.seconds(60)).isEmpty)
        #expect(occupancy.deadline == .seconds(110))
    }

    @Test("an answer that comes after we gave up is welcome")
    func lateAnswer() throws {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        _ = occupancy.reached(.seconds(60))
        #expect(
            occupancy.received(try Verona.own(), at: .seconds(61))
                == [.report(.joined(nick: "Gazette"))]
        )
    }

    @Test("presence from elsewhere, of the room itself, or without a stream, is not ours to heed")
    func others() throws {
        var occupancy = Occupancy(try Verona.configuration())
        #expect(occupancy.received(try Verona.own(), at: .zero).isEmpty)
        #expect(occupancy.status(at: .zero) == .offline)
        _ = occupancy.streamOpened(at: .zero)
        var foreign = try Verona.own()
        foreign.from = try JID("other@rooms.verona.lit/Gazette")
        #expect(occupancy.received(foreign, at: .zero).isEmpty)
        var ofTheRoom = try Verona.own()
        ofTheRoom.from = try JID(Verona.room)
        #expect(occupancy.received(ofTheRoom, at: .zero).isEmpty)
        var anonymous = try Verona.own()
        anonymous.from = nil
        #expect(occupancy.received(anonymous, at: .zero).isEmpty)
        #expect(occupancy.nick == nil)
    }

    @Test("a nick that can't be one is refused before anything is sent")
    func impossibleNick() {
        #expect(throws: JIDError.self) { try Verona.configuration(nick: "") }
    }
}
