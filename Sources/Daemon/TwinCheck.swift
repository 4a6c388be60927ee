import Component
import Logging
import XML
import XMPP

/// Finds out whether a second component of our domain is connected and takes some of our stanzas.
///
/// ejabberd accepts one, and deals the stanzas out between both. So we send ourselves a few tokens:
/// if any of them does not come back while others do, somebody else has got it. Prosody refuses the
/// second component, with `conflict`.
actor TwinCheck {
    /// With so many, a twin that gets every other stanza is missed once in a thousand times.
    private static let tokenCount = 10

    private let domain: JID
    private let patience: Duration
    private let logger: Logger
    private var awaited: Set<String> = []
    private(set) var hasTwin = false

    /// Makes the check for a domain; `patience` is how long a token may take to come back.
    init(domain: JID, patience: Duration = .seconds(10), logger: Logger) {
        self.domain = domain
        self.patience = patience
        self.logger = logger
    }

    /// Sends the tokens and waits; returns early if the stream ends.
    func run(on stream: any StanzaStream) async {
        hasTwin = false
        let tokens = (0..<Self.tokenCount).map { _ in
            String(UInt64.random(in: 0...(.max)), radix: 36)
        }
        awaited = Set(tokens)
        do {
            for token in tokens {
                try await stream.send(.message(Self.message(token, domain)))
            }
            try await Task.sleep(for: patience)
        } catch {
            return
        }
        hasTwin = !awaited.isEmpty && awaited.count < Self.tokenCount
        guard hasTwin else { return }
        logger.warning(
            "Another component of this domain is connected and gets part of our stanzas. Stop one of them.",
            metadata: ["domain": "\(domain)", "lost": "\(awaited.count) of \(Self.tokenCount)"]
        )
    }

    func received(_ token: String) {
        awaited.remove(token)
    }

    // MARK: - The token on the wire

    private static let namespace: Namespace = "urn:broadsheet:echo:0"

    /// A token for whoever is connected under our domain, perhaps with a text to make it large.
    static func message(_ token: String, _ domain: JID, body: String? = nil) -> Message {
        Message(.normal, from: domain, to: domain, body: body) {
            Element("token", in: namespace) { token }
        }
    }

    /// The token in a message, if it is one of ours to ourselves.
    static func token(in message: Message, domain: JID) -> String? {
        guard message.from == domain, message.to == domain, message.type == .normal else {
            return nil
        }
        return message.child("token", in: namespace)?.text
    }
}
