public import XMPP

/// What an error says about the reader it came from: one table over RFC 6120 §8.3.3.
public enum ErrorVerdict: Hashable, Sendable, CaseIterable {
    /// For a while: write again later.
    case retry
    /// For ever: there is no such reader any more.
    case end
    /// Nobody knows. It counts against the reader, and many of them tell.
    case score

    /// What it says about a reader at that address.
    ///
    /// A subscription that is one resource's is over when that resource is not there: nobody else
    /// gets what is sent to it, and its like come back under another name. A room that has nobody
    /// like us in it (XEP-0045 §7.4) was started anew; we enter it again as soon as it says so.
    public init(_ error: StanzaError, from reader: JID, isRoom: Bool = false) {
        switch error.condition {
        case .notAcceptable where isRoom:
            self = .retry
        case .serviceUnavailable, .recipientUnavailable:
            self = reader.isBare ? ErrorVerdict(error) : .end
        default:
            self = ErrorVerdict(error)
        }
    }

    public init(_ error: StanzaError) {
        self =
            switch error.condition {
            case .gone, .itemNotFound:
                .end
            case .remoteServerTimeout, .resourceConstraint, .recipientUnavailable:
                .retry
            // Among these: service-unavailable, the answer for who is offline, has blocked us, or
            // was never there (RFC 6121 §8.5); and remote-server-not-found, since a domain that is
            // not there today may have a server that moves.
            case .badRequest, .conflict, .featureNotImplemented, .forbidden,
                .internalServerError, .jidMalformed, .notAcceptable, .notAllowed, .notAuthorized,
                .policyViolation, .redirect, .registrationRequired, .remoteServerNotFound,
                .serviceUnavailable, .subscriptionRequired, .undefinedCondition,
                .unexpectedRequest:
                error.type == .wait ? .retry : .score
            }
    }
}
