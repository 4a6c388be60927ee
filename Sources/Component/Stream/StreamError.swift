public import XML

/// The error that ends a stream (RFC 6120 §4.9).
public struct StreamError: Error, Hashable, Sendable {
    public var condition: Condition
    /// The peer's own words; the host's name for `see-other-host`.
    public var text: String?

    public init(_ condition: Condition, text: String? = nil) {
        self.condition = condition
        self.text = text
    }
}

extension StreamError {
    /// The defined conditions (RFC 6120 §4.9.3).
    public enum Condition: String, Sendable, CaseIterable {
        case badFormat = "bad-format"
        case badNamespacePrefix = "bad-namespace-prefix"
        case conflict
        case connectionTimeout = "connection-timeout"
        case hostGone = "host-gone"
        case hostUnknown = "host-unknown"
        case improperAddressing = "improper-addressing"
        case internalServerError = "internal-server-error"
        case invalidFrom = "invalid-from"
        case invalidNamespace = "invalid-namespace"
        case invalidXML = "invalid-xml"
        case notAuthorized = "not-authorized"
        case notWellFormed = "not-well-formed"
        case policyViolation = "policy-violation"
        case remoteConnectionFailed = "remote-connection-failed"
        case reset
        case resourceConstraint = "resource-constraint"
        case restrictedXML = "restricted-xml"
        case seeOtherHost = "see-other-host"
        case systemShutdown = "system-shutdown"
        case undefinedCondition = "undefined-condition"
        case unsupportedEncoding = "unsupported-encoding"
        case unsupportedFeature = "unsupported-feature"
        case unsupportedStanzaType = "unsupported-stanza-type"
        case unsupportedVersion = "unsupported-version"
    }

    /// What we answer to XML that we can't read on.
    init(_ error: ParserError) {
        switch error {
        case .notWellFormed(let reason, _, _): self.init(.notWellFormed, text: reason)
        case .restricted(let what, _): self.init(.restrictedXML, text: what)
        case .unsupportedEncoding(let name): self.init(.unsupportedEncoding, text: name)
        case .oversized(let what): self.init(.policyViolation, text: "\(what) over the limit")
        case .ended: self.init(.badFormat)
        }
    }
}

// MARK: - XML

extension StreamError {
    /// Reads a `<stream:error/>`; a condition we do not know counts as `undefined-condition`.
    public init(_ element: Element) {
        condition = .undefinedCondition
        text = nil
        var words: String?
        for child in element.elements where child.namespace == .streamErrors {
            if child.name == "text" {
                words = child.text
            } else if let known = Condition(rawValue: child.name) {
                condition = known
                text = child.text.isEmpty ? nil : child.text
            }
        }
        text = words ?? text
    }

    public var element: Element {
        Element("error", in: .stream) {
            Element(condition.rawValue, in: .streamErrors)
            if let text {
                Element("text", in: .streamErrors) { text }
            }
        }
    }
}

// MARK: - Words

extension StreamError: CustomStringConvertible {
    /// The condition, and the peer's words if it sent any.
    public var description: String {
        text.map { "\(condition.rawValue): \($0)" } ?? condition.rawValue
    }

    /// What whoever runs the component can do about it; nil if only waiting helps.
    public var remedy: String? {
        switch condition {
        case .notAuthorized:
            "Compare domain and secret with the component entry in its configuration."
        case .hostUnknown:
            "Compare domain and secret with the component entry in its configuration, and check "
                + "that the port is the one for components."
        case .hostGone:
            "The server no longer serves this domain; add the component entry to it again."
        case .conflict:
            "Another connection uses this domain, or the server serves it itself: "
                + "look for a second instance, and for the domain among the server's own hosts."
        case .invalidNamespace, .improperAddressing, .unsupportedVersion:
            "Check that the port is the server's component port, not that of clients or servers."
        case .invalidFrom:
            "The server wants all addresses under the component's domain."
        case .seeOtherHost:
            "Set host and port of the server to those it names."
        case .policyViolation, .resourceConstraint:
            "Look into the server's log for the limit that was met."
        case .badFormat, .badNamespacePrefix, .invalidXML, .notWellFormed, .restrictedXML,
            .unsupportedEncoding, .unsupportedFeature, .unsupportedStanzaType:
            "What we sent displeased the server; please report it with the server's log."
        case .connectionTimeout, .internalServerError, .remoteConnectionFailed, .reset,
            .systemShutdown, .undefinedCondition:
            nil
        }
    }
}
