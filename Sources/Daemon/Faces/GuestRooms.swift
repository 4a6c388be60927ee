import Commands
import Component
import Logging
import Newsroom
import Publishing
import Readers
import ServiceLifecycle
import XMPP

/// The rooms in which issues are announced to whoever is there: brings us in when we are invited,
/// hears the room's admins, and takes us out when we are not wanted.
///
/// What a room reads is a subscription like any other, and so is how it gets it.
actor GuestRooms {
    private struct Guest {
        let service: RoomService
        let newsletter: Newsletter
        /// Who has invited us, as long as nobody has decided that we stay.
        var host: JID?
    }

    private enum Event: Sendable {
        case enter(RoomService)
        case turn(RoomTurn, JID)
        case patienceIsOver(JID)
    }

    /// What the readers' commands are, given by a room's admins.
    private let dialogue: CommandDialogue
    private let readers: RoomReaders
    private let newsletters: [Newsletter]
    /// Those that the configuration names, with the newsletter they read.
    private let configured: [(room: JID, newsletter: String)]
    /// The editors' rooms, into which nobody invites us.
    private let ownRooms: Set<JID>
    private let limit: Int
    private let patience: Duration
    private let cut: @Sendable (String) -> [String]
    private let logger: Logger
    private var guests: [JID: Guest] = [:]
    private var stream: (any StanzaStream)?
    private let events: AsyncStream<Event>
    private let queue: AsyncStream<Event>.Continuation

    init(
        readers: RoomReaders,
        dialogue: CommandDialogue,
        newsletters: [Newsletter],
        configured: [(room: JID, newsletter: String)],
        ownRooms: Set<JID>,
        limit: Int,
        patience: Duration = .seconds(600),
        cut: @escaping @Sendable (String) -> [String],
        logger: Logger
    ) {
        self.readers = readers
        self.dialogue = dialogue
        self.newsletters = newsletters
        self.configured = configured
        self.ownRooms = ownRooms
        self.limit = limit
        self.patience = patience
        self.cut = cut
        self.logger = logger
        (events, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    /// Enters rooms and does what follows, until the task is cancelled; once in a life.
    func run() async {
        await withDiscardingTaskGroup { group in
            await open()
            for await event in events {
                switch event {
                case .enter(let service):
                    group.addTask { await service.run() }
                case .turn(.joined, let room):
                    await joined(room, &group)
                case .turn(.made, let room), .turn(.shownOut, let room):
                    await shownOut(of: room)
                case .patienceIsOver(let room):
                    guard guests[room]?.host != nil else { continue }
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
            for (room, newsletter) in try await readers.all() {
                await enter(room, for: newsletter)
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
        limit > 0 && !ownRooms.contains(invitation.room)
            && newsletters.contains { $0.contact == invitation.contact }
    }

    /// Goes to see the room; whether we stay is for its admins to say.
    func follow(_ invitation: RoomInvitation) async {
        guard takes(invitation), guests[invitation.room] == nil, guests.count < limit,
            let newsletter = newsletters.first(where: { $0.contact == invitation.contact })
        else { return }
        await enter(
            invitation.room,
            for: newsletter,
            host: invitation.inviter,
            password: invitation.password
        )
    }

    func receive(_ stanza: Stanza, from room: JID) async {
        guard let guest = guests[room] else { return }
        switch stanza {
        case .presence(let presence):
            await guest.service.receive(presence)
        case .message(let message):
            guard let command = await guest.service.receive(message) else { return }
            await answer(command, of: guest)
        case .iq:
            break
        }
    }
}

// MARK: - Coming and going

extension GuestRooms {
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
        configuration.language = newsletter.defaultFeed.language
        let service = RoomService(
            configuration,
            rights: RightsTable(rooms: [room: [.owner: .publisher, .admin: .publisher]]),
            logger: logger
        ) { [queue] in
            queue.yield(.turn($0, room))
        }
        guests[room] = Guest(service: service, newsletter: newsletter, host: host)
        readers.rooms.add(room)
        queue.yield(.enter(service))
        if let stream { await service.streamOpened(stream) }
    }

    /// Begins if one of the room's admins has invited us, and asks if we can't tell.
    private func joined(_ room: JID, _ group: inout DiscardingTaskGroup) async {
        guard let guest = guests[room], let host = guest.host else { return }
        guard await guest.service.shows(host, as: [.owner, .admin]) else {
            await say(.question(minutes: Int(patience / .seconds(60))), in: guest)
            group.addTask { [patience, queue] in
                try? await Task.sleep(for: patience)
                queue.yield(.patienceIsOver(room))
            }
            return
        }
        do {
            try await readers.add(room, to: guest.newsletter)
            guests[room]?.host = nil
            await say(.begun, in: guest)
        } catch {
            logger.error("A room was not subscribed", metadata: ["reason": "\(error)"])
            await leave(room)
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

    private func leave(_ room: JID) async {
        readers.rooms.remove(room)
        await guests.removeValue(forKey: room)?.service.end()
    }
}

// MARK: - What admins say

extension GuestRooms {
    private func answer(_ command: RoomCommand, of guest: Guest) async {
        let room = command.room
        guard command.invoker.role >= .publisher else {
            return await say(.onlyAdmins, in: guest, replyTo: command)
        }
        let outcome = await dialogue.perform(
            command.line,
            by: Invoker(role: .reader, jid: room, displayName: command.invoker.displayName),
            on: .chat(contact: guest.newsletter.contact),
            newsletter: guest.newsletter.name,
            language: command.language,
            responder: Silence()
        )
        guard let outcome else { return }
        for text in cut(outcome.text) {
            _ = try? await guest.service.say(text, replyTo: command)
        }
        if case .question = outcome { return }
        guard let isReader = try? await readers.reads(room) else { return }
        if isReader {
            guests[room]?.host = nil
        } else if guest.host == nil {
            await say(.farewell, in: guest)
            await leave(room)
        }
    }

    private func say(
        _ words: RoomWords,
        in guest: Guest,
        replyTo command: RoomCommand? = nil
    ) async {
        let configuration = guest.service.configuration
        let text = words.text(
            about: guest.newsletter,
            nick: configuration.nick,
            in: command?.language ?? configuration.language
        )
        _ = try? await guest.service.say(text, replyTo: command)
    }
}

private struct Silence: CommandResponder {
    func progress(_ text: String) async {}
}

/// Keeps us in the rooms that read, and leaves them before the stream is closed.
struct GuestRoomsService: Service {
    let rooms: GuestRooms

    func run() async throws {
        await cancelWhenGracefulShutdown { await rooms.run() }
    }
}
