/// The name of a PubSub node, unique in its service and case-sensitive (XEP-0060 §12.9).
public struct NodeID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    /// The longest name that is taken from others, in bytes: as long as a part of an address (RFC 7622
    /// §3.1).
    public static let longest = 1_023

    /// Nil if the name is empty.
    public init?(rawValue: String) {
        guard !rawValue.isEmpty else { return nil }
        self.rawValue = rawValue
    }

    private init(nonEmpty rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name with more behind it.
    public func appending(_ suffix: String) -> NodeID {
        NodeID(nonEmpty: rawValue + suffix)
    }

    public var description: String { rawValue }
}

/// The name of an item, unique in its node (XEP-0060 §12.9).
public struct ItemID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    /// Nil if the name is empty.
    public init?(rawValue: String) {
        guard !rawValue.isEmpty else { return nil }
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
}
