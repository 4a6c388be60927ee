import XMPP

/// What is said in the room, and what comes back of it.
extension RoomService {
    /// Says something to all in the room, as a reply if it answers a command.
    ///
    /// With `issue`, a 👍 on it approves that issue.
    ///
    /// - Returns: The id of the message.
    @discardableResult
    public func say(
        _ text: String,
        replyTo command: RoomCommand? = nil,
        approving issue: String? = nil
    ) async throws(RoomSpeechError) -> String {
        guard occupancy.nick != nil else { throw .notInRoom(status) }
        let message = speech.message(text, replyingTo: command?.original, approving: issue)
        lastWord = message.id
        try await send(message)
        return message.id ?? ""
    }

    /// Says something in place of what we said last, or anew if others have spoken since.
    ///
    /// - Parameters:
    ///   - text: The whole text as it is now.
    ///   - previous: The id that this or ``say(_:replyTo:)`` gave for the text before, if any.
    /// - Returns: By which id the next text can take the place of this one.
    /// - Throws: ``RoomSpeechError``.
    public func update(
        _ text: String,
        insteadOf previous: String?
    ) async throws(RoomSpeechError) -> String {
        guard let previous, previous == lastWord else { return try await say(text) }
        guard occupancy.nick != nil else { throw .notInRoom(status) }
        try await send(speech.correction(text, of: previous))
        return previous
    }

    /// Says something to all that may have to be taken back one day.
    ///
    /// It does not wait for the room. What that makes of it is told to the listener, once, and by
    /// ``run()``.
    public func announce(
        _ text: String,
        answered listener: @escaping AnnouncementListener
    ) async throws(RoomSpeechError) {
        guard occupancy.nick != nil else { throw .notInRoom(status) }
        let message = speech.message(text, replyingTo: nil)
        lastWord = message.id
        let id = message.id ?? ""
        giveUpAnnouncements { !speech.isSent($0) }
        // The room may answer before the stream says that it has been sent.
        announcements[id] = listener
        do {
            try await send(message)
        } catch {
            // If the stream has ended meanwhile, the listener knows already, and it may have been sent.
            guard announcements.removeValue(forKey: id) != nil else { return }
            throw error
        }
    }

    /// Takes such a message back (XEP-0424); says only the text where there is no id to name it by.
    public func retract(_ id: String?, saying text: String) async throws(RoomSpeechError) {
        guard let id else {
            try await say(text)
            return
        }
        guard occupancy.nick != nil else { throw .notInRoom(status) }
        let message = speech.retraction(of: id, saying: text)
        lastWord = message.id
        try await send(message)
    }

    /// What the room has made of an announcement, if the message was one.
    func answered(_ id: String, _ answer: AnnouncementAnswer) {
        guard let listener = announcements.removeValue(forKey: id) else { return }
        errandQueue.yield(.tell(listener, answer))
    }

    /// Nothing will be heard of them any more.
    func giveUpAnnouncements(where isLost: (_ id: String) -> Bool = { _ in true }) {
        for id in announcements.keys.filter(isLost) { answered(id, .unknown) }
    }

    /// Lets a sign count anew, since the command that it gave was not carried out.
    public func dropped(_ command: RoomCommand) {
        switch command.sign {
        case .approval(let message, let person): speech.dropped(signOf: person, at: message)
        case .news(let message): memory.putBack(message)
        case nil: break
        }
    }

    /// Shows at once that a command was heard, where the room has signs for that.
    public func acknowledge(_ command: RoomCommand) {
        guard let stream, occupancy.nick != nil,
            let message = speech.reaction(Self.receipt, to: command.original)
        else { return }
        errandQueue.yield(.send(.message(message), stream))
    }

    private static let receipt = "👀"

    /// Says something to one occupant alone, through the room (XEP-0045 §7.5).
    public func whisper(_ text: String, to nick: String) async throws(RoomSpeechError) {
        guard let stream, occupancy.nick != nil, let message = speech.whisper(text, to: nick) else {
            throw .notInRoom(status)
        }
        do {
            try await stream.send(.message(message))
        } catch {
            throw .streamClosed
        }
    }

    private func send(_ message: Message) async throws(RoomSpeechError) {
        guard let stream else { throw .notInRoom(status) }
        do {
            try await stream.send(.message(message))
        } catch {
            throw .streamClosed
        }
    }
}
