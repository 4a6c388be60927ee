import Issues
import Localization

extension IssueNameError: Explained {
    func explanation(in texts: Texts) -> String {
        switch self {
        case .noMatch(let name, let nearest):
            texts("noIssue", ["name": name, "nearest": Self.list(nearest, texts)])
        case .ambiguous(let name, let candidates):
            texts("ambiguous", ["name": name, "candidates": Self.list(candidates, texts)])
        case .noLatest: texts("noLatest")
        case .noNext: texts("noNext")
        case .none: texts("noIssues")
        }
    }

    /// The last ten, since people ask for recent issues.
    private static func list(_ ids: [IssueID], _ texts: Texts) -> String {
        let names = ids.suffix(10).map(\.rawValue).joined(separator: ", ")
        return ids.count > 10 ? texts("older", ["names": names, "count": ids.count - 10]) : names
    }
}

extension IssueFileError: Explained {
    func explanation(in texts: Texts) -> String {
        switch self {
        case .directory(let path, let reason):
            texts("file.directory", ["path": path, "reason": reason])
        case .file(let path, let reason):
            texts("file.unreadable", ["path": path, "reason": reason])
        case .outside(let path): texts("file.outside", ["path": path])
        case .notRegular(let path): texts("file.notRegular", ["path": path])
        case .tooLarge(let path, let limit):
            texts("file.tooLarge", ["path": path, "limit": limit])
        case .changing(let path): texts("file.changing", ["path": path])
        case .noTranslation(let issue, let language, let available):
            texts(
                "file.noTranslation",
                [
                    "issue": issue, "language": language,
                    "available": available.joined(separator: ", "),
                ]
            )
        }
    }
}

extension IssueError: Explained {
    func explanation(in texts: Texts) -> String {
        findings.map(texts.line).joined(separator: "\n")
    }
}
