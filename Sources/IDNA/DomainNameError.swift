/// Why a text is not a domain name, nor an IP address in its place.
public struct DomainNameError: Error, Hashable, Sendable {
    /// The whole name, as it was given.
    public let text: String
    /// What is wrong with it, as the end of a sentence; libidn2's words where it judged.
    public let reason: String
}

extension DomainNameError: CustomStringConvertible {
    public var description: String {
        "'\(text)' is not a domain name: \(reason)."
    }
}
