public import Foundation

/// The specifications there are, as the XSF's `xeplist.xml` has them.
public struct SpecificationList: Hashable, Sendable {
    /// By their four digits, such as `0384`.
    public let titles: [String: String]

    public init(titles: [String: String]) {
        self.titles = titles
    }

    /// Reads a copy of `xeplist.xml`; proposals, which have no number yet, are passed over.
    public init(file: URL) throws(SpecificationListError) {
        self.init(try SpecificationCopy(file: file))
    }

    init(xml text: String) throws {
        self.init(try SpecificationCopy(xml: text))
    }

    private init(_ copy: SpecificationCopy) {
        var titles: [String: String] = [:]
        for (name, specification) in copy.specifications {
            guard case .number(let number) = name else { continue }
            titles[IssueDate.padded(number, to: 4)] = specification.title
        }
        self.init(titles: titles)
    }
}

/// Why a file tells of no specifications.
public enum SpecificationListError: Error, Hashable, Sendable, CustomStringConvertible {
    case file(String, reason: String)
    case content(String, reason: String)

    public var description: String {
        switch self {
        case .file(let path, let reason):
            "The list of specifications '\(path)' can't be read: \(reason)."
        case .content(let path, let reason):
            "'\(path)' is no list of specifications such as xeplist.xml: \(reason)"
        }
    }
}
