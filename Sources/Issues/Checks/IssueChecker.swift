/// Reads issues as an attentive editor would, before readers do.
public struct IssueChecker: Sendable {
    let settings: CheckSettings
    let context: IssueContext

    public init(settings: CheckSettings = CheckSettings(), context: IssueContext) {
        self.settings = settings
        self.context = context
    }

    /// A checker of files of which nothing is known but that they are issues.
    public init(
        settings: CheckSettings = CheckSettings(),
        taxonomy: Taxonomy?,
        defaultLanguage: String = "en",
        imageFolder: String? = nil
    ) {
        let site = WebSite(base: "https://example.org/", defaultLanguage: defaultLanguage)
        self.init(
            settings: settings,
            context: IssueContext(
                defaultLanguage: defaultLanguage,
                site: site,
                taxonomy: taxonomy,
                images: imageFolder.map { ImageFolder(path: $0, site: site) }
            )
        )
    }

    /// Checks the files at some paths, comparing them with their originals and predecessors in the
    /// same folder.
    public func check(paths: [String]) -> CheckReport {
        var files: [CheckFile] = []
        var failures: [CheckFile.Failure] = []
        for path in paths {
            do throws(CheckFile.Failure) {
                files.append(try CheckFile(reading: path, defaultLanguage: context.defaultLanguage))
            } catch {
                failures.append(error)
            }
        }
        let others = CheckFile.neighbours(of: paths, defaultLanguage: context.defaultLanguage)
        var report = check(files, comparingWith: others)
        report.failures = failures
        return report
    }

    /// Checks files; the others are only compared with them.
    public func check(
        _ files: [CheckFile],
        comparingWith others: [CheckFile] = []
    ) -> CheckReport {
        let subjects = files.map { file in
            Result { () throws(IssueError) in try CheckSubject(file, in: context) }
        }
        let companions = others.compactMap { try? CheckSubject($0, in: context) }
        let shelf = Shelf(subjects.compactMap { try? $0.get() } + companions)
        var findings: [IssueFinding] = []
        for (file, subject) in zip(files, subjects) {
            let found =
                switch subject {
                case .success(let subject): self.findings(in: subject, shelf)
                case .failure(let error): error.findings
                }
            findings += found.compactMap(settings.judged).map { finding in
                var finding = finding
                finding.file = file.path
                return finding
            }
        }
        return CheckReport(findings: findings, fileCount: files.count)
    }

    private func findings(in subject: CheckSubject, _ shelf: Shelf) -> [IssueFinding] {
        var checks =
            IssueCheck.all + [
                .size(limit: settings.maximumItemSize),
                .messageSize(limit: settings.maximumMessageSize),
            ]
        if let list = settings.specifications { checks.append(.specifications(list)) }
        if let images = context.images { checks.append(.imageFiles(in: images)) }
        if subject.issue.language != context.defaultLanguage,
            let original = shelf.issue(subject.issue.id, in: context.defaultLanguage)
        {
            checks.append(.drift(from: original))
        }
        if let previous = shelf.issue(before: subject.issue.id, in: subject.issue.language) {
            checks.append(.repetitions(of: previous))
        }
        var log = FindingLog(file: subject.file.path)
        for check in checks { check(subject, &log) }
        return (subject.issue.warnings + log.sorted).sorted { $0.place < $1.place }
    }
}

/// The issues that can be compared with each other.
private struct Shelf {
    /// By language, then in order of their ids.
    private let issues: [String: [CheckSubject]]

    init(_ subjects: [CheckSubject]) {
        issues = Dictionary(grouping: subjects) { $0.issue.language }
            .mapValues { $0.sorted { $0.issue.id < $1.issue.id } }
    }

    func issue(_ id: IssueID, in language: String) -> CheckSubject? {
        issues[language]?.first { $0.issue.id == id }
    }

    func issue(before id: IssueID, in language: String) -> CheckSubject? {
        issues[language]?.last { $0.issue.id < id }
    }
}
