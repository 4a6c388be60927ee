import Issues

/// An issue in one language with its place in the archive.
struct ArchivedIssue: Sendable {
    let issue: NewsletterIssue
    let page: SitePath

    /// The id and dates of its entries, RFC 3339.
    let stamp: PublicationLedger.Entry

    var date: IssueDate { issue.frontMatter.date }
}

/// All that is in the archive, in order.
struct ArchiveContents: Sendable {
    /// By language, the newest first.
    let issues: [String: [ArchivedIssue]]

    /// The languages with issues, the default one first, the others by their tags.
    let languages: [String]

    private let translations: [IssueID: [ArchivedIssue]]

    init(_ issues: [ArchivedIssue], defaultLanguage: String) {
        let sorted = issues.sorted { ($0.date, $0.issue.id) > ($1.date, $1.issue.id) }
        self.issues = Dictionary(grouping: sorted, by: \.issue.language)
        let others = Set(self.issues.keys).subtracting([defaultLanguage]).sorted()
        languages = [defaultLanguage] + others
        translations = Dictionary(grouping: sorted, by: \.issue.id)
    }

    /// When something was changed last, RFC 3339; nil if there are no issues.
    var updated: String? { issues.values.joined().map(\.stamp.updated).max() }

    /// The issue in all its languages, in the order of `languages`.
    func translations(of issue: ArchivedIssue) -> [ArchivedIssue] {
        let all = translations[issue.issue.id] ?? []
        return languages.compactMap { language in
            all.first { $0.issue.language == language }
        }
    }
}
