/// What a section is called in a taxonomy, in whatever words an issue's heading says it.
///
/// It also names the section's topic, so it stands in node ids: `newsletter-en-specifications`.
public struct SectionID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        rawValue = value
    }
}

extension SectionID: CustomStringConvertible {
    public var description: String { rawValue }
}

/// What sort of thing a section holds.
public enum SectionKind: String, CaseIterable, Hashable, Sendable {
    case news

    /// The specifications that came into one state: proposed, new, updated, and so on.
    case spec

    /// What stands in every issue, such as the licence; nobody looks for it in the contents.
    case boilerplate
}
