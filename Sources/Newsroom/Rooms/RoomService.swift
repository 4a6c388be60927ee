public import Commands
public import Component
public import Logging
import XML
public import XMPP

/// Sits in one room: keeps us in it, hears commands, and says what there is to say.
///
/// The daemon hands it the stanzas that come from the room to ``RoomConfiguration/address``, in
/// order, and answers pings to that address: the room sends ours back to us.
public actor RoomService {
    public nonisolated let configuration: RoomConfiguration
    private var rights: RightsTable
    private var occupancy: Occupancy
    private var speech: RoomSpeech
    private var stream: (any StanzaStream)?
    /// Our last message, as long as nobody has said anything after it in this visit.
    private var lastWord: String?
    /// Who was told already to write in the room; told once, so that two bots don't talk for ever.
    private var hinted: Set<String> = []
    private static let mostHints = 100
    /// Whether the room says that it knows hats, and so lets nobody put one on; nil until it says.
    private(set) var knowsHats: Bool?
    /// Counts how often we came in.
    private var visit = 0
    /// How long to wait before a room that did not say is asked again; twice as long each time.
    private static let hatPauses = (first: Duration.seconds(60), longest: Duration.seconds(3600))
    /// Who is told what the room makes of our announcements, by their ids.
    private var announcements: [String: AnnouncementListener] = [:]
    /// When ``run()`` will wake the state machine; an alarm is set only if none rings earlier.
    private var alarms: [Duration] = []
    /// The room's last messages, which a sign may point at.
    private var memory: RoomMemory
    private let errands: AsyncStream<Errand>
    private let errandQueue: AsyncStream<Errand>.Continuation
    private let stopwatch: Stopwatch
    private let turned: @Sendable (RoomTurn) -> Void
    private let logger: Logger

    /// What takes time, and so is left to ``run()``.
    private enum Errand {
        case send(Stanza, any StanzaStream)
        case request(IQ, any StanzaStream, then: FollowUp)
        case discover(any StanzaStream)
        case wake(at: Duration)
        case tell(AnnouncementListener, AnnouncementAnswer)
    }

    private enum FollowUp {
        case pingAnswered(number: Int)
        case configured
    }

    public init(
        _ configuration: RoomConfiguration,
        rights: RightsTable,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger,
        turned: @escaping @Sendable (RoomTurn) -> Void = { _ in }
    ) {
        self.turned = turned
        self.configuration = configuration
        self.rights = rights
        occupancy = Occupancy(configuration)
        speech = RoomSpeech(configuration)
        let remembered = configuration.rememberedMessages
        memory = RoomMemory(limit: configuration.newsSign == nil ? 0 : remembered)
        stopwatch = Stopwatch(clock)
        var logger = logger
        logger[metadataKey: "room"] = "\(configuration.room)"
        self.logger = logger
        // Far more than the state machine and the hints can have open at once.
        (errands, errandQueue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1024))
    }

    /// Sends, asks and waits, until the task is cancelled; once in a life.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for await errand in errands {
                switch errand {
                case .send(let stanza, let stream):
                    // A stream that is over has told so, or will in a moment.
                    try? await stream.send(stanza)
                case .request(let iq, let stream, let followUp):
                    group.addTask { await self.request(iq, on: stream, then: followUp) }
                case .discover(let stream):
                    group.addTask { await self.discover(on: stream) }
                case .wake(let moment):
                    group.addTask { await self.wake(at: moment) }
                case .tell(let listener, let answer):
                    group.addTask { await listener(answer) }
                }
            }
            group.cancelAll()
        }
    }
}

// MARK: - What the daemon tells

extension RoomService {
    public func streamOpened(_ stream: any StanzaStream) {
        self.stream = stream
        carryOut(occupancy.streamOpened(at: stopwatch.now))
    }

    public func streamEnded() {
        announcements = [:]
        stream = nil
        lastWord = nil
        hinted = []
        occupancy.streamEnded()
    }

    public func update(rights: RightsTable) {
        self.rights = rights
        if occupancy.nick != nil, knowsHats == nil { askForHats() }
    }

    public func receive(_ presence: Presence) {
        carryOut(occupancy.received(presence, at: stopwatch.now))
    }

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
                    language: message.xmlLang ?? configuration.language,
                    original: told,
                    sign: .news(message: id)
                )
            }
            let person =
                occupant?.occupantID ?? occupant?.realJID?.bare.description ?? original.nick
            guard let line = speech.command(by: signs, of: person, at: id) else { return nil }
            var approval = command(line, original, in: message)
            approval.sign = .approval(message: id, person: person)
            return approval
        case .privateMessage(let nick):
            hint(to: nick, in: message.xmlLang ?? configuration.language)
            return nil
        case .nothing:
            return nil
        }
    }

    /// Leaves the room for good: ``run()`` ends.
    public func end() async {
        await leave()
        errandQueue.finish()
    }

    /// Leaves the room before the stream is closed.
    public func leave() async {
        guard let stream else { return }
        for case .send(let presence) in occupancy.leave() {
            try? await stream.send(.presence(presence))
        }
    }
}

// MARK: - What others ask

extension RoomService {
    /// Who holds the nick at this moment, with the role that the room's presence gives.
    public func invoker(named nick: String) -> Invoker {
        let occupant = occupancy.occupant(named: nick)
        return Invoker(
            role: role(of: occupant),
            jid: occupant?.realJID,
            displayName: nick,
            occupantID: occupant?.occupantID
        )
    }

    /// Who is in the room now, with the roles that its presence gives; ourselves left out.
    public var present: [Invoker] {
        occupancy.nicks.filter { $0 != occupancy.nick }.map(invoker)
    }

    public var status: RoomStatus {
        occupancy.status(at: stopwatch.now)
    }

    /// Whether the room shows the person, by their real address, with one of these affiliations.
    ///
    /// It says so only of people who are in the room, and of nobody while we are not.
    public func shows(_ person: JID, as affiliations: Set<RoomAffiliation>) -> Bool {
        occupancy.nick != nil && occupancy.shows(person, as: affiliations)
    }

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
    /// ``run()``; never if the stream ends before.
    public func announce(
        _ text: String,
        answered listener: @escaping AnnouncementListener
    ) async throws(RoomSpeechError) {
        guard occupancy.nick != nil else { throw .notInRoom(status) }
        let message = speech.message(text, replyingTo: nil)
        lastWord = message.id
        let id = message.id ?? ""
        // Those that nothing will be heard of any more are forgotten.
        announcements = announcements.filter { speech.isSent($0.key) }
        // The room may answer before the stream says that it has been sent.
        announcements[id] = listener
        do {
            try await send(message)
        } catch {
            announcements[id] = nil
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

    private func answered(_ id: String, _ answer: AnnouncementAnswer) {
        guard let listener = announcements.removeValue(forKey: id) else { return }
        errandQueue.yield(.tell(listener, answer))
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

    private func send(_ message: Message) async throws(RoomSpeechError) {
        guard let stream else { throw .notInRoom(status) }
        do {
            try await stream.send(.message(message))
        } catch {
            throw .streamClosed
        }
    }
}

extension RoomService {
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
}

// MARK: - Within

extension RoomService {
    private func carryOut(_ orders: [Occupancy.Order]) {
        for order in orders {
            carryOut(order)
        }
        setAlarm()
    }

    private func carryOut(_ order: Occupancy.Order) {
        switch order {
        case .report(let report):
            if case .joined = report {
                lastWord = nil
                visit += 1
                knowsHats = nil
                askForHats()
            }
            logger.log(level: report.isWarning ? .warning : .info, "\(report)")
            if let turn = RoomTurn(report) { turned(turn) }
        case .send(let presence):
            guard let stream else { return }
            errandQueue.yield(.send(.presence(presence), stream))
        case .ping(let occupant, let number):
            guard let stream else { return }
            let iq = SelfPing.request(from: configuration.address, to: occupant)
            errandQueue.yield(.request(iq, stream, then: .pingAnswered(number: number)))
        case .acceptDefaults:
            guard let stream else { return }
            errandQueue.yield(.request(defaultConfiguration, stream, then: .configured))
        }
    }

    /// Opens a room that our joining made (XEP-0045 §10.1.2).
    private var defaultConfiguration: IQ {
        IQ(
            .set,
            id: "",
            from: configuration.address,
            to: configuration.room,
            payload: Element("query", in: .mucOwner) {
                Element("x", in: .dataForms, ["type": "submit"])
            }
        )
    }

    private func setAlarm() {
        guard let deadline = occupancy.deadline, !alarms.contains(where: { $0 <= deadline }) else {
            return
        }
        alarms.append(deadline)
        errandQueue.yield(.wake(at: deadline))
    }

    private func wake(at moment: Duration) async {
        guard (try? await stopwatch.sleep(until: moment)) != nil else { return }
        alarms.removeAll { $0 == moment }
        carryOut(occupancy.reached(stopwatch.now))
    }

    private func request(_ iq: IQ, on stream: any StanzaStream, then followUp: FollowUp) async {
        let answer: SelfPing.Answer
        do {
            let reply = try await stream.request(iq, timeout: nil)
            answer = reply.error.map { .error($0.condition) } ?? .result
        } catch {
            guard case .timedOut = error else { return }
            answer = .silence
        }
        switch followUp {
        case .pingAnswered(let number):
            carryOut(occupancy.answered(answer, number: number, at: stopwatch.now))
        case .configured:
            guard answer != .result else { return }
            logger.warning("The new room could not be opened: \(answer).")
        }
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
                occupantID: occupant?.occupantID
            ),
            language: message.xmlLang ?? configuration.language,
            original: original,
            isReply: message.child("reply", in: .reply) != nil
        )
    }

    /// What the occupant may do.
    ///
    /// A room that does not know hats hands on those that people have put on themselves, which count
    /// for nothing.
    private func role(of occupant: Occupant?) -> Role {
        var occupant = occupant
        if knowsHats != true { occupant?.hats = [] }
        return rights.role(of: occupant, in: configuration.room)
    }

    private func askForHats() {
        guard let stream, rights.hasHats(in: configuration.room) else { return }
        errandQueue.yield(.discover(stream))
    }

    /// Asks the room for its features (XEP-0317 §3, XEP-0045 §6.4) until it names them, or we leave.
    private func discover(on stream: any StanzaStream) async {
        var pause = Self.hatPauses.first
        let visit = visit
        while occupancy.nick != nil, self.visit == visit, knowsHats == nil {
            if let features = await features(on: stream) {
                knowsHats = features.contains(.hats)
                guard knowsHats == false else { return }
                return logger.warning(
                    "The room knows no hats (XEP-0317), so that none of them gives a role."
                )
            }
            logger.warning(
                "The room did not say whether it knows hats (XEP-0317). Until it does, none gives a role.",
                metadata: ["asked again in": "\(pause)"]
            )
            guard (try? await stopwatch.sleep(until: stopwatch.now + pause)) != nil else { return }
            pause = min(pause * 2, Self.hatPauses.longest)
        }
    }

    /// What the room says that it can; nil if it does not answer that.
    private func features(on stream: any StanzaStream) async -> [Namespace]? {
        let request = IQ(
            .get,
            id: "",
            from: configuration.address,
            to: configuration.room,
            payload: Element("query", in: .discoInfo)
        )
        let reply = try? await stream.request(request, timeout: nil)
        guard let reply, reply.error == nil, let payload = reply.payload else { return nil }
        return DiscoInfo(payload).features
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
}
