import Component
import Foundation
import XML
import XMPP

/// One stream to the server, in which it is asked what we rely on.
struct ServerVisit: StanzaStreamDelegate {
    private enum News: Sendable {
        /// The server has been asked, and a message to ourselves is on its way.
        case asked([Diagnosis])
        case echo
        case ended(String)
        case timeIsUp
    }

    /// How far the server's clock may be from ours.
    private static let clockTolerance: TimeInterval = 60

    private let configuration: Configuration
    private let news: AsyncStream<News>
    private let queue: AsyncStream<News>.Continuation
    private let token = String(UInt64.random(in: 0...(.max)), radix: 36)

    init(configuration: Configuration) {
        self.configuration = configuration
        (news, queue) = AsyncStream.makeStream()
    }

    /// What was found; nil if the task is cancelled before.
    func outcome() async -> [Diagnosis]? {
        var diagnoses: [Diagnosis] = []
        for await news in news {
            switch news {
            case .asked(let found):
                diagnoses = found
            case .echo:
                return diagnoses + [Diagnosis(Self.echoStep, .fine, "It has arrived.")]
            case .ended(let reason):
                return diagnoses + [Diagnosis("server", .failed, reason)]
            case .timeIsUp:
                return diagnoses + [diagnoses.isEmpty ? Self.silence : noEcho]
            }
        }
        return nil
    }

    /// Ends the waiting for what has not come by now.
    func giveUp() {
        queue.yield(.timeIsUp)
    }

    // MARK: - The stream

    func streamOpened(_ stream: any StanzaStream) async {
        let found = await examine(stream)
        let message = TwinCheck.message(token, configuration.domain)
        queue.yield(.asked(found))
        try? await stream.send(.message(message))
    }

    func received(_ batch: [Inbound], on stream: any StanzaStream) {
        for case .stanza(.message(let message)) in batch
        where TwinCheck.token(in: message, domain: configuration.domain) == token {
            queue.yield(.echo)
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
        var diagnoses = [accepted, await ping(stream), await clock(stream)]
        for room in configuration.rooms {
            diagnoses.append(await look(at: room, stream))
        }
        return diagnoses
    }

    private func ask(
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

    private func look(at settings: RoomSettings, _ stream: any StanzaStream) async -> Diagnosis {
        let step = "room \(settings.room)"
        let answer = await ask(settings.room, Element("query", in: .discoInfo), stream)
        guard let answer else {
            return Diagnosis(step, .failed, "\(settings.room.domain) does not answer.")
        }
        if let error = answer.error {
            let isUnknown = error.condition == .itemNotFound
            let text =
                isUnknown
                ? "The room does not exist; joining would make it. Compare its address."
                : "\(settings.room.domain) answers with \(error.condition.rawValue). Compare the "
                    + "room's address with what the server has."
            return Diagnosis(step, isUnknown ? .warning : .failed, text)
        }
        let features = Set(answer.payload.map { DiscoInfo($0).features.map(\.rawValue) } ?? [])
        if features.contains("muc_passwordprotected"), settings.password == nil {
            return Diagnosis(step, .failed, "The room asks for a password: set 'rooms.password'.")
        }
        if features.contains("muc_membersonly") {
            return Diagnosis(
                step,
                .warning,
                "The room lets only members in. Let an owner of it make \(address(in: settings)) a "
                    + "member."
            )
        }
        return Diagnosis(step, .fine, "It is there.")
    }

    /// With which of our addresses we are in a room.
    private func address(in room: RoomSettings) -> String {
        let newsletters = configuration.newsletters.map(\.newsletter)
        let own = newsletters.first { room.newsletters.contains($0.name) } ?? newsletters.first
        return "\(own?.contact ?? configuration.domain)"
    }
}
