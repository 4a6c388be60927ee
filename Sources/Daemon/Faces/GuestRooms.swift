import Commands
import Component
import Logging
import Newsroom
import Publishing
import Readers
import ServiceLifecycle
import XML
import XMPP

/// The rooms in which issues are announced to whoever is there: brings us in when we are invited,
/// hears the room's admins, and takes us out when we are not wanted.
///
/// What a room reads is a subscription like any other, and so is how it gets it.
actor GuestRooms {
    struct Guest {
        let service: RoomService
        let newsletter: Newsletter
        /// Who has invited us, as long as nobody has decided that we stay.
        var host: JID?
    }

    private enum Event: Sendable {
        case invited(RoomInvitation)
        case enter(RoomService)
        case turn(RoomTurn, JID)
        /// An invitation was given so long to be decided about.
        case patienceIsOver(RoomService)
    }

    /// What the readers' commands are, given by a room's admins.
    let dialogue: CommandDialogue
    let readers: RoomReaders
    private let newsletters: [Newsletter]
    /// Those that the configuration names, with the newsletter they read.
    private let configured: [(room: JID, newsletter: String)]
    /// The editors' rooms, into which nobody invites us.
    private let ownRooms: Set<JID>
    private let limits: GuestLimits
    let queue: WorkQueue
    /// Bytes of a line.
    let maximumLength: Int
    var manners: GuestManners
    let cut: @Sendable (String) -> [String]
    private let logger: Logger
    var guests: [JID: Guest] = [:]
    /// The addresses that we are invited to and ask what they are.
    private var lookedAt: Set<JID> = []
    private var stream: (any StanzaStream)?
    private let events: AsyncStream<Event>
    private let eventQueue: AsyncStream<Event>.Continuation

    init(
        readers: RoomReaders,
        dialogue: CommandDialogue,
        newsletters: [Newsletter],
        configured: [(room: JID, newsletter: String)],
        ownRooms: Set<JID>,
        limits: GuestLimits,
        queue: WorkQueue,
        maximumLength: Int,
        damper: CommandDamper,
        cut: @escaping @Sendable (String) -> [String],
        logger: Logger
    ) {
        self.readers = readers
        self.dialogue = dialogue
        self.newsletters = newsletters
        self.configured = configured
        self.ownRooms = ownRooms
        self.limits = limits
        self.queue = queue
        self.maximumLength = maximumLength
        manners = GuestManners(limits, damper)
        self.cut = cut
        self.logger = logger
        (events, eventQueue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    /// Enters rooms and does what follows, until the task is cancelled; once in a life.
    func run() async {
        await withDiscardingTaskGroup { group in
            await open()
            for await event in events {
                switch event {
                case .invited(let invitation):
                    group.addTask { await self.visit(invitation) }
                case .enter(let service):
                    group.addTask { await service.run() }
                case .turn(.joined, let room):
                    await joined(room)
                case .turn(.made, let room), .turn(.shownOut, let room):
                    await shownOut(of: room)
                case .patienceIsOver(let service):
                    let room = service.configuration.room
                    guard let guest = guests[room], guest.host != nil, guest.service === service
                    else { continue }
                    await leave(room)
                }
            }
            group.cancelAll()
        }
        for guest in guests.values { await guest.service.leave() }
    }

    /// Takes up the rooms that read already, and those of the configuration.
    private func open() async {
        do {
            for (room, name) in configured {
                guard let newsletter = newsletters.first(where: { $0.name == name }) else {
                    continue
                }
                try await readers.addConfigured(room, to: newsletter)
            }
            for (room, newsletter) in try await readers.all() where !ownRooms.contains(room) {
                await enter(
                    room,
                    for: newsletter,
                    password: try await readers.password(of: room)
                )
            }
        } catch {
            logger.error("The rooms that read were not entered", metadata: ["reason": "\(error)"])
        }
    }
}

// MARK: - What arrives

extension GuestRooms {
    func streamOpened(_ stream: any StanzaStream) async {
        self.stream = stream
        for guest in guests.values { await guest.service.streamOpened(stream) }
    }

    func streamEnded() async {
        stream = nil
        for guest in guests.values { await guest.service.streamEnded() }
    }

    /// Whether an invitation is followed; otherwise somebody should be told that it is not.
    nonisolated func takes(_ invitation: RoomInvitation) -> Bool {
        limits.rooms > 0 && !ownRooms.contains(invitation.room)
            && newsletters.contains { $0.contact == invitation.contact }
    }

    /// Goes to see the room; whether we stay is for its admins to say.
    ///
    /// Where we are already, an invitation helps only if it brings the password.
    func follow(_ invitation: RoomInvitation) {
        let isKnown = guests[invitation.room] != nil
        guard takes(invitation), isKnown ? invitation.password != nil : isPlaceLeft,
            !lookedAt.contains(invitation.room), manners.follow(invitation)
        else { return }
        lookedAt.insert(invitation.room)
        eventQueue.yield(.invited(invitation))
    }

    private var isPlaceLeft: Bool {
        guests.count + lookedAt.count < limits.rooms
    }

    func receive(_ stanza: Stanza, from room: JID) async {
        guard let guest = guests[room] else { return }
        switch stanza {
        case .presence(let presence):
            await guest.service.receive(presence)
        case .message(let message):
            guard let command = await guest.service.receive(message) else { return }
            await take(command, of: guest)
        case .iq:
            break
        }
    }
}

// MARK: - Coming and going

extension GuestRooms {
    /// Follows an invitation, and gives the room its time to decide.
    private func visit(_ invitation: RoomInvitation) async {
        let undecided = await enter(by: invitation)
        lookedAt.remove(invitation.room)
        guard let undecided, (try? await Task.sleep(for: limits.patience)) != nil else { return }
        eventQueue.yield(.patienceIsOver(undecided))
    }

    /// Enters what we are invited to, if it is a room.
    ///
    /// Anybody can name any address as a room; from then on it would only be heard as one.
    ///
    /// - Returns: What sits there now, if it is still to be decided whether we stay.
    private func enter(by invitation: RoomInvitation) async -> RoomService? {
        let room = invitation.room
        guard let newsletter = newsletters.first(where: { $0.contact == invitation.contact }),
            await isRoom(room, asks: newsletter)
        else {
            logger.debug("An invitation leads to no room")
            return nil
        }
        var host: JID? = invitation.inviter
        if let guest = guests[room] {
            guard case .waiting(.passwordRequired, _) = await guest.service.status else {
                return nil
            }
            host = guest.host
            await leave(room)
        }
        await enter(room, for: newsletter, host: host, password: invitation.password)
        return host == nil ? nil : guests[room]?.service
    }

    /// Whether the address says that it is a room (XEP-0045 §6.4).
    private func isRoom(_ address: JID, asks newsletter: Newsletter) async -> Bool {
        guard let stream else { return false }
        let question = IQ(
            .get,
            id: "",
            from: newsletter.roomAddress,
            to: address,
            payload: Element("query", in: .discoInfo)
        )
        guard let reply = try? await stream.request(question), reply.error == nil,
            let info = reply.payload.map(DiscoInfo.init)
        else { return false }
        return info.features.contains(.muc)
            && info.identities.contains { $0.category == "conference" }
    }

    private func enter(
        _ room: JID,
        for newsletter: Newsletter,
        host: JID? = nil,
        password: String? = nil
    ) async {
        guard let address = newsletter.roomAddress, let nick = address.resourcepart,
            var configuration = try? RoomConfiguration(
                room: room,
                contact: newsletter.contact,
                nick: nick,
                password: password
            )
        else { return }
        configuration.hearsMarks = false
        configuration.carriesDeliveries = true
        configuration.language = newsletter.defaultFeed.language
        let service = RoomService(
            configuration,
            rights: RightsTable(rooms: [room: [.owner: .publisher, .admin: .publisher]]),
            logger: logger
        ) { [eventQueue] in
            eventQueue.yield(.turn($0, room))
        }
        guests[room] = Guest(service: service, newsletter: newsletter, host: host)
        readers.rooms.add(room)
        eventQueue.yield(.enter(service))
        if let stream { await service.streamOpened(stream) }
    }

    /// Begins if one of the room's admins has invited us, and asks if we can't tell.
    private func joined(_ room: JID) async {
        guard let guest = guests[room] else { return }
        guard let host = guest.host else { return await settled(in: room) }
        guard await guest.service.shows(host, as: [.owner, .admin]) else {
            return await say(.question(minutes: Int(limits.patience / .seconds(60))), in: guest)
        }
        do {
            try await readers.add(room, to: guest.newsletter)
            await settled(in: room)
            await say(.begun, in: guest)
        } catch {
            logger.error("A room was not subscribed", metadata: ["reason": "\(error)"])
            await leave(room)
        }
    }

    /// Takes it that we stay, and remembers the password we came in with.
    func settled(in room: JID) async {
        guests[room]?.host = nil
        await remember(guests[room]?.service.configuration.password, of: room)
    }

    private func remember(_ password: String?, of room: JID) async {
        do {
            try await readers.setPassword(password, of: room)
        } catch {
            logger.error("A room's password was not stored", metadata: ["reason": "\(error)"])
        }
    }

    private func shownOut(of room: JID) async {
        do {
            try await readers.remove(room)
        } catch {
            logger.error("A room was not unsubscribed", metadata: ["reason": "\(error)"])
        }
        await leave(room)
    }

    func leave(_ room: JID) async {
        readers.rooms.remove(room)
        await remember(nil, of: room)
        await guests.removeValue(forKey: room)?.service.end()
    }
}

/// Keeps us in the rooms that read, and leaves them before the stream is closed.
struct GuestRoomsService: Service {
    let rooms: GuestRooms

    func run() async throws {
        await cancelWhenGracefulShutdown { await rooms.run() }
    }
}
