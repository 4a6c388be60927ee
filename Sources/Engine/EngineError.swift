import PubSubWire
public import XMPP

/// Why an engine has not done what it was asked, as far as we know.
public enum EngineError: Error, Hashable, Sendable {
    /// It answered with an error, so that nothing was done.
    case refused(StanzaError)
    /// No answer has come, and nobody knows whether it was done; why, in words.
    case unanswered(String)
    /// It answered with something else than what was asked for; what that was.
    case unreadable(String)
    /// Its answer was larger than a stanza may be here; in words.
    case tooLarge(String)
    /// It was not asked, since our server would have ended the stream for so large a request; in bytes.
    case requestTooLarge(size: Int, limit: Int)
    /// It keeps the configuration of a node from us, so that the node is somebody else's; in words.
    case notOwned(NodeID, String)
}

extension EngineError {
    /// What has to happen before it is worth asking again.
    public enum Remedy: Hashable, Sendable {
        /// Time has to pass: the engine, or the way to it, is out of order.
        case time
        /// The node has to be looked at: it is gone, or not as we left it.
        case node
        /// Somebody has to change a setting, over there as a rule.
        case setting
        /// What was asked for has to be another: this will never be taken.
        case content
    }

    public var remedy: Remedy {
        switch self {
        case .notOwned, .tooLarge: return .setting
        case .requestTooLarge: return .content
        case .refused, .unanswered, .unreadable: break
        }
        guard case .refused(let error) = self else { return .time }
        if error.type == .wait { return .time }
        switch error.pubsubCondition {
        case .preconditionNotMet: return .node
        case .payloadTooBig, .invalidPayload, .itemForbidden, .payloadRequired: return .content
        default: break
        }
        switch error.condition {
        case .internalServerError, .recipientUnavailable, .remoteServerNotFound,
            .remoteServerTimeout, .resourceConstraint, .serviceUnavailable:
            return .time
        case .conflict, .itemNotFound:
            return .node
        case .badRequest, .notAcceptable, .policyViolation:
            return .content
        case .featureNotImplemented, .forbidden, .gone, .jidMalformed, .notAllowed,
            .notAuthorized, .redirect, .registrationRequired, .subscriptionRequired,
            .undefinedCondition, .unexpectedRequest:
            return .setting
        }
    }

    /// Whether the same request will be refused however often it is sent.
    public var isFinal: Bool {
        remedy == .content || isUnsupported
    }

    /// Whether the engine knows no such requests.
    public var isUnsupported: Bool {
        guard case .refused(let error) = self else { return false }
        return error.condition == .featureNotImplemented && error.type != .wait
    }

    /// Whether the engine does not let us do such a thing, for whomever, as far as its answer goes.
    public var isForbidden: Bool {
        if isUnsupported { return true }
        guard case .refused(let error) = self, error.type != .wait else { return false }
        return error.condition == .forbidden || error.condition == .notAllowed
    }

    /// Whether it may have been done all the same: there is no answer, or one that somebody on the
    /// way may have given, or the engine itself after it had begun.
    public var leavesDoubt: Bool {
        let error: StanzaError
        switch self {
        case .notOwned, .requestTooLarge: return false
        case .unanswered, .unreadable, .tooLarge: return true
        case .refused(let refusal): error = refusal
        }
        switch error.condition {
        case .internalServerError, .recipientUnavailable, .remoteServerNotFound,
            .remoteServerTimeout, .serviceUnavailable, .undefinedCondition:
            return true
        default:
            return false
        }
    }

    /// Whether somebody is not subscribed whose subscription was to end.
    var isNotSubscribed: Bool {
        guard case .refused(let error) = self else { return false }
        return error.pubsubCondition == .notSubscribed || error.condition == .unexpectedRequest
    }

    /// Whether that which was asked about is not there.
    var isNotFound: Bool {
        guard case .refused(let error) = self else { return false }
        return error.condition == .itemNotFound
    }
}

extension EngineError: CustomStringConvertible {
    /// So much is told of what a service says, which may be anything.
    private static let longestText = 500

    /// On one line.
    public var description: String {
        let line = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .unicodeScalars.filter { $0.properties.generalCategory != .control }
        guard line.count > Self.longestText else { return String(line) }
        return String(line.prefix(Self.longestText)) + "…"
    }

    private var words: String {
        switch self {
        case .refused(let error):
            let condition = error.pubsubCondition.map { ", \($0.element.name)" } ?? ""
            let text = error.text.map { ": \($0)" } ?? "."
            return "It answers \(error.condition.rawValue)\(condition)\(text)"
        case .unanswered(let reason): return reason
        case .tooLarge(let reason): return "\(reason) Raise it above that, and restart Broadsheet."
        case .requestTooLarge(let size, let limit):
            return "With \(size) bytes it is larger than the \(limit) of 'pubsub.largest_stanza', "
                + "and was not sent."
        case .unreadable(let what): return "It answers with something that is no \(what)."
        case .notOwned(let node, let reason):
            return "The node '\(node)' is not ours: make us one of its owners. \(reason)"
        }
    }
}
