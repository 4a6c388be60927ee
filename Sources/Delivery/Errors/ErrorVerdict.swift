public import XMPP

/// What an error says about the reader it came from: one table over RFC 6120 §8.3.3.
public enum ErrorVerdict: Hashable, Sendable, CaseIterable {
    /// For a while: write again later.
    case retry
    /// For ever: there is no such reader any more.
    case end
    /// Nobody knows. It counts against the reader, and many of them tell.
    case score

    public init(_ error: StanzaError) {
        self =
            switch error.condition {
            case .gone, .itemNotFound:
                .end
            case .remoteServerTimeout, .resourceConstraint, .recipientUnavailable:
                .retry
            // What the server could not do now it may do later.
            case .internalServerError, .undefinedCondition, .unexpectedRequest, .policyViolation:
                error.type == .wait ? .retry : .score
            // Offline, blocked or unknown: it is the answer to all three (RFC 6121 §8.5).
            case .serviceUnavailable:
                error.type == .wait ? .retry : .score
            // A domain that is not there today may have a server that moves.
            case .remoteServerNotFound:
                error.type == .wait ? .retry : .score
            case .badRequest, .conflict, .featureNotImplemented, .forbidden, .jidMalformed,
                .notAcceptable, .notAllowed, .notAuthorized, .redirect, .registrationRequired,
                .subscriptionRequired:
                .score
            }
    }
}
