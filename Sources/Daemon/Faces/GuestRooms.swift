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

    enum Event: Sendable {
        case invited(RoomInvitation)
        /// No more invitations like one that came are followed.
        case full(GuestRoomAlarm)
        /// It is time to see which rooms read.
        case round
        case enter(RoomService)
        case turn(RoomTurn, JID)
        /// An invitation was given so long to be decided about.
        case patienceIsOver(RoomService)
    }

    /// What the readers' commands are, given by a room's admins.
    let dialogue: CommandDialogue
    let readers: RoomReaders
    let newsletters: [Newsletter]
    /// Those that the configuration names, with the newsletter they read.
    let configured: [(room: JID, newsletter: String)]
    /// The editors' rooms, into which nobody invites us.
    let ownRooms: Set<JID>
    let limits: GuestLimits
    let queue: WorkQueue
    /// Bytes of a line.
    let maximumLength: Int
    var manners: GuestManners
    let cut: @Sendable (String) -> [String]
    /// Tells the newsrooms.
    private let alarm: @Sendable (GuestRoomAlarm) async throws -> Void
    /// The pause between two rounds.
    private let interval: Duration
    let logger: Logger
    var guests: [JID: Guest] = [:]
    /// The addresses that we are invited to and ask what they are.
    var lookedAt: Set<JID> = []
    /// Those that may have us though we do not want to be there, with our address in them: we were
    /// looking at them when the process before us ended, or had no stream to say goodbye on.
    var strays: [JID: JID] = [:]
    /// Those that have shown us out and could not be unsubscribed yet.
    var unwanted: Set<JID> = []
    /// Those of which it was said already that something is wrong with them.
    var complained: Set<JID> = []
    var stream: (any StanzaStream)?
    private let events: AsyncStream<Event>
    let eventQueue: AsyncStream<Event>.Continuation

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
        interval: Duration,
        logger: Logger,
        alarm: @escaping @Sendable (GuestRoomAlarm) async throws -> Void
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
        self.interval = interval
        self.logger = logger
        self.alarm = alarm
        (events, eventQueue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    /// Enters rooms and does what follows, until the task is cancelled; once in a life.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.keepTime() }
            for await event in events {
                switch event {
                case .invited(let invitation):
                    group.addTask { await self.visit(invitation) }
                case .enter(let service):
                    group.addTask { await service.run() }
                case .turn(.joined, let room):
                    await joined(room)
                case .turn(.missing, let room):
                    // One that reads may be there again tomorrow.
                    if guests[room]?.host != nil { await leave(room) }
                case .turn(.shownOut, let room):
                    await shownOut(of: room)
                case .round:
                    await goRound()
                case .full(let limit):
                    await tell(of: limit)
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

    private func keepTime() async {
        while !Task.isCancelled {
            eventQueue.yield(.round)
            try? await Task.sleep(for: interval)
        }
    }

    private func tell(of limit: GuestRoomAlarm) async {
        logger.warning(
            "We are invited to more rooms than we go to",
            metadata: ["domain": "\(limit.domain ?? "all")", "limit": "\(limit.limit)"]
        )
        do {
            try await alarm(limit)
        } catch {
            logger.error("The rooms were not told", metadata: ["reason": "\(error)"])
        }
    }
}

// MARK: - What arrives

extension GuestRooms {
    /// Learns which rooms may have us, before the stream opens: what comes through them is known for
    /// what it is from the first stanza.
    func prepare() async throws {
        let reading = Set(try await readers.all().map(\.room))
        for room in reading where !ownRooms.contains(room) { readers.rooms.add(room) }
        for (room, address) in try await readers.visits() where !ownRooms.contains(room) {
            if reading.contains(room) {
                try await readers.setVisit(to: room, as: nil)
            } else {
                readers.rooms.add(room)
                strays[room] = address
            }
        }
    }

    func streamOpened(_ stream: any StanzaStream) async {
        self.stream = stream
        await leaveStrays(on: stream)
        for guest in guests.values { await guest.service.streamOpened(stream) }
    }

    private func leaveStrays(on stream: any StanzaStream) async {
        for (room, address) in strays {
            guard let nick = address.resourcepart, let occupant = try? room.with(resourcepart: nick)
            else { continue }
            let goodbye = Presence(.unavailable, from: address, to: occupant)
            guard (try? await stream.send(.presence(goodbye))) != nil else { return }
            strays[room] = nil
            await forgetVisit(to: room)
            if guests[room] == nil { readers.rooms.remove(room) }
        }
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
    ///
    /// - Returns: What the inviter is answered as to; nil if we come, or nothing is to be said.
    @discardableResult
    func follow(_ invitation: RoomInvitation) -> Courtesy.Occasion? {
        let room = invitation.room
        guard takes(invitation) else { return .invitation }
        if let guest = guests[room] {
            guard guest.newsletter.contact == invitation.contact else { return .secondInvitation }
            guard invitation.password != nil else { return nil }
        } else if let limit = limitReached(by: room) {
            if manners.alarms(about: limit) {
                eventQueue.yield(.full(limit))
            }
            return .invitation
        }
        guard !lookedAt.contains(room), manners.follow(invitation) else { return nil }
        lookedAt.insert(room)
        eventQueue.yield(.invited(invitation))
        return nil
    }

    /// The limit that keeps us out of one more room; nil if none does.
    private func limitReached(by room: JID) -> GuestRoomAlarm? {
        let places = Set(guests.keys).union(lookedAt)
        guard places.count < limits.rooms else {
            return GuestRoomAlarm(domain: nil, limit: limits.rooms)
        }
        let domain = room.domainpart
        let neighbours = places.count { place in
            place.domainpart == domain && !configured.contains { $0.room == place }
        }
        guard neighbours < limits.roomsPerDomain else {
            return GuestRoomAlarm(domain: domain, limit: limits.roomsPerDomain)
        }
        // The last places are one for each domain: a handful of them must not take all.
        guard neighbours == 0 || limits.rooms - places.count > limits.rooms / 4 else {
            return GuestRoomAlarm(domain: domain, limit: neighbours)
        }
        return nil
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

/// Keeps us in the rooms that read, and leaves them before the stream is closed.
struct GuestRoomsService: Service {
    let rooms: GuestRooms

    func run() async throws {
        await cancelWhenGracefulShutdown { await rooms.run() }
    }
}
