/// What an issue is called in every language: its file name without language and extension.
///
/// It is also the id of the issue's item in every node.
public struct IssueID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// The date the id begins with, if any.
    public var date: IssueDate? {
        IssueDate(rawValue.prefix(10))
    }
}

extension IssueID: Comparable {
    public static func < (left: IssueID, right: IssueID) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension IssueID: CustomStringConvertible {
    public var description: String { rawValue }
}
