/// Why an issue can't be published.
public enum PublishingError: Error, Hashable, Sendable {
    /// The same content was published from a file of another name.
    case renamed(file: String, earlier: String, issue: String)
}

extension PublishingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .renamed(let file, let earlier, let issue):
            "\(file) has the very content of \(earlier), which was published as \(issue). "
                + "If it was only renamed, give it its old name back; if it is a new issue, "
                + "change its text."
        }
    }
}
