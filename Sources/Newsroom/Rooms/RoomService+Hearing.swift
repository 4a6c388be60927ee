import Commands
public import XMPP

/// What we make of what is said in the room.
extension RoomService {
    /// Hears a message from the room; the command in it, if it is one.
    public func receive(_ message: Message) -> RoomCommand? {
        guard message.from?.bare == configuration.room, let nick = occupancy.nick else {
            return nil
        }
        if let error = message.error {
            bounced(message, error)
            return nil
        }
        if message.type == .groupchat {
            occupancy.heard(at: stopwatch.now)
            let isOurs = message.id.map(speech.isSent) ?? false
            if isOurs, message.from?.resourcepart == nick, let id = message.id {
                let stanzaID = message.stanzaID(by: configuration.room)
                if let stanzaID { speech.reflected(id, as: stanzaID) }
                answered(id, .told(as: stanzaID))
            }
            if message.body != nil, !isOurs { lastWord = nil }
        }
        let listening = RoomListening(
            nick: nick,
            room: configuration.room,
            isSent: speech.isSent,
            hearsMarks: configuration.hearsMarks
        )
        if let said = listening.said(in: message) { memory.remember(said) }
        switch listening.hear(message) {
        case .command(let line, let original):
            return command(line, original, in: message)
        case .reaction(let signs, let id, let original):
            // Whoever may not approve may still like what we say.
            let occupant = speaker(of: message, nick: original.nick)
            guard role(of: occupant) >= .editor else { return nil }
            if let told = told(by: signs, at: id) {
                return RoomCommand(
                    room: configuration.room,
                    line: told.newsLine,
                    invoker: command("", original, in: message).invoker,
                    language: language(of: message),
                    original: told,
                    sign: .news(message: id)
                )
            }
            let person =
                vouchedID(of: occupant) ?? occupant?.realJID?.bare.description ?? original.nick
            guard let line = speech.command(by: signs, of: person, at: id) else { return nil }
            var approval = command(line, original, in: message)
            approval.sign = .approval(message: id, person: person)
            return approval
        case .privateMessage(let nick):
            hint(to: nick, in: language(of: message))
            return nil
        case .nothing:
            return nil
        }
    }

    private func command(
        _ line: String,
        _ original: RoomMessage,
        in message: Message
    ) -> RoomCommand {
        let occupant = speaker(of: message, nick: original.nick)
        return RoomCommand(
            room: configuration.room,
            line: line,
            invoker: Invoker(
                role: role(of: occupant),
                jid: occupant?.realJID,
                displayName: original.nick,
                occupantID: vouchedID(of: occupant),
                room: configuration.room
            ),
            language: language(of: message),
            original: original,
            isReply: message.child("reply", in: .reply) != nil
        )
    }

    /// What the client says if we have texts in it, else what the room speaks.
    private func language(of message: Message) -> String {
        if let said = message.xmlLang, CommandTexts.has(said) { return said }
        return configuration.language
    }

    /// The message that one of the signs says is news, if nobody has said so before.
    private func told(by signs: [String], at id: String) -> RoomMessage? {
        guard let sign = configuration.newsSign.map(RoomSign.init),
            signs.contains(where: { RoomSign($0) == sign })
        else { return nil }
        return memory.collect(id)
    }

    /// Who holds the nick; nobody if the message bears another occupant's id (XEP-0421 §3).
    private func speaker(of message: Message, nick: String) -> Occupant? {
        guard let occupant = occupancy.occupant(named: nick) else { return nil }
        let id = message.child("occupant-id", in: .occupantID)?["id"]
        if let id, let known = occupant.occupantID, id != known { return nil }
        return occupant
    }

    private func bounced(_ message: Message, _ error: StanzaError) {
        guard message.from == configuration.room, let id = message.id,
            configuration.carriesDeliveries || speech.isSent(id)
        else { return }
        answered(id, .refused(error))
        carryOut(occupancy.bounced(error, at: stopwatch.now))
    }

    private func hint(to nick: String, in language: String) {
        guard let stream, hinted.count < Self.mostHints, hinted.insert(nick).inserted,
            let message = speech.hint(to: nick, in: language)
        else { return }
        errandQueue.yield(.send(.message(message), stream))
    }
}
