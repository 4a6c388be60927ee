import Component
import Foundation
import Storage
import Testing
import XML
import XMPP

@testable import Delivery

@Suite("One stanza for many readers (XEP-0033)", .timeLimit(.minutes(10)))
struct MulticastTests {
    let stand: Newsstand
    let listener = Listener()
    let time = TestTime()

    init() async throws {
        stand = try await Newsstand()
        try await stand.store.write { try $0.noteMulticast(.auto) }
    }

    private func dispatcher(
        batch: Int = 100,
        window: Int = 4,
        multicast: DeliverySettings.Multicast = .auto,
        largestStanza: Int = 500_000,
        deadline: Duration = .zero
    ) throws -> Dispatcher {
        try stand.dispatcher(
            batch: batch,
            window: window,
            deadline: deadline,
            multicast: multicast,
            largestStanza: largestStanza,
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
    }

    private func deliver(
        with dispatcher: Dispatcher,
        on server: MulticastServer,
        finished: Int = 1
    ) async throws {
        server.tell(dispatcher.refusals)
        try await DeliveryTests.deliver(
            with: dispatcher,
            on: server,
            until: listener,
            finished: finished
        )
    }

    /// The ids that each reader has had.
    private func ids(_ servers: MulticastServer...) -> [String: Set<String>] {
        Dictionary(grouping: servers.flatMap(\.copies), by: \.reader)
            .mapValues { Set($0.map(\.id)) }
    }

    /// Subscribes `r1` to `r<count>` of another server.
    private func subscribeStrangers(_ count: Int) async throws {
        try await stand.store.write { [stand] transaction in
            for number in 1...count {
                _ = try transaction.subscribe(
                    try JID("r\(number)@mantua.lit"),
                    to: stand.node,
                    choice: DeliveryChoice(form: .event),
                    at: .now
                )
            }
        }
    }

    private func retries(_ fanOut: FanOutRecord) async throws -> [String] {
        try await stand.store.read { try $0.exceptions(of: fanOut.id).map(\.jid.description) }
    }

    @Test("each reader gets it once, and none sees another")
    func everybodyOnce() async throws {
        try await stand.subscribe(1...300, onlyEvents: true)
        let fanOut = try await stand.publish()
        let server = MulticastServer(.works)
        try await deliver(with: try dispatcher(), on: server)
        #expect(
            server.copies.map(\.reader).sorted() == (1...300).map { "r\($0)@verona.lit" }.sorted()
        )
        #expect(server.copies.allSatisfy { $0.stanza != nil && $0.sender == "news.verona.lit" })
        // Three batches of 100; in the last one, 256 is the first of the next who share an id.
        #expect(server.stanzas == 15 + 1)
        #expect(server.mostAddresses == 20)
        #expect(Set(server.copies.map(\.id)).count == 2)
        let stored = try await stand.fanOut(fanOut.id)
        #expect(stored.multicast == .through(try JID(MulticastServer.service)))
        #expect(stored.usedService == stored.multicast?.service)
        #expect((stored.sent, stored.total, stored.multicastEnd) == (300, 300, nil))
    }

    @Test("what is a reader's own goes singly: another server, a chat, somebody alone")
    func mixed() async throws {
        try await stand.subscribe(1...60)
        try await subscribeStrangers(30)
        try await stand.publish()
        let server = MulticastServer(.works)
        try await deliver(with: try dispatcher(), on: server)
        let copies = server.copies
        #expect(copies.count == 90)
        #expect(Set(copies.map(\.reader)).count == 90)
        for copy in copies {
            let number = Int(copy.reader.dropFirst().prefix { $0 != "@" }) ?? 0
            let isLocal = copy.reader.hasSuffix("@verona.lit")
            let isForMany = isLocal && !number.isMultiple(of: 3)
            #expect((copy.stanza != nil) == isForMany, "\(copy)")
            #expect(copy.body?.name == (isLocal && !isForMany ? "body" : "event"))
        }
        // 50 have an id of their own.
        #expect(Set(copies.map(\.id)).count == 51)
        let alone = try await Newsstand()
        try await alone.store.write { try $0.noteMulticast(.auto) }
        try await alone.subscribe(1...1, onlyEvents: true)
        let fanOut = try await alone.publish()
        let other = MulticastServer(.works)
        let single = try alone.dispatcher(
            multicast: .auto,
            report: { [listener] in await listener.hear($0) }
        )
        try await deliver(with: single, on: other, finished: 2)
        #expect(other.copies.map(\.stanza) == [nil])
        // The service was there, and was handed nothing.
        let stored = try await alone.fanOut(fanOut.id)
        #expect(stored.multicast?.service != nil)
        #expect(stored.usedService == nil)
    }

    @Test("no more addresses than the service takes, nor a larger stanza than the server does")
    func limits() async throws {
        try await stand.subscribe(1...40, onlyEvents: true)
        try await stand.publish()
        let narrow = MulticastServer(.works, limit: 7)
        let first = try dispatcher()
        try await deliver(with: first, on: narrow)
        await first.streamEnded(.closedByServer)
        #expect(narrow.mostAddresses == 7)
        #expect(narrow.copies.count == 40)
        try await stand.publish("second")
        let small = MulticastServer(.works, limit: 1000)
        try await deliver(with: try dispatcher(largestStanza: 500), on: small, finished: 2)
        #expect(small.copies.count == 40)
        #expect(small.mostAddresses > 1 && small.mostAddresses < 7)
        #expect(small.largest <= 500)
    }

    @Test(
        "where it is off, or not there, or the text is short, each has an id of their own",
        arguments: [DeliverySettings.Multicast.off, .auto]
    )
    func singly(multicast: DeliverySettings.Multicast) async throws {
        try await stand.subscribe(1...40, onlyEvents: true)
        let fanOut = try await stand.publish()
        let server = MulticastServer(multicast == .off ? .works : .missing)
        try await deliver(with: try dispatcher(multicast: multicast), on: server)
        #expect(server.stanzas == 0)
        #expect(Set(server.copies.map(\.id)).count == 40)
        #expect(try await stand.fanOut(fanOut.id).multicast == (multicast == .off ? nil : .single))
    }

    @Test("a service that does not answer when it is looked for is asked again after a minute")
    func silence() async throws {
        try await stand.subscribe(1...40, onlyEvents: true)
        let (server, dispatcher) = (MulticastServer(.silent), try dispatcher())
        server.tell(dispatcher.refusals)
        let running = Task { try await dispatcher.run(on: server) }
        defer { running.cancel() }
        var questions: [Int] = []
        for (number, seconds) in [0.0, 0, 59, 2].enumerated() {
            time.advance(by: seconds)
            let fanOut = try await stand.publish("issue \(number)")
            await dispatcher.wake()
            try await listener.waitUntilFinished(number + 1)
            #expect(try await stand.fanOut(fanOut.id).multicast == .single)
            questions.append(server.questions)
        }
        #expect(questions == [1, 1, 1, 2])
        #expect(server.stanzas == 0)
    }

    @Test("a service that is known is asked for nothing but what it was handed")
    func known() async throws {
        try await stand.subscribe(1...40, onlyEvents: true)
        for item in ["one", "another"] { _ = try await stand.publish(item) }
        let server = MulticastServer(.works)
        try await deliver(with: try dispatcher(), on: server, finished: 2)
        #expect((server.stanzas, server.questions) == (4, 3))
    }

    @Test(
        "what the service refuses, all or one of many, goes singly to those it was for",
        arguments: [1...1000, 4...4, 12...12]
    )
    func refused(stanzas: ClosedRange<Int>) async throws {
        try await stand.subscribe(1...400, onlyEvents: true)
        let fanOut = try await stand.publish()
        let server = MulticastServer(.refuses(stanzas))
        try await deliver(with: try dispatcher(batch: 40, window: 2), on: server)
        let ids = ids(server)
        #expect(ids.count == 400)
        // Who has a second copy knows it for that.
        #expect(ids.values.allSatisfy { $0.count == 1 })
        // What was refused was had by nobody, and no more than a window twice.
        let again = server.copies.count - 400
        #expect(stanzas.count == 1 ? (1...80).contains(again) : again == 0, "\(again)")
        let stored = try await stand.fanOut(fanOut.id)
        #expect(stored.multicastEnd?.contains("Too many receiver fields") == true)
        #expect(stored.usedService != nil)
        #expect((stored.state, stored.sent) == (.finished, 400))
        #expect(await listener.finished.map(\.failures) == [0])
    }

    @Test(
        "a service that is silent, or gone, or loses what it had taken, costs nobody their copy",
        arguments: [
            .ends(at: 4, silently: true), .ends(at: 4, silently: false),
            .ends(at: 1, silently: true),
            .restarts(at: 4), .restarts(at: 20),
        ] as [MulticastServer.Service]
    )
    func gone(service: MulticastServer.Service) async throws {
        try await stand.subscribe(1...400, onlyEvents: true)
        let fanOut = try await stand.publish()
        let server = MulticastServer(service)
        try await deliver(with: try dispatcher(batch: 40, window: 2), on: server)
        let ids = ids(server)
        #expect(ids.count == 400)
        #expect(ids.values.allSatisfy { $0.count == 1 })
        #expect(server.copies.count <= 480)
        #expect(server.copies.contains { $0.stanza == nil })
        let stored = try await stand.fanOut(fanOut.id)
        #expect(stored.multicastEnd != nil)
        #expect((stored.state, stored.sent, stored.total) == (.finished, 400, 400))
    }

    @Test(
        "an issue that grows old with stanzas under way that are lost or refused still goes to all",
        arguments: [.ends(at: 4, silently: true), .refusesSlowly(4)] as [MulticastServer.Service]
    )
    func deadline(service: MulticastServer.Service) async throws {
        try await stand.subscribe(1...400, onlyEvents: true)
        let fanOut = try await stand.publish(kinds: [.event, .chat(.link)], at: time.now)
        let server = MulticastServer(service) { [time] number in
            if number == 4 { time.advance(by: 7200) }
        }
        let dispatcher = try dispatcher(batch: 40, deadline: .seconds(3600))
        try await deliver(with: dispatcher, on: server)
        let ids = ids(server)
        #expect(ids.count == 400)
        #expect(ids.values.allSatisfy { $0.count == 1 })
        #expect(server.copies.contains { $0.body?.name == "body" })
        let stored = try await stand.fanOut(fanOut.id)
        #expect(stored.multicastEnd != nil)
        #expect((stored.state, stored.sent) == (.finished, 400))
    }

    @Test("what was refused once is not handed to the service again on another stream")
    func givenUpForEver() async throws {
        try await stand.subscribe(1...400, onlyEvents: true)
        let fanOut = try await stand.publish()
        let first = MulticastServer(.refuses(1...1000), diesAtWrite: 8)
        let dead = try dispatcher(batch: 40, window: 2)
        first.tell(dead.refusals)
        await #expect(throws: StreamClosed.self) { try await dead.run(on: first) }
        #expect(try await stand.fanOut(fanOut.id).multicastEnd != nil)
        #expect(try await stand.fanOut(fanOut.id).state != .finished)
        time.advance(by: 5)
        let second = MulticastServer(.works)
        try await deliver(with: try dispatcher(batch: 40, window: 2), on: second)
        #expect(second.stanzas == 0)
        let ids = ids(first, second)
        #expect(ids.count == 400)
        #expect(ids.values.allSatisfy { $0.count == 1 })
    }

    @Test("when no stream lasts it is held, and goes singly if somebody lets it go on")
    func unstable() async throws {
        try await stand.subscribe(1...400, onlyEvents: true)
        let fanOut = try await stand.publish()
        let dispatcher = try dispatcher(batch: 40, window: 2)
        for _ in 1...3 {
            let server = MulticastServer(.works, diesAtWrite: 1)
            await #expect(throws: StreamClosed.self) { try await dispatcher.run(on: server) }
            await dispatcher.streamEnded(.lost(.disconnected))
            time.advance(by: 5)
        }
        try await dispatcher.holdWhatIsStuck()
        let held = try await stand.fanOut(fanOut.id)
        #expect(held.state == .held)
        #expect(held.multicastEnd?.contains("no stream lasted") == true)
        _ = try await stand.store.write { try $0.resumeFanOut(fanOut.id) }
        let last = MulticastServer(.works)
        try await deliver(with: dispatcher, on: last)
        #expect(last.stanzas == 0)
        #expect(Set(last.copies.map(\.reader)).count == 400)
    }

    @Test("a refusal of something else changes nothing")
    func complaint() async throws {
        try await stand.subscribe(1...400, onlyEvents: true)
        let fanOut = try await stand.publish()
        let codec = StanzaIDCodec(key: (0..<22).map { UInt8($0) })
        let foreign = codec.id(for: .shared(by: SubscriptionRowID(rawValue: 1)))
        let server = MulticastServer(.complains(of: foreign, at: 4))
        try await deliver(with: try dispatcher(batch: 40, window: 2), on: server)
        #expect(server.copies.count == 400)
        #expect(server.copies.allSatisfy { $0.stanza != nil })
        #expect(try await stand.fanOut(fanOut.id).multicastEnd == nil)
    }

    @Test("who has other letters than ASCII in their address spoils nobody's stanza")
    func otherLetters() async throws {
        try await stand.subscribe(1...39, onlyEvents: true)
        try await stand.store.write { [stand] transaction in
            _ = try transaction.subscribe(
                try JID("rené@verona.lit"),
                to: stand.node,
                choice: DeliveryChoice(form: .event),
                at: .now
            )
        }
        try await stand.publish()
        let server = MulticastServer(.works)
        try await deliver(with: try dispatcher(), on: server)
        let single = server.copies.filter { $0.stanza == nil }
        #expect(single.map(\.reader) == ["rené@verona.lit"])
        #expect(server.copies.count == 40)
        // It is theirs alone.
        #expect(server.copies.count { $0.id == single.first?.id } == 1)
    }

    @Test("a death in the middle: it goes on by multicast or singly, with the same ids")
    func death() async throws {
        try await stand.subscribe(1...400, onlyEvents: true)
        try await stand.publish()
        let first = MulticastServer(.works, diesAtWrite: 6)
        await #expect(throws: StreamClosed.self) {
            try await dispatcher(batch: 40, window: 2).run(on: first)
        }
        time.advance(by: 5)
        // Another process, whose batches begin elsewhere.
        let second = MulticastServer(.works, diesAtWrite: 3)
        await #expect(throws: StreamClosed.self) {
            try await dispatcher(batch: 50, window: 1).run(on: second)
        }
        let third = MulticastServer(.missing)
        try await deliver(with: try dispatcher(multicast: .off), on: third)
        let ids = ids(first, second, third)
        #expect(ids.count == 400)
        #expect(ids.values.allSatisfy { $0.count == 1 })
        #expect(first.stanzas > 0 && second.stanzas > 0 && third.stanzas == 0)
        #expect(first.copies.count + second.copies.count + third.copies.count > 400)
    }

    // MARK: - What comes back

    private func delivered(_ count: Int = 300) async throws -> (
        dispatcher: Dispatcher, server: MulticastServer, fanOut: FanOutRecord
    ) {
        try await stand.subscribe(1...count, onlyEvents: true)
        let fanOut = try await stand.publish(at: time.now)
        let (dispatcher, server) = (try dispatcher(), MulticastServer(.works))
        try await deliver(with: dispatcher, on: server)
        return (dispatcher, server, fanOut)
    }

    private func error(
        _ condition: StanzaError.Condition,
        from sender: String,
        id: String?
    ) throws -> Message {
        Message(.error, id: id, from: try JID(sender), to: try JID("news.verona.lit")) {
            StanzaError(condition).element
        }
    }

    @Test("an error to a shared id is the sender's, if the id was theirs, and nobody else's")
    func errors() async throws {
        let (dispatcher, server, fanOut) = try await delivered()
        let id = server.copies.first { $0.reader == "r7@verona.lit" }?.id
        let romeo = try error(.remoteServerTimeout, from: "r7@verona.lit/orchard", id: id)
        #expect(try await dispatcher.bounced(romeo)?.reader.jid == JID("r7@verona.lit"))
        #expect(try await retries(fanOut) == ["r7@verona.lit"])
        // A stranger; a reader with another id; somebody who guesses.
        for (sender, id) in [
            ("tybalt@verona.lit", id), ("r290@verona.lit", id),
            ("r8@verona.lit", String(id?.reversed() ?? [])), ("news.verona.lit", id),
        ] {
            let error = try error(.gone, from: sender, id: id)
            #expect(try await dispatcher.bounced(error) == nil, "\(sender)")
        }
        #expect(try await retries(fanOut) == ["r7@verona.lit"])
        time.advance(by: 61)
        let again = MulticastServer(.works)
        try await dispatcher.retry(on: again)
        #expect(again.copies.map(\.reader) == ["r7@verona.lit"])
        #expect(again.copies.map(\.id) == [id])
        #expect(again.stanzas == 0)
    }

    @Test("an error is of the address it comes from, if that reads, and of none in a chat")
    func whoseError() async throws {
        let resources = (1...12).map { "romeo@verona.lit/\($0)" }
        for address in ["romeo@verona.lit"] + resources {
            try await stand.store.write { [stand] transaction in
                _ = try transaction.subscribe(
                    try JID(address),
                    to: stand.node,
                    choice: DeliveryChoice(form: .event),
                    at: .now
                )
            }
        }
        // The third reads in a chat.
        try await stand.subscribe(3...3)
        let fanOut = try await stand.publish(at: time.now)
        let (dispatcher, server) = (try dispatcher(), MulticastServer(.works))
        try await deliver(with: dispatcher, on: server)
        let id = server.copies.first { $0.stanza != nil }?.id
        for address in resources {
            let error = try error(.remoteServerTimeout, from: address, id: id)
            #expect(try await dispatcher.bounced(error)?.reader.jid == JID(address))
        }
        let chat = try error(.remoteServerTimeout, from: "r3@verona.lit/x", id: id)
        #expect(try await dispatcher.bounced(chat) == nil)
        #expect(try await retries(fanOut).sorted() == resources.sorted())
    }

    @Test("a refusal that comes when all is done lets those have it singly whose id it is")
    func lateRefusal() async throws {
        let (dispatcher, server, fanOut) = try await delivered()
        let id = server.copies.first { $0.reader == "r290@verona.lit" }?.id
        // Whoever says so and is not the service is not believed.
        for sender in ["r7@verona.lit/x", "verona.lit", "multicast.mantua.lit"] {
            _ = try await dispatcher.bounced([try error(.notAcceptable, from: sender, id: id)])
        }
        #expect(dispatcher.refusals.isEmpty)
        let refusal = try error(.notAcceptable, from: MulticastServer.service, id: id)
        _ = try await dispatcher.bounced([refusal])
        let again = MulticastServer(.works)
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: again) }
            group.addTask {
                while again.copies.count < 45 { try await Task.sleep(for: .milliseconds(2)) }
            }
            try await group.next()
            group.cancelAll()
        }
        #expect(Set(again.copies.map(\.reader)) == Set((256...300).map { "r\($0)@verona.lit" }))
        #expect(Set(again.copies.map(\.id)) == [id])
        #expect(again.stanzas == 0)
        #expect(try await retries(fanOut).count == 45)
    }

    @Test("a refusal that is too large to be read whole, of the whole stanza, is no less one")
    func oversizedRefusal() async throws {
        let (dispatcher, server, fanOut) = try await delivered()
        let id = server.copies.first { $0.reader == "r290@verona.lit" }?.id
        let envelope = Element(
            "message",
            ["type": "error", "from": MulticastServer.service, "to": "news.verona.lit", "id": id]
        )
        let again = MulticastServer(.works)
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: again) }
            group.addTask {
                // When there is nothing to do any more.
                try await Task.sleep(for: .milliseconds(200))
                dispatcher.refusals.note(.oversized(envelope, size: 1_000_000))
                for _ in 1...2000 where again.copies.count < 45 {
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            try await group.next()
            group.cancelAll()
        }
        #expect(Set(again.copies.map(\.reader)) == Set((256...300).map { "r\($0)@verona.lit" }))
        #expect(try await retries(fanOut).count == 45)
    }

    @Test("ids that readers share follow from their subscriptions, and from nothing else")
    func sharedPlaces() {
        typealias Place = StanzaIDCodec.Place
        let codec = StanzaIDCodec(key: (0..<22).map { UInt8($0) })
        for number in [1, 255, 256, 1_000_000, 1 << 54] as [Int64] {
            let reader = SubscriptionRowID(rawValue: number)
            let place = Place.shared(by: reader)
            #expect(codec.place(of: codec.id(for: place)) == place)
            #expect(place.sharers?.contains(number) == true)
            #expect(place.sharers?.count == 256)
            #expect(Place(subscription: reader).sharers == nil)
            #expect(Place(subscription: reader, part: 255).sharers == nil)
        }
        #expect(Place.shared(by: .start) != Place.shared(by: SubscriptionRowID(rawValue: 256)))
    }
}
