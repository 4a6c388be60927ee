public import Issues
public import Publishing
import XMPP

/// A newsletter as its editors work on it: the files of its issues, and what is made of them.
public struct NewsletterDesk: Sendable {
    public let newsletter: Newsletter
    public let directory: IssueDirectory
    public let context: IssueContext

    public init(newsletter: Newsletter, directory: IssueDirectory, context: IssueContext) {
        self.newsletter = newsletter
        self.directory = directory
        self.context = context
    }

    /// What the directory holds at this moment.
    func catalog() throws -> IssueCatalog {
        try directory.catalog()
    }

    /// The issue in a language, read from its file now.
    func read(_ id: IssueID, in language: String) throws -> NewsletterIssue {
        try directory.issue(id, language: language, in: context)
    }

    /// The issue's languages: those that can be published, and what is wrong with the others.
    func readings(of entry: IssueCatalog.Entry, in languages: [String]) -> [Reading] {
        languages.map { language in
            guard let feed = newsletter.feed(for: language) else {
                return .unusable(language, reason: noFeed(language))
            }
            do {
                let (file, bytes) = try directory.read(entry.id, language: language)
                let issue = try NewsletterIssue.parse(bytes, fileName: file, in: context)
                return .usable(issue, feed, contentHash: ContentHash.of(bytes))
            } catch {
                return .unusable(language, reason: "\(error)")
            }
        }
    }

    private func noFeed(_ language: String) -> String {
        "\(newsletter.name) has no node for the language '\(language)'; the operator can add it "
            + "to 'languages' in the configuration."
    }
}

extension NewsletterDesk {
    /// What became of the file of one language.
    enum Reading {
        case usable(NewsletterIssue, Newsletter.Feed, contentHash: String)
        case unusable(String, reason: String)

        var issue: NewsletterIssue? {
            if case .usable(let issue, _, _) = self { issue } else { nil }
        }

        /// What keeps the language from being published, as a line.
        var complaint: String? {
            if case .unusable(let language, let reason) = self {
                "\(language): \(reason)"
            } else {
                nil
            }
        }
    }
}
