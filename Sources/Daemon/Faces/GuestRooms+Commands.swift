import Commands
import Newsroom
import Readers
import XMPP

/// What is said in rooms that read: the commands of their admins, and our words.
extension GuestRooms {
    /// Puts the command in the queue, and says at once what there is to say.
    func take(_ command: RoomCommand, of guest: Guest) async {
        let isShort = command.line.utf8.count <= maximumLength
        let isUnderstood =
            isShort
            && dialogue.understands(
                command.line,
                by: command.inNameOfRoom,
                on: .chat(contact: guest.newsletter.contact),
                language: command.language
            )
        let texts = DaemonTexts.all.texts(in: command.language)
        switch manners.verdict(on: command, isUnderstood: isUnderstood) {
        case .ignore: return
        case .onlyAdmins: return await say(.onlyAdmins, in: guest, replyTo: command)
        case .warn: return await say(texts("limit.answers"), in: guest, replyTo: command)
        case .answer: break
        }
        guard isShort else {
            let text = texts("limit.length", ["count": maximumLength])
            return await say(text, in: guest, replyTo: command)
        }
        let isTaken = queue.add { await self.answer(command) }
        if !isTaken { await say(texts("limit.queue"), in: guest, replyTo: command) }
    }

    private func answer(_ command: RoomCommand) async {
        let room = command.room
        guard let guest = guests[room] else { return }
        let outcome = await dialogue.perform(
            command.line,
            by: command.inNameOfRoom,
            on: .chat(contact: guest.newsletter.contact),
            newsletter: guest.newsletter.name,
            language: command.language,
            responder: Silence()
        )
        guard let outcome else { return }
        let isReader = try? await readers.reads(room)
        // What was said is true also after a crash.
        if isReader == true { await settled(in: room) }
        for text in cut(outcome.text) {
            await say(text, in: guest, replyTo: command)
        }
        if case .question = outcome { return }
        if isReader == false, guest.host == nil {
            await say(.farewell, in: guest)
            await leave(room)
        }
    }

    func say(
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
        await say(text, in: guest, replyTo: command)
    }

    private func say(_ text: String, in guest: Guest, replyTo command: RoomCommand?) async {
        _ = try? await guest.service.say(text, replyTo: command)
    }
}

extension RoomCommand {
    /// Its admins speak for the room, which is the reader.
    fileprivate var inNameOfRoom: Invoker {
        Invoker(role: .reader, jid: room, displayName: invoker.displayName)
    }
}

private struct Silence: CommandResponder {
    func progress(_ text: String) async {}
}
