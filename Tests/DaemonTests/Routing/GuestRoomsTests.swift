import Commands
import Component
import Logging
import Newsroom
import PubSub
import Publishing
import Readers
import Storage
import Synchronization
import Testing
import XML
import XMPP

@testable import Daemon

/// Rooms in which issues are announced: each way in, and each way out.
@Suite("Rooms that read")
struct GuestRoomsTests {
    private final class Mailbox<Value: Sendable>: Sendable {
        let list = Mutex<[Value]>([])
    }

    private final class Wire: StanzaStream {
        private let stanzas = Mutex<[Stanza]>([])

        var sent: [Stanza] { stanzas.withLock { $0 } }

        private let companion = Mutex<(@Sendable (Stanza) -> Void)?>(nil)

        func send(_ stanza: Stanza) async throws(StreamClosed) {
            companion.withLock { $0 }?(stanza)
            stanzas.withLock { $0.append(stanza) }
        }

        /// Happens from now on before something is sent.
        func onSending(_ body: @escaping @Sendable (Stanza) -> Void) {
            companion.withLock { $0 = body }
        }

        func write(_ bytes: [UInt8]) async throws(StreamClosed) {}

        /// Those that say that they are rooms; all others are people.
        let rooms: Set<String>

        init(rooms: Set<String>) {
            self.rooms = rooms
        }

        func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
            guard iq.payload?.namespace == .discoInfo, let address = iq.to else { throw .timedOut }
            guard rooms.contains(address.description) else {
                let person = DiscoInfo.Identity(category: "account", type: "registered")
                return iq.reply(with: DiscoInfo(identities: [person], features: []).element)
            }
            let room = DiscoInfo.Identity(category: "conference", type: "text")
            return iq.reply(with: DiscoInfo(identities: [room], features: [.muc]).element)
        }

        /// What was said in the room so far.
        var words: [String] {
            sent.compactMap { if case .message(let message) = $0 { message.body } else { nil } }
        }

        /// The type of the last presence.
        var presence: Presence.PresenceType? {
            sent.compactMap { if case .presence(let presence) = $0 { presence.type } else { nil } }
                .last
        }
    }

    enum Way: String, CaseIterable, CustomTestStringConvertible {
        case invitedByAdmin, wordOfAnAdmin, configured

        var testDescription: String { rawValue }
    }

    enum WayOut: String, CaseIterable, CustomTestStringConvertible {
        case stop, forgetMe, kicked, banned, destroyed

        var testDescription: String { rawValue }
    }

    private let wire = Wire(rooms: ["square@rooms.verona.lit", "alley@rooms.verona.lit"])
    private let queue = WorkQueue(bound: 100)
    private let store: Store
    private let newsletter: Newsletter
    private let gazette: Newsletter
    private let alarms = Mailbox<GuestRoomAlarm>()
    private let readers: RoomReaders
    private let office: ReaderOffice
    private let service: PubSubService
    private let square: JID
    private let capulet: JID

    init() async throws {
        store = try Store.inMemory()
        square = try JID("square@rooms.verona.lit")
        capulet = try JID("capulet@verona.lit")
        let service = PubSubService(
            domain: try JID("news.verona.lit"),
            settings: PubSubSettings(roomDomains: ["rooms.verona.lit"])
        )
        self.service = service
        let node = try #require(NodeID(rawValue: "dispatch-en"))
        newsletter = Newsletter(
            name: "dispatch",
            title: "The Dispatch",
            contact: try JID("dispatch@news.verona.lit"),
            defaultFeed: Newsletter.Feed(language: "en", node: node),
            author: "Friar Lorenzo"
        )
        let other = try #require(NodeID(rawValue: "gazette-en"))
        gazette = Newsletter(
            name: "gazette",
            title: "The Gazette",
            contact: try JID("gazette@news.verona.lit"),
            defaultFeed: Newsletter.Feed(language: "en", node: other),
            author: "Friar Lorenzo"
        )
        office = ReaderOffice(newsletters: [newsletter, gazette], service: service, store: store)
        readers = RoomReaders(office)
        try await store.write { transaction in
            for node in [node, other] {
                _ = try service.ensureNode(NodeDefinition(id: node, title: "x"), in: transaction)
            }
        }
    }

    /// The same database in another process.
    private init(after former: Self) {
        (store, service) = (former.store, former.service)
        (square, capulet) = (former.square, former.capulet)
        (newsletter, gazette) = (former.newsletter, former.gazette)
        office = ReaderOffice(newsletters: [newsletter, gazette], service: service, store: store)
        readers = RoomReaders(office)
    }

    private func rooms(
        configured: Bool = false,
        also others: [JID] = [],
        limit: Int = 10,
        perDomain: Int = 10,
        patience: Duration = .seconds(600)
    ) -> GuestRooms {
        var limits = GuestLimits()
        (limits.rooms, limits.roomsPerDomain, limits.patience) = (limit, perDomain, patience)
        let registry = CommandRegistry(
            ReaderCommands.all(office),
            vocabulary: Vocabulary([ReaderCommands.words])
        )
        return GuestRooms(
            readers: readers,
            dialogue: CommandDialogue(registry),
            newsletters: [newsletter, gazette],
            configured: (others + (configured ? [square] : [])).map { ($0, "dispatch") },
            ownRooms: [],
            limits: limits,
            queue: queue,
            maximumLength: 4_096,
            damper: CommandDamper(perMinute: 60),
            cut: { [$0] },
            interval: .milliseconds(10),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            alarm: { [alarms] alarm in alarms.list.withLock { $0.append(alarm) } }
        )
    }

    /// Waits until it is so; the bound only ends a test that hangs.
    private func until(_ isSo: () async throws -> Bool) async throws {
        for _ in 0..<12_000 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it never came to that; said was \(wire.words)")
    }

    // MARK: - What the room does

    private func presence(
        of nick: String,
        as affiliation: String,
        _ type: Presence.PresenceType = .available,
        jid: JID? = nil,
        codes: [String] = [],
        isDestroyed: Bool = false
    ) throws -> Stanza {
        .presence(
            Presence(type, from: try square.with(resourcepart: nick), to: newsletter.roomAddress) {
                Element("x", in: .mucUser) {
                    Element(
                        "item",
                        [
                            "affiliation": affiliation, "jid": jid?.description,
                            "role": type == .available ? "participant" : "none",
                        ]
                    )
                    for code in codes { Element("status", ["code": code]) }
                    if isDestroyed { Element("destroy") }
                }
            }
        )
    }

    /// The room lets us in, where Capulet is already.
    private func letIn(_ rooms: GuestRooms, capuletAs affiliation: String, shown: Bool) async throws
    {
        let jid = shown ? capulet : nil
        await rooms.receive(try presence(of: "capulet", as: affiliation, jid: jid), from: square)
        await rooms.receive(
            try presence(of: "The Dispatch", as: "none", codes: ["110"]),
            from: square
        )
    }

    private func say(_ words: String, in rooms: GuestRooms) async throws {
        let message = Message(
            .groupchat,
            id: "c\(wire.sent.count)",
            from: try square.with(resourcepart: "capulet"),
            to: newsletter.roomAddress,
            body: "The Dispatch: \(words)"
        )
        await rooms.receive(.message(message), from: square)
    }

    private func invitation(
        to room: String = "square@rooms.verona.lit",
        password: String? = nil,
        of invited: Newsletter? = nil
    ) throws -> RoomInvitation {
        let contact = (invited ?? newsletter).contact
        let message = Message(.normal, from: capulet, to: contact) {
            Element("x", in: .directInvitation, ["jid": room, "password": password])
        }
        return try #require(RoomInvitation(message))
    }

    private func enter(_ rooms: GuestRooms, by way: Way) async throws {
        await rooms.streamOpened(wire)
        if way != .configured { await rooms.follow(try invitation()) }
        try await until { wire.presence == .available }
        try await letIn(rooms, capuletAs: "owner", shown: way == .invitedByAdmin)
        if way == .wordOfAnAdmin {
            try await until { wire.words.contains { $0.contains("owner or admin") } }
            #expect(try await !readers.reads(square))
            try await say("subscribe", in: rooms)
        }
        try await until { try await readers.reads(square) }
    }

    // MARK: - Tests

    @Test(
        "a room that reads in whichever way ends it in whichever way, and we are gone",
        arguments: Way.allCases,
        WayOut.allCases
    )
    func matrix(way: Way, out: WayOut) async throws {
        let rooms = rooms(configured: way == .configured)
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            group.addTask { await queue.run() }
            try await enter(rooms, by: way)
            let subscription = try await store.read { try $0.subscriptions(of: square) }
            #expect(subscription.map(\.choice.form) == [.room])
            switch out {
            case .stop:
                try await say("stop", in: rooms)
            case .forgetMe:
                try await say("forget me", in: rooms)
                try await say("yes", in: rooms)
            case .kicked, .banned:
                let code = out == .kicked ? "307" : "301"
                let affiliation = out == .kicked ? "none" : "outcast"
                await rooms.receive(
                    try presence(
                        of: "The Dispatch",
                        as: affiliation,
                        .unavailable,
                        codes: ["110", code]
                    ),
                    from: square
                )
            case .destroyed:
                await rooms.receive(
                    try presence(
                        of: "The Dispatch",
                        as: "none",
                        .unavailable,
                        codes: ["110"],
                        isDestroyed: true
                    ),
                    from: square
                )
            }
            try await until { try await !readers.reads(square) }
            try await until { !readers.rooms.contains(square) }
            group.cancelAll()
        }
        // Configured or not: a room that has ended it is left alone.
        let again = self.rooms(configured: way == .configured)
        try await readers.addConfigured(square, to: newsletter)
        #expect(try await readers.reads(square) == (way != .configured))
        _ = again
    }

    @Test("who is no admin decides nothing, and is told")
    func strangers() async throws {
        let rooms = rooms()
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            await rooms.streamOpened(wire)
            await rooms.follow(try invitation())
            try await until { wire.presence == .available }
            try await letIn(rooms, capuletAs: "member", shown: true)
            try await until { wire.words.contains { $0.contains("otherwise I go in 10 minutes") } }
            try await say("subscribe", in: rooms)
            #expect(wire.words.last?.contains("owners and admins of the room only") == true)
            #expect(try await !readers.reads(square))
            group.cancelAll()
        }
    }

    @Test(
        "who is named as a room and is none stays a person: heard, subscribed, and in nobody's way"
    )
    func personAsRoom() async throws {
        let juliet = try JID("juliet@verona.lit")
        let (service, node) = (service, newsletter.defaultFeed.node)
        try await store.write { transaction in
            let chat = DeliveryChoice(form: .chat)
            _ = try service.subscribe(juliet, to: node, choice: chat, in: transaction)
        }
        let rooms = rooms(limit: 1)
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            await rooms.streamOpened(wire)
            await rooms.follow(try invitation(to: "juliet@verona.lit"))
            // The only place is free for a room as soon as she has said what she is.
            try await until {
                await rooms.follow(try invitation())
                return wire.presence == .available
            }
            group.cancelAll()
        }
        #expect(!readers.rooms.contains(juliet))
        #expect(!wire.sent.contains { $0.to?.bare == juliet })
        try await readers.remove(juliet)
        #expect(try await store.read { try $0.subscriptions(of: juliet).count } == 1)
        #expect(try await !readers.reads(juliet))
    }

    @Test("a room that never lets us in takes no place for ever")
    func neverLetIn() async throws {
        let rooms = rooms(patience: .milliseconds(1))
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            await rooms.streamOpened(wire)
            await rooms.follow(try invitation())
            try await until { wire.sent.contains { $0.to?.bare == square } }
            try await until { !readers.rooms.contains(square) }
            group.cancelAll()
        }
    }

    @Test("a room with a password goes on reading, and we come in when somebody tells it")
    func password() async throws {
        let rooms = rooms(configured: true)
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            try await enter(rooms, by: .configured)
            await rooms.streamEnded()
            await rooms.streamOpened(wire)
            await rooms.receive(
                .presence(
                    Presence(
                        .error,
                        from: try square.with(resourcepart: "The Dispatch"),
                        to: newsletter.roomAddress
                    ) { StanzaError(.notAuthorized, type: .auth).element }
                ),
                from: square
            )
            await rooms.follow(try invitation(password: "ring"))
            try await until {
                wire.sent.contains {
                    guard case .presence(let presence) = $0 else { return false }
                    return presence.child("x", in: .muc)?.child("password")?.text == "ring"
                }
            }
            #expect(try await readers.reads(square))
            #expect(readers.rooms.contains(square))
            group.cancelAll()
        }
    }

    @Test("a room that is not there for a while goes on reading, and is tried again")
    func missing() async throws {
        let rooms = rooms(configured: true)
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            try await enter(rooms, by: .configured)
            await rooms.streamEnded()
            await rooms.streamOpened(wire)
            await rooms.receive(
                try presence(of: "The Dispatch", as: "owner", codes: ["110", "201"]),
                from: square
            )
            try await until { wire.presence == .unavailable }
            await rooms.streamEnded()
            await rooms.streamOpened(wire)
            await rooms.receive(
                .presence(
                    Presence(
                        .error,
                        from: try square.with(resourcepart: "The Dispatch"),
                        to: newsletter.roomAddress
                    ) { StanzaError(.itemNotFound, type: .cancel).element }
                ),
                from: square
            )
            // An invitation is followed after what the room has said before.
            #expect(await rooms.follow(try invitation(to: "alley@rooms.verona.lit")) == nil)
            try await until { await rooms.guests.count == 2 }
            #expect(try await readers.reads(square))
            guard case .waiting(.locked, _)? = await rooms.guests[square]?.service.status else {
                Issue.record("it does not wait")
                return
            }
            group.cancelAll()
        }
    }

    @Test("a room whose reading was ended elsewhere is left")
    func endedElsewhere() async throws {
        let rooms = rooms()
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            try await enter(rooms, by: .invitedByAdmin)
            try await until { await rooms.guests[square]?.host == nil }
            try await readers.remove(square)
            try await until { wire.presence == .unavailable }
            try await until { !readers.rooms.contains(square) }
            group.cancelAll()
        }
    }

    @Test("a room that is not welcome keeps us out of no other, and is entered when it is")
    func blocked() async throws {
        let (service, node) = (service, newsletter.defaultFeed.node)
        let alley = try JID("alley@rooms.verona.lit")
        try await store.write { transaction in
            _ = try service.setBlocked(true, alley, at: node, in: transaction)
        }
        let rooms = rooms(configured: true, also: [alley])
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            await rooms.streamOpened(wire)
            try await until { wire.sent.contains { $0.to?.bare == square } }
            #expect(!wire.sent.contains { $0.to?.bare == alley })
            // While it is tried it is one for a moment.
            try await until { !readers.rooms.contains(alley) }
            try await store.write { transaction in
                _ = try service.setBlocked(false, alley, at: node, in: transaction)
            }
            try await until { wire.sent.contains { $0.to?.bare == alley } }
            group.cancelAll()
        }
    }

    @Test("until a room is told that we go, it is heard as a room")
    func goodbye() async throws {
        let (readers, square) = (readers, square)
        let wasRoom = Mailbox<Bool>()
        wire.onSending { stanza in
            guard case .presence(let presence) = stanza, presence.type == .unavailable else {
                return
            }
            wasRoom.list.withLock { $0.append(readers.rooms.contains(square)) }
        }
        let rooms = rooms(patience: .milliseconds(1))
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            await rooms.streamOpened(wire)
            await rooms.follow(try invitation())
            try await until { wire.presence == .unavailable }
            try await until { !readers.rooms.contains(square) }
            // What is still being stored is not to be cancelled.
            try await until { try await readers.visits().isEmpty }
            group.cancelAll()
        }
        #expect(wasRoom.list.withLock { $0 } == [true])
    }

    @Test("a room that we leave while there is no stream is told when there is one")
    func leftOffline() async throws {
        let rooms = rooms()
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            try await enter(rooms, by: .invitedByAdmin)
            try await until { await rooms.guests[square]?.host == nil }
            await rooms.streamEnded()
            try await readers.remove(square)
            try await until { await !rooms.strays.isEmpty }
            #expect(readers.rooms.contains(square))
            let next = Wire(rooms: [])
            await rooms.streamOpened(next)
            #expect(next.presence == .unavailable)
            #expect(!readers.rooms.contains(square))
            group.cancelAll()
        }
    }

    @Test("a room that we were looking at when the process was killed is left by the next one")
    func killed() async throws {
        let rooms = rooms()
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            await rooms.streamOpened(wire)
            await rooms.follow(try invitation())
            try await until { wire.presence == .available }
            group.cancelAll()
        }
        #expect(try await readers.visits().map(\.room) == [square])
        // The new process knows nothing.
        let next = Self(after: self)
        #expect(!next.readers.rooms.contains(square))
        let others = next.rooms()
        try await others.prepare()
        #expect(next.readers.rooms.contains(square))
        let second = Wire(rooms: [])
        await others.streamOpened(second)
        #expect(second.presence == .unavailable)
        #expect(second.sent.first?.to == (try square.with(resourcepart: "The Dispatch")))
        #expect(second.sent.first?.from == newsletter.roomAddress)
        #expect(!next.readers.rooms.contains(square))
        #expect(try await next.readers.visits().isEmpty)
    }

    @Test("nobody takes all places: a domain has so many, and beyond them the inviter is answered")
    func places() async throws {
        let names = ["a", "b", "c"].map { "\($0)@rooms.mantua.lit" }
        let wire = Wire(rooms: Set(names + [square.description]))
        let rooms = rooms(perDomain: 2)
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            await rooms.streamOpened(wire)
            for name in names.prefix(2) {
                #expect(await rooms.follow(try invitation(to: name)) == nil)
            }
            try await until { await rooms.guests.count == 2 }
            for _ in 1...3 {
                #expect(await rooms.follow(try invitation(to: names[2])) == .invitation)
            }
            #expect(await rooms.follow(try invitation()) == nil)
            try await until { await rooms.guests.count == 3 }
            try await until { !alarms.list.withLock { $0.isEmpty } }
            group.cancelAll()
        }
        #expect(
            alarms.list.withLock { $0 } == [GuestRoomAlarm(domain: "rooms.mantua.lit", limit: 2)]
        )
    }

    @Test("the last places are for domains that have none, so that a few can't take all")
    func lastPlaces() async throws {
        let full = (1...6).map { "r\($0)@rooms.mantua.lit" }
        let wire = Wire(rooms: Set(full + [square.description]))
        let rooms = rooms(limit: 8)
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            await rooms.streamOpened(wire)
            for name in full {
                #expect(await rooms.follow(try invitation(to: name)) == nil)
            }
            #expect(
                await rooms.follow(try invitation(to: "r7@rooms.mantua.lit")) == .invitation
            )
            #expect(await rooms.follow(try invitation()) == nil)
            try await until { await rooms.guests.count == 7 }
            group.cancelAll()
        }
    }

    @Test("a room reads one newsletter; who invites the second is told, and so is the operator")
    func secondNewsletter() async throws {
        let rooms = rooms()
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            try await enter(rooms, by: .invitedByAdmin)
            #expect(await rooms.follow(try invitation(of: gazette)) == .secondInvitation)
            #expect(await rooms.follow(try invitation()) == nil)
            group.cancelAll()
        }
        await #expect(throws: RoomReadsAnother.self) {
            try await readers.addConfigured(square, to: gazette)
        }
        #expect(try await readers.all().map(\.newsletter.name) == ["dispatch"])
    }

    @Test("a room that there was not is left again, and where no room is wanted none is entered")
    func refused() async throws {
        let rooms = rooms()
        try await withThrowingTaskGroup { group in
            group.addTask { await rooms.run() }
            await rooms.streamOpened(wire)
            await rooms.follow(try invitation())
            try await until { wire.presence == .available }
            await rooms.receive(
                try presence(of: "The Dispatch", as: "owner", codes: ["110", "201"]),
                from: square
            )
            try await until { wire.presence == .unavailable }
            group.cancelAll()
        }
        #expect(!self.rooms(limit: 0).takes(try invitation()))
        #expect(self.rooms().takes(try invitation()))
    }
}

@Suite("Invitations to rooms")
struct RoomInvitationTests {
    @Test("somebody's, the room's, with a password, and what is none (XEP-0249, XEP-0045 §7.8.2)")
    func invitations() throws {
        let (contact, room) = (try JID("dispatch@news.verona.lit"), try JID("square@rooms.lit"))
        let capulet = try JID("capulet@verona.lit/hall")
        func read(from sender: JID, _ payload: Element) -> RoomInvitation? {
            RoomInvitation(Message(.normal, from: sender, to: contact) { payload })
        }
        let direct = read(
            from: capulet,
            Element("x", in: .directInvitation, ["jid": "square@rooms.lit", "password": "ring"])
        )
        #expect(direct?.room == room)
        #expect(direct?.inviter == capulet.bare)
        #expect(direct?.password == "ring")
        let mediated = read(
            from: room,
            Element("x", in: .mucUser) {
                Element("invite", ["from": capulet.description])
                Element("password") { "ring" }
            }
        )
        #expect(mediated?.room == room && mediated?.inviter == capulet.bare)
        #expect(mediated?.password == "ring")
        #expect(mediated?.voucher != direct?.voucher, "nobody vouches for what a room says")
        #expect(read(from: room, Element("x", in: .mucUser) { Element("decline") }) == nil)
        #expect(read(from: capulet, Element("x", in: .directInvitation)) == nil)
    }
}
