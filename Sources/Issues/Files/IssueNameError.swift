/// Why a name does not say which issue is meant.
public enum IssueNameError: Error, Hashable, Sendable {
    case noMatch(String, nearest: [IssueID])
    case ambiguous(String, candidates: [IssueID])

    /// `latest`, while all issues are dated after today.
    case noLatest

    /// `next`, while no issue is dated after today.
    case noNext

    /// There is no issue at all.
    case none
}

extension IssueNameError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noMatch(let name, let nearest):
            "There is no issue '\(name)'. The nearest: \(Self.list(nearest))."
        case .ambiguous(let name, let candidates):
            "'\(name)' can mean several issues; say which: \(Self.list(candidates))."
        case .noLatest:
            "No issue is out yet: all are dated after today. Say which one you mean, or 'next'."
        case .noNext:
            "No issue is dated after today. Say which one you mean, or 'latest'."
        case .none:
            "There are no issues yet. Put the first one's Markdown file into the directory."
        }
    }

    /// The last ten, since people ask for recent issues.
    private static func list(_ ids: [IssueID]) -> String {
        let names = ids.suffix(10).map(\.rawValue).joined(separator: ", ")
        return ids.count > 10 ? "\(names) and \(ids.count - 10) older" : names
    }
}
