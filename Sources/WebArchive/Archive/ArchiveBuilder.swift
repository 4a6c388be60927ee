public import Issues
import XMPP

/// What came of a run.
public struct ArchiveReport: Sendable {
    public let changes: SiteChanges
    public let issues: Int

    /// Files that are not in the archive since their issue is not out, or is withdrawn.
    public let leftOut: [String]

    /// Files with errors that are not out yet, one line each finding.
    public let warnings: [String]
}

/// Makes the web archive of a newsletter out of its issue files.
public struct ArchiveBuilder: Sendable {
    public var definition: ArchiveDefinition
    public var directory: IssueDirectory

    /// How the files are read; its site is the definition's.
    public var context: IssueContext
    public var templates: TemplateSet
    public var ledger: PublicationLedger
    public var today: IssueDate
    public var includesDrafts: Bool

    public init(
        _ definition: ArchiveDefinition,
        directory: IssueDirectory,
        context: IssueContext,
        templates: TemplateSet,
        ledger: PublicationLedger = PublicationLedger(),
        today: IssueDate,
        includesDrafts: Bool = false
    ) {
        self.definition = definition
        self.directory = directory
        self.context = context
        self.context.site = definition.site
        self.templates = templates
        self.ledger = ledger
        self.today = today
        self.includesDrafts = includesDrafts
    }

    /// Reads all issues and brings the folder up to date; after an error in an issue that is out
    /// nothing is written, and the archive stays as it was.
    public func build(into folder: String) throws -> ArchiveReport {
        let reading = try read()
        let plan = try SitePlanner(builder: self, reading.issues).plan()
        return ArchiveReport(
            changes: try SiteFolder(path: folder).update(to: plan),
            issues: reading.issues.count,
            leftOut: reading.leftOut,
            warnings: reading.warnings
        )
    }

    // MARK: - Reading

    private struct Reading {
        var issues: [ArchivedIssue] = []
        var leftOut: [String] = []
        var warnings: [String] = []
        var errors: [String] = []
    }

    /// What became of one file.
    private enum FileReading: Sendable {
        case issue(ArchivedIssue)
        case leftOut(String)
        /// It has errors, but is not out yet.
        case warning(String)
        case error(String)
        /// Nothing can be made of its address.
        case nowhere(ArchiveError)
    }

    private func read() throws -> Reading {
        let selection = IssueSelection(ledger: ledger, today: today, includesDrafts: includesDrafts)
        let files = try directory.catalog().entries.flatMap { entry in
            entry.files.sorted { $0.key < $1.key }.map {
                (entry.id, language: $0.key, name: $0.value)
            }
        }
        var reading = Reading()
        let readings = files.onAllCores { id, language, file in
            read(file, of: id, in: language, selection)
        }
        for result in readings {
            switch result {
            case .issue(let issue): reading.issues.append(issue)
            case .leftOut(let file): reading.leftOut.append(file)
            case .warning(let text): reading.warnings.append(text)
            case .error(let text): reading.errors.append(text)
            case .nowhere(let error): throw error
            }
        }
        guard reading.errors.isEmpty else { throw ArchiveError.issues(reading.errors) }
        return reading
    }

    private func read(
        _ file: IssueFileName,
        of id: IssueID,
        in language: String,
        _ selection: IssueSelection
    ) -> FileReading {
        let key = PublicationLedger.Key(issue: id, language: language)
        let issue: NewsletterIssue
        do {
            let bytes = try directory.read(file)
            issue = try NewsletterIssue.parse(bytes, fileName: file, in: context)
        } catch {
            // What nobody was to see yet keeps nothing else from being seen.
            let isOut = selection.includes(key, dated: id.date)
            return isOut ? .error("\(error)") : .warning("\(error)")
        }
        guard selection.includes(key, dated: issue.frontMatter.date) else {
            return .leftOut(file.rawValue)
        }
        let address = issue.webAddress ?? ""
        guard let page = SitePath(address: address, below: definition.site.base) else {
            return .nowhere(.address(address, file: file.rawValue))
        }
        let stamp = ledger.entries[key] ?? stamp(of: issue)
        return .issue(ArchivedIssue(issue: issue, page: page, stamp: stamp))
    }

    /// For an issue the ledger does not know: made of what will not change.
    private func stamp(of issue: NewsletterIssue) -> PublicationLedger.Entry {
        let host = definition.site.base.split(separator: "/").dropFirst().first ?? "localhost"
        let authority = ledger.authority ?? "\(host.prefix { $0 != ":" }),\(issue.frontMatter.date)"
        let parts = [definition.name, issue.id.rawValue, issue.language].map { $0.percentEncoded() }
        let moment = "\(issue.frontMatter.date)T00:00:00Z"
        return PublicationLedger.Entry(
            atomID: "tag:\(authority):\(parts.joined(separator: "/"))",
            published: moment,
            updated: moment,
            isRetracted: false
        )
    }
}
