/// Why a document can't be read further.
public enum ParserError: Error, Hashable, Sendable {
    /// It is not well-formed: expat's words, and where.
    case notWellFormed(reason: String, line: Int, column: Int)

    /// It holds what XMPP forbids: a comment, a processing instruction or a document type
    /// declaration (RFC 6120 §11.1).
    case restricted(what: String, line: Int)

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
        case .ended:
            "The XML document has ended."
        }
    }
}

extension ParserError {
    init(_ refusal: Refusal, line: Int) {
        switch refusal {
        case .restricted(let what): self = .restricted(what: what, line: line)
        case .encoding(let name):
            self = .restricted(what: "an encoding other than UTF-8 (\(name))", line: line)
        case .oversized(let what): self = .restricted(what: "\(what) over the limit", line: line)
        case .malformed(let reason): self = .notWellFormed(reason: reason, line: line, column: 1)
        }
    }
}
