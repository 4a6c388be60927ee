public import Issues

/// What the ledger says of the issues that were published.
public struct PublicationLedger: Sendable {
    /// An issue in one language.
    public struct Key: Hashable, Sendable {
        public var issue: IssueID
        public var language: String

        public init(issue: IssueID, language: String) {
            self.issue = issue
            self.language = language
        }
    }

    /// What was entered at the first publish, and at the last correction.
    public struct Entry: Hashable, Sendable {
        public var atomID: String

        /// RFC 3339, as `updated`.
        public var published: String
        public var updated: String
        public var isRetracted: Bool

        public init(atomID: String, published: String, updated: String, isRetracted: Bool) {
            self.atomID = atomID
            self.published = published
            self.updated = updated
            self.isRetracted = isRetracted
        }
    }

    public var entries: [Key: Entry]

    /// The authority of `atom:id`, `news.example.org,2026-11-21`, once the service has fixed it.
    public var authority: String?

    public init(entries: [Key: Entry] = [:], authority: String? = nil) {
        self.entries = entries
        self.authority = authority
    }

    /// The day of the first publish there was; files before it were published otherwise.
    var firstDay: IssueDate? {
        entries.values.compactMap { IssueDate($0.published.prefix(10)) }.min()
    }
}
