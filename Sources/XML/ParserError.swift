/// Why a document can't be read further.
public enum ParserError: Error, Hashable, Sendable {
    /// It is not well-formed: expat's words, and where.
    case notWellFormed(reason: String, line: Int, column: Int)

    /// It holds what XMPP forbids: a comment, a processing instruction or a document type
    /// declaration (RFC 6120 §11.1).
    case restricted(what: String, line: Int)

    /// It is not in UTF-8 (RFC 6120 §11.6).
    case unsupportedEncoding(String)

    /// What no stanza can be skipped for is longer than the limits allow.
    case oversized(what: String)

    /// More bytes were given to a parser that has failed or finished.
    case ended
}

extension ParserError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notWellFormed(let reason, let line, let column):
            "The XML is not well-formed: \(reason) at line \(line), column \(column)."
        case .restricted(let what, let line):
            "The XML holds \(what) at line \(line), which XMPP forbids."
        case .unsupportedEncoding(let name):
            "The XML has \(name) where XMPP wants plain UTF-8."
        case .oversized(let what):
            "The XML has \(what) over the limit."
        case .ended:
            "The XML document has ended."
        }
    }
}

extension ParserError {
    init(_ refusal: Refusal, line: Int) {
        switch refusal {
        case .restricted(let what): self = .restricted(what: what, line: line)
        case .encoding(let name): self = .unsupportedEncoding(name)
        case .oversized(let what): self = .oversized(what: what)
        case .malformed(let reason): self = .notWellFormed(reason: reason, line: line, column: 1)
        }
    }
}
