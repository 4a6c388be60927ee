public import XML

/// The error of a stanza (RFC 6120 §8.3).
public struct StanzaError: Error, Hashable, Sendable {
    /// What the sender may do about it (RFC 6120 §8.3.2).
    public enum ErrorType: String, Sendable, CaseIterable {
        case auth, cancel, `continue`, modify, wait
    }

    public var type: ErrorType
    public var condition: Condition
    /// Who found the error, if they say so and it is not whom the stanza was for (RFC 6120 §8.3.2).
    public var by: JID?
    /// A sentence for people, in the stanza's language.
    public var text: String?
    /// So many characters of it are sent: it may quote what somebody has written, and is not to be
    /// longer than a server takes.
    public static let longestText = 2_000
    /// Where to turn instead, as a URI: for `gone` and `redirect` (RFC 6120 §8.3.3.5).
    public var location: String?
    /// The condition of an extension, such as one of `pubsub#errors` (RFC 6120 §8.3.4).
    public var extensionCondition: Element?

    /// An error of the condition's usual type, unless another is given.
    public init(
        _ condition: Condition,
        type: ErrorType? = nil,
        by: JID? = nil,
        text: String? = nil,
        location: String? = nil,
        extensionCondition: Element? = nil
    ) {
        self.type = type ?? condition.usualType
        self.condition = condition
        self.by = by
        self.text = text
        self.location = location
        self.extensionCondition = extensionCondition
    }
}

extension StanzaError {
    /// The defined conditions (RFC 6120 §8.3.3).
    public enum Condition: String, Sendable, CaseIterable {
        case badRequest = "bad-request"
        case conflict
        case featureNotImplemented = "feature-not-implemented"
        case forbidden
        case gone
        case internalServerError = "internal-server-error"
        case itemNotFound = "item-not-found"
        case jidMalformed = "jid-malformed"
        case notAcceptable = "not-acceptable"
        case notAllowed = "not-allowed"
        case notAuthorized = "not-authorized"
        case policyViolation = "policy-violation"
        case recipientUnavailable = "recipient-unavailable"
        case redirect
        case registrationRequired = "registration-required"
        case remoteServerNotFound = "remote-server-not-found"
        case remoteServerTimeout = "remote-server-timeout"
        case resourceConstraint = "resource-constraint"
        case serviceUnavailable = "service-unavailable"
        case subscriptionRequired = "subscription-required"
        case undefinedCondition = "undefined-condition"
        case unexpectedRequest = "unexpected-request"

        /// The type the RFC recommends for the condition.
        public var usualType: ErrorType {
            switch self {
            case .badRequest, .jidMalformed, .notAcceptable, .policyViolation, .redirect:
                .modify
            case .forbidden, .notAuthorized, .registrationRequired, .subscriptionRequired:
                .auth
            case .recipientUnavailable, .remoteServerTimeout, .resourceConstraint,
                .unexpectedRequest:
                .wait
            case .conflict, .featureNotImplemented, .gone, .internalServerError, .itemNotFound,
                .notAllowed, .remoteServerNotFound, .serviceUnavailable, .undefinedCondition:
                .cancel
            }
        }
    }
}

// MARK: - XML

extension StanzaError {
    /// Reads an `<error/>`; a condition we do not know counts as `undefined-condition`.
    public init(_ element: Element) {
        var condition: Condition?
        text = nil
        location = nil
        extensionCondition = nil
        for child in element.elements {
            if child.namespace != .stanzaErrors {
                extensionCondition = child
            } else if child.name == "text" {
                text = child.text
            } else if condition == nil {
                condition = Condition(rawValue: child.name)
                location = child.text.isEmpty ? nil : child.text
            }
        }
        self.condition = condition ?? .undefinedCondition
        type = element["type"].flatMap(ErrorType.init(rawValue:)) ?? self.condition.usualType
        by = element["by"].flatMap { try? JID($0) }
    }

    public var element: Element {
        Element("error", ["type": type.rawValue, "by": by?.description]) {
            Element(condition.rawValue, in: .stanzaErrors) { location }
            if let text {
                Element("text", in: .stanzaErrors) {
                    String(text.unicodeScalars.prefix(Self.longestText))
                }
            }
            extensionCondition
        }
    }
}

extension StanzaError: CustomStringConvertible {
    public var description: String {
        let extended = extensionCondition.map { " + \($0.name)" } ?? ""
        let words = text.map { ": \($0)" } ?? ""
        return condition.rawValue + extended + words
    }
}
