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
    var rights: RightsTable
    var occupancy: Occupancy
    var speech: RoomSpeech
    var stream: (any StanzaStream)?
    /// Our last message, as long as nobody has said anything after it in this visit.
    var lastWord: String?
    /// Who was told already to write in the room; told once, so that two bots don't talk for ever.
    var hinted: Set<String> = []
    static let mostHints = 100
    /// What the room says that it can; nil until it says.
    var features: [Namespace]?
    /// The visit in which it was asked.
    var askedInVisit: Int?
    /// Counts how often we came in.
    var visit = 0
    /// How long to wait before a room that did not say is asked again; twice as long each time.
    static let featurePauses = (first: Duration.seconds(60), longest: Duration.seconds(3600))
    /// Who is told what the room makes of our announcements, by their ids.
    var announcements: [String: AnnouncementListener] = [:]
    /// When ``run()`` will wake the state machine; an alarm is set only if none rings earlier.
    private var alarms: [Duration] = []
    /// The room's last messages, which a sign may point at.
    var memory: RoomMemory
    private let errands: AsyncStream<Errand>
    let errandQueue: AsyncStream<Errand>.Continuation
    let stopwatch: Stopwatch
    private let turned: @Sendable (RoomTurn) -> Void
    let logger: Logger

    /// What takes time, and so is left to ``run()``.
    enum Errand {
        case send(Stanza, any StanzaStream)
        case request(IQ, any StanzaStream, then: FollowUp)
        case discover(any StanzaStream)
        case wake(at: Duration)
        case tell(AnnouncementListener, AnnouncementAnswer)
    }

    enum FollowUp {
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
        giveUpAnnouncements()
        stream = nil
        lastWord = nil
        hinted = []
        occupancy.streamEnded()
    }

    public func update(rights: RightsTable) {
        self.rights = rights
        askForFeatures()
    }

    public func receive(_ presence: Presence) {
        carryOut(occupancy.received(presence, at: stopwatch.now))
        askForFeatures()
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
            occupantID: vouchedID(of: occupant),
            room: configuration.room
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
}

// MARK: - Within

extension RoomService {
    func carryOut(_ orders: [Occupancy.Order]) {
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
                features = nil
                giveUpAnnouncements()
            }
            if occupancy.nick == nil { giveUpAnnouncements() }
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
}
