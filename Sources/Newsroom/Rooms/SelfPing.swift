import XML
import XMPP

/// Asking a room whether we are still in it, by pinging ourselves through it (XEP-0410).
enum SelfPing {
    /// What came back.
    enum Answer: Hashable {
        case result
        case error(StanzaError.Condition)
        case silence
    }

    enum Verdict: Hashable {
        case inside
        case outside(StanzaError.Condition)
        case unknown
    }

    static func request(from address: JID, to occupant: JID) -> IQ {
        IQ(.get, id: "", from: address, to: occupant, payload: Element("ping", in: .ping))
    }

    /// What the answer says about us (XEP-0410 §3.1).
    ///
    /// `item-not-found` means that our nick changed a moment ago, so that we are in.
    static func verdict(on answer: Answer) -> Verdict {
        switch answer {
        case .result: .inside
        case .silence: .unknown
        case .error(let condition):
            switch condition {
            case .serviceUnavailable, .featureNotImplemented, .itemNotFound: .inside
            case .remoteServerNotFound, .remoteServerTimeout: .unknown
            default: .outside(condition)
            }
        }
    }
}
