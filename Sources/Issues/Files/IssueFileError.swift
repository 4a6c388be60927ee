/// Why the files of a newsletter can't be read.
public enum IssueFileError: Error, Hashable, Sendable {
    case directory(String, reason: String)
    case file(String, reason: String)

    /// The file, or what it links to, is not within the newsletter's directory.
    case outside(String)
    case notRegular(String)
    case tooLarge(String, limit: Int)

    /// The file was written to each time we read it.
    case changing(String)

    /// The issue is not there in that language.
    case noTranslation(IssueID, language: String, available: [String])
}

extension IssueFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .directory(let path, let reason):
            "The directory of issues '\(path)' can't be read: \(reason). Check 'issues' in the "
                + "configuration, and that the service may read it."
        case .file(let path, let reason):
            "The issue file '\(path)' can't be read: \(reason)."
        case .outside(let path):
            "The issue file '\(path)' is a link to a place outside the directory of issues; "
                + "put the file itself there."
        case .notRegular(let path):
            "'\(path)' is not a file."
        case .tooLarge(let path, let limit):
            "The issue file '\(path)' is larger than \(limit) bytes; is it an issue?"
        case .changing(let path):
            "The issue file '\(path)' is being written to; try again when it is complete."
        case .noTranslation(let issue, let language, let available):
            "The issue '\(issue)' is not there in '\(language)', only in "
                + "\(available.joined(separator: ", "))."
        }
    }
}
