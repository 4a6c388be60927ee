/// Why a text is not an XMPP address (RFC 7622 §3).
public enum JIDError: Error, Hashable, Sendable {
    public enum Part: String, Sendable {
        case localpart, domainpart, resourcepart
    }

    case empty(Part)
    /// More than 1023 bytes of UTF-8.
    case tooLong(Part)
    /// A character that may not stand there, or not at that place.
    case disallowed(Part, Unicode.Scalar)
    /// Right-to-left and left-to-right text mixed against the Bidi Rule (RFC 5893 §2).
    case mixedDirections(Part)
    /// Not a domain name by IDNA2008, nor an IP address: libidn2's reason.
    case notADomain(String, reason: String)
}

extension JIDError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty(let part):
            "The \(part.rawValue) of the address is empty."
        case .tooLong(let part):
            "The \(part.rawValue) of the address is longer than 1023 bytes."
        case .disallowed(let part, let scalar):
            "The \(part.rawValue) of the address may not contain "
                + "\(Self.codePoint(of: scalar))."
        case .mixedDirections(let part):
            "The \(part.rawValue) of the address mixes directions of writing."
        case .notADomain(let text, let reason):
            "'\(text)' is not a domain name: \(reason)."
        }
    }

    /// `U+0020`: at least four digits, as the Unicode Standard writes it.
    private static func codePoint(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
