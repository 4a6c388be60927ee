import Component
import XML
import XMPP

/// One stream to the server, in which it is asked what we rely on.
struct ServerVisit: StanzaStreamDelegate {
    private enum News: Sendable {
        /// The server has been asked; a message to ourselves is on its way, and we enter rooms.
        case asked([Diagnosis], entering: [RoomTrial])
        case echo
        /// A message as large as any of ours has come back too.
        case largeEcho
        /// A room has let us in, or not.
        case answered(RoomTrial, Diagnosis)
        case ended(String)
        case timeIsUp
    }

    let configuration: Configuration
    private let news: AsyncStream<News>
    private let queue: AsyncStream<News>.Continuation
    private let token = String(UInt64.random(in: 0...(.max)), radix: 36)
    private var largeToken: String { token + "-large" }

    init(configuration: Configuration) {
        self.configuration = configuration
        (news, queue) = AsyncStream.makeStream()
    }

    /// What was found; nil if the task is cancelled before.
    func outcome() async -> [Diagnosis]? {
        var diagnoses: [Diagnosis] = []
        var hasEchoed = false
        var isLargeThrough = false
        var awaited: [RoomTrial] = []
        for await news in news {
            switch news {
            case .asked(let found, let trials):
                (diagnoses, awaited) = (found, trials)
            case .echo:
                diagnoses.append(Diagnosis(Self.echoStep, .fine, "It has arrived."))
                hasEchoed = true
            case .largeEcho:
                diagnoses.append(
                    Diagnosis(Self.sizeStep, .fine, "\(largeSize) bytes of text have arrived.")
                )
                isLargeThrough = true
            case .answered(let trial, let diagnosis):
                guard let place = awaited.firstIndex(of: trial) else { continue }
                awaited.remove(at: place)
                diagnoses.append(diagnosis)
            case .ended(let reason) where hasEchoed && !isLargeThrough:
                return diagnoses + [tooLarge(" It ended the stream: \(reason)")]
            case .ended(let reason):
                return diagnoses + [Diagnosis("server", .failed, reason)]
            case .timeIsUp where isLargeThrough:
                return diagnoses + awaited.map(\.silence)
            case .timeIsUp where hasEchoed:
                return diagnoses + [tooLarge("")]
            case .timeIsUp:
                return diagnoses + [diagnoses.isEmpty ? Self.silence : noEcho]
            }
            if isLargeThrough, awaited.isEmpty { return diagnoses }
        }
        return nil
    }

    /// Ends the waiting for what has not come by now.
    func giveUp() {
        queue.yield(.timeIsUp)
    }

    // MARK: - The stream

    func streamOpened(_ stream: any StanzaStream) async {
        var found = await examine(stream)
        var trials: [RoomTrial] = []
        for settings in configuration.rooms {
            let (diagnosis, isThere) = await look(at: settings, stream)
            found.append(diagnosis)
            // Entering a room that is not there would make it.
            if isThere,
                let trial = RoomTrial(settings, contact: configuration.contact(in: settings))
            {
                trials.append(trial)
            }
        }
        queue.yield(.asked(found, entering: trials))
        try? await stream.send(.message(TwinCheck.message(token, configuration.domain)))
        for trial in trials { try? await stream.send(.presence(trial.entering)) }
    }

    func received(_ batch: [Inbound], on stream: any StanzaStream) async {
        for case .stanza(.presence(let presence)) in batch {
            await take(presence, stream)
        }
        for case .stanza(.message(let message)) in batch {
            switch TwinCheck.token(in: message, domain: configuration.domain) {
            case token:
                queue.yield(.echo)
                let text = String(repeating: "x", count: largeSize)
                let large = TwinCheck.message(largeToken, configuration.domain, body: text)
                try? await stream.send(.message(large))
            case largeToken:
                queue.yield(.largeEcho)
            default:
                break
            }
        }
    }

    /// Whatever a room says to our entering, we leave.
    private func take(_ presence: Presence, _ stream: any StanzaStream) async {
        for settings in configuration.rooms {
            guard let trial = RoomTrial(settings, contact: configuration.contact(in: settings)),
                let diagnosis = trial.diagnosis(of: presence)
            else { continue }
            queue.yield(.answered(trial, diagnosis))
            if presence.type != .error { try? await stream.send(.presence(trial.leaving)) }
        }
    }

    func streamEnded(_ end: StreamEnd) {
        queue.yield(.ended("The stream was ended: \(end)"))
    }

    func notOpened(reason: String) {
        queue.yield(.ended(reason))
    }

    // MARK: - What may be missing

    private static let echoStep = "message to ourselves"

    private static let sizeStep = "large messages"

    /// Bytes of text in the largest message to a reader, as far as it may come back to us.
    private var largeSize: Int {
        let most = configuration.stream.limits.maximumStanzaSize - 4_096
        return min(configuration.messageSize ?? 60_000, most)
    }

    private func tooLarge(_ reason: String) -> Diagnosis {
        Diagnosis(
            Self.sizeStep,
            .failed,
            "The server does not let through a message with \(largeSize) bytes of text.\(reason) Lower "
                + "'delivery.message_size', or raise the server's limit for stanzas."
        )
    }

    private static let silence = Diagnosis(
        "server",
        .failed,
        "The server does not answer. Look into its log, and whether it is overloaded."
    )

    private var noEcho: Diagnosis {
        Diagnosis(
            Self.echoStep,
            .failed,
            "It has not arrived. Perhaps another component of \(configuration.domain) is connected "
                + "and got it; stop that one."
        )
    }
}
