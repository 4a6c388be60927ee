public import Issues
import Localization
public import Publishing
import XMPP

/// A newsletter as its editors work on it: the files of its issues, and what is made of them.
public struct NewsletterDesk: Sendable {
    public let newsletter: Newsletter
    public let directory: IssueDirectory
    public let context: IssueContext
    /// What the issues are checked for.
    public let checks: CheckSettings
    /// In which its editors say times.
    public let zone: LocalZone
    /// The language in which its rooms are told what nobody asked for.
    public let language: String
    /// How many people have to agree before an issue goes out.
    public let approvals: ApprovalRules
    /// Copies of the list of specifications, if the newsletter tells of them.
    public let specifications: SpecificationFolder?
    /// What is due on which days.
    public let calendar: EditorialCalendar

    public init(
        newsletter: Newsletter,
        directory: IssueDirectory,
        context: IssueContext,
        checks: CheckSettings = CheckSettings(),
        zone: LocalZone = .utc,
        language: String = "en",
        approvals: ApprovalRules = ApprovalRules(),
        specifications: SpecificationFolder? = nil,
        calendar: EditorialCalendar = EditorialCalendar()
    ) {
        self.newsletter = newsletter
        self.directory = directory
        self.context = context
        self.checks = checks
        self.zone = zone
        self.language = language
        self.approvals = approvals
        self.specifications = specifications
        self.calendar = calendar
    }

    /// What the directory holds at this moment.
    func catalog() throws -> IssueCatalog {
        try directory.catalog()
    }

    /// The issue in a language, read from its file now.
    func read(_ id: IssueID, in language: String) throws -> NewsletterIssue {
        try directory.issue(id, language: language, in: context)
    }

    /// What tells whether the file has changed; nil if there is none that can be read.
    func contentHash(of issue: ItemID, in language: String) -> String? {
        let id = IssueID(rawValue: issue.rawValue)
        guard let (_, bytes) = try? directory.read(id, language: language) else { return nil }
        return ContentHash.of(bytes)
    }

    private var checker: IssueChecker { IssueChecker(settings: checks, context: context) }

    private func paths(of entry: IssueCatalog.Entry, in languages: [String]) -> [String] {
        languages.compactMap { entry.files[$0.lowercased()] }
            .map { "\(directory.path)/\($0.rawValue)" }
    }

    /// What is found in the issue's files of these languages, each compared with its original and
    /// with the issue before.
    func check(_ entry: IssueCatalog.Entry, in languages: [String]) -> CheckReport {
        checker.check(paths: paths(of: entry, in: languages))
    }

    /// What leads from the issue's files of these languages to the web.
    func webLinks(of entry: IssueCatalog.Entry, in languages: [String]) -> [WebLink] {
        checker.webLinks(
            in: paths(of: entry, in: languages).compactMap { try? CheckFile(reading: $0) }
        )
    }

    /// The findings as the settings count them; those that they leave out are none.
    func judged(_ findings: [IssueFinding]) -> [IssueFinding] {
        findings.compactMap(checks.judged)
    }

    /// The issue's languages: those that can be published, and what is wrong with the others.
    ///
    /// What the checks call an error keeps a language back.
    ///
    /// - Parameters:
    ///   - entry: The issue.
    ///   - languages: Its languages, in lower case.
    ///   - report: What was found in their files; they are checked if that is not known yet.
    /// - Returns: One for each of the languages.
    func readings(
        of entry: IssueCatalog.Entry,
        in languages: [String],
        found report: CheckReport? = nil
    ) -> [Reading] {
        let report = report ?? check(entry, in: languages)
        let errors = report.findings.filter { $0.severity == .error }
        return languages.map { language in
            guard let feed = newsletter.feed(for: language) else {
                return .unusable(
                    language,
                    reason: NoNode(newsletter: newsletter.name, language: language)
                )
            }
            do {
                let (file, bytes) = try directory.read(entry.id, language: language)
                let issue = try NewsletterIssue.parse(bytes, fileName: file, in: context)
                let found = errors.filter { $0.fileName == file.rawValue }
                guard found.isEmpty else {
                    let first = found.prefix(Self.mostErrors).map(\.shortened)
                    return .unusable(language, reason: Errors(findings: first))
                }
                return .usable(issue, feed, contentHash: ContentHash.of(bytes))
            } catch {
                return .unusable(language, reason: error)
            }
        }
    }

    /// More errors of one language than these nobody reads in a chat.
    private static let mostErrors = 5

    /// Nothing says where issues of a language are published.
    struct NoNode: Explained {
        let newsletter: String
        let language: String

        func explanation(in texts: Texts) -> String {
            texts("noNode", ["newsletter": newsletter, "language": language])
        }
    }

    /// What the checks call errors.
    private struct Errors: Explained {
        let findings: [IssueFinding]

        func explanation(in texts: Texts) -> String {
            findings.map(texts.line).joined(separator: "\n")
        }
    }
}

extension NewsletterDesk {
    /// What became of the file of one language.
    enum Reading {
        case usable(NewsletterIssue, Newsletter.Feed, contentHash: String)
        case unusable(String, reason: any Error)

        var issue: NewsletterIssue? {
            if case .usable(let issue, _, _) = self { issue } else { nil }
        }

        /// What keeps the language from being published, as a line.
        func complaint(in texts: Texts) -> String? {
            if case .unusable(let language, let reason) = self {
                "\(language): \(texts.reason(reason))"
            } else {
                nil
            }
        }
    }
}

extension IssueFinding {
    /// The last part of the file's path.
    var fileName: String {
        file.split(separator: "/").last.map(String.init) ?? file
    }

    /// The finding under the name of its file alone, as people know it.
    var shortened: IssueFinding {
        var finding = self
        finding.file = fileName
        return finding
    }
}
