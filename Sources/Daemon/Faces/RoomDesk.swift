import Commands
import Component
import Logging
import Newsroom
import XMPP

/// The commands that editors give in one of the newsroom's rooms.
struct RoomDesk: Sendable {
    let room: RoomService
    /// Knows only the newsletters of this room.
    let dialogue: CommandDialogue
    /// Runs forms that come from the room's occupants.
    let commandDesk: CommandDesk
    /// The room's newsletter, if it has only one.
    let newsletter: String?
    /// Bytes of a line.
    let maximumLength: Int
    let queue: WorkQueue
    let damper: CommandDamper
    let logger: Logger

    func receive(_ stanza: Stanza) async {
        switch stanza {
        case .presence(let presence):
            await room.receive(presence)
        case .message(let message):
            guard let command = await room.receive(message) else { return }
            let texts = DaemonTexts.all.texts(in: command.language)
            switch damper.verdict(on: command) {
            case .ignore: return await room.dropped(command)
            case .warn:
                await room.dropped(command)
                return await say(texts("limit.answers"), replyTo: command)
            case .answer: break
            }
            guard command.line.utf8.count <= maximumLength else {
                let text = texts("limit.length", ["count": maximumLength])
                return await say(text, replyTo: command)
            }
            let isTaken = queue.add { await answer(command) }
            guard isTaken else {
                await room.dropped(command)
                return await say(texts("limit.queue"), replyTo: command)
            }
            await room.acknowledge(command)
        case .iq:
            break
        }
    }

    private func answer(_ command: RoomCommand) async {
        let responder = RoomResponder(room: room)
        let outcome = await dialogue.perform(
            command.line,
            by: command.invoker,
            on: .room(command.room),
            newsletter: newsletter,
            language: command.language,
            responder: responder
        )
        guard let outcome else { return }
        logger.info(
            "Command",
            metadata: [
                "room": "\(command.room)", "by": "\(command.invoker.displayName)",
                "line": "\(command.line.prefix(200))", "outcome": "\(outcome.word)",
            ]
        )
        await say(outcome.text, replyTo: command, approving: await responder.issue)
    }

    private func say(
        _ text: String,
        replyTo command: RoomCommand,
        approving issue: String? = nil
    ) async {
        do {
            try await room.say(text, replyTo: command, approving: issue)
        } catch {
            logger.warning("An answer was not said", metadata: ["reason": "\(error)"])
        }
    }
}

/// Says in a room what happens while a command works.
private actor RoomResponder: CommandResponder {
    nonisolated let speaksLater = true
    private let room: RoomService
    /// What a sign on the answer approves.
    private(set) var issue: String?

    init(room: RoomService) {
        self.room = room
    }

    func asksToApprove(_ issue: String) {
        self.issue = issue
    }

    func progress(_ text: String) async {
        _ = try? await room.say(text)
    }
}

/// Says something to one occupant of a room; elsewhere an answer is private anyway.
struct RoomWhispers: PrivateAnswers {
    let rooms: [JID: RoomService]

    func sendPrivately(
        _ text: String,
        to invocation: CommandInvocation
    ) async throws -> PrivatePlace? {
        guard case .room(let address) = invocation.face, let room = rooms[address] else {
            return nil
        }
        try await room.whisper(text, to: invocation.invoker.displayName)
        return .privateMessage
    }
}

/// The rooms that hear of published issues, each with the newsletters it hears of.
struct RoomAnnouncements: AnnouncementRooms {
    let rooms: [(newsletters: [String], service: RoomService)]

    func rooms(for newsletter: String) -> [JID] {
        rooms.filter { $0.newsletters.contains(newsletter) }.map(\.service.configuration.room)
    }

    func announce(
        _ text: String,
        in room: JID,
        answered: @escaping AnnouncementListener
    ) async throws {
        try await service(of: room)?.announce(text, answered: answered)
    }

    func retract(_ message: String?, saying text: String, in room: JID) async throws {
        try await service(of: room)?.retract(message, saying: text)
    }

    private func service(of room: JID) -> RoomService? {
        rooms.first { $0.service.configuration.room == room }?.service
    }
}

extension CommandOutcome {
    /// How it ended, for the log.
    var word: String {
        switch self {
        case .done: "done"
        case .refused: "refused"
        case .failed: "failed"
        case .question: "asked back"
        }
    }
}
