import Component
import Foundation
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

    /// How far the server's clock may be from ours.
    private static let clockTolerance: TimeInterval = 60

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

    // MARK: - Asking

    private func examine(_ stream: any StanzaStream) async -> [Diagnosis] {
        let server = "\(configuration.stream.host):\(configuration.stream.port)"
        let accepted = Diagnosis(
            "server",
            .fine,
            "\(server) accepts us as \(configuration.domain)."
        )
        return [security, accepted, await ping(stream), await disco(stream), await clock(stream)]
    }

    /// That there is a stream at all says the rest.
    private var security: Diagnosis {
        switch configuration.stream.security {
        case .tls: Diagnosis("TLS", .fine, "The server speaks it, and its certificate is trusted.")
        case .plain: Diagnosis("TLS", .skipped, "It is not asked for: 'component.tls' is off.")
        }
    }

    /// Whoever is asked for pings should be a server (XEP-0030).
    private func disco(_ stream: any StanzaStream) async -> Diagnosis {
        let target = configuration.stream.pingTarget
        let step = "server's services"
        let answer = await ask(target, Element("query", in: .discoInfo), stream)
        let found = answer?.error == nil ? answer?.payload.map { DiscoInfo($0).identities } : nil
        guard let server = found?.first(where: { $0.category == "server" }) else {
            return Diagnosis(
                step,
                .warning,
                "\(target) does not say that it is a server. Compare 'component.server_domain' with the "
                    + "server's own domain."
            )
        }
        return Diagnosis(
            step,
            .fine,
            "\(target) is a server" + (server.name.map { ": \($0)." } ?? ".")
        )
    }

    func ask(
        _ address: JID?,
        _ payload: Element,
        _ stream: any StanzaStream
    ) async -> IQ? {
        let question = IQ(
            .get,
            id: "",
            from: configuration.domain,
            to: address,
            payload: payload
        )
        return try? await stream.request(question)
    }

    /// A delivery waits for such answers.
    private func ping(_ stream: any StanzaStream) async -> Diagnosis {
        let target = configuration.stream.pingTarget
        let step = "answers to pings"
        guard await ask(target, Element("ping", in: .ping), stream) != nil else {
            return Diagnosis(
                step,
                .failed,
                "\(target) does not answer pings, so that deliveries would wait. Set "
                    + "'component.server_domain' to the server's own domain."
            )
        }
        return Diagnosis(step, .fine, "\(target) answers.")
    }

    /// XEP-0202; a server that does not tell its time is no worse for it.
    private func clock(_ stream: any StanzaStream) async -> Diagnosis {
        let target = configuration.stream.pingTarget
        let answer = await ask(target, Element("time", in: .entityTime), stream)
        let text = answer?.payload?.child("utc")?.text
        guard let text, let time = DateTime(text)?.date else {
            return Diagnosis("server's clock", .skipped, "\(target) does not tell its time.")
        }
        let difference = abs(time.timeIntervalSinceNow)
        guard difference > Self.clockTolerance else {
            return Diagnosis("server's clock", .fine, "It agrees with ours.")
        }
        return Diagnosis(
            "server's clock",
            .warning,
            "It differs from ours by \(Int(difference)) seconds. Let both machines follow NTP."
        )
    }
}
