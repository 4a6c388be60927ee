/// Collects what the steps of reading one file find, so that people are told all of it at once.
struct FindingLog {
    let file: String
    private(set) var findings: [IssueFinding] = []

    /// Nobody reads more, and a file that is no issue at all could make a million.
    private static let most = 1_000

    init(file: String) {
        self.file = file
    }

    var hasErrors: Bool {
        findings.contains { $0.severity == .error }
    }

    /// By place, each once.
    var sorted: [IssueFinding] {
        var seen: Set<IssueFinding> = []
        return findings.filter { seen.insert($0).inserted }.sorted { $0.place < $1.place }
    }

    mutating func error(_ rule: IssueRule, at place: SourcePlace, _ message: String) {
        add(.error, rule, place, message)
    }

    /// A warning, with what should stand there instead, and how it comes there, if that is known.
    mutating func warning(
        _ rule: IssueRule,
        at place: SourcePlace,
        _ message: String,
        suggestion: String? = nil,
        edit: SourceEdit? = nil
    ) {
        add(.warning, rule, place, message, suggestion, edit)
    }

    private mutating func add(
        _ severity: IssueFinding.Severity,
        _ rule: IssueRule,
        _ place: SourcePlace,
        _ message: String,
        _ suggestion: String? = nil,
        _ edit: SourceEdit? = nil
    ) {
        guard findings.count < Self.most || (severity == .error && !hasErrors) else { return }
        var finding = IssueFinding(
            file: file,
            place: place,
            severity: severity,
            message: message,
            rule: rule,
            suggestion: suggestion
        )
        finding.edit = edit
        findings.append(finding)
    }
}
