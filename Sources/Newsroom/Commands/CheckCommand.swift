import Commands
import Issues
import Localization

/// `check ISSUE [links] [LANGUAGE…]`: what is wrong with an issue, before readers see it.
struct CheckCommand: Sendable {
    /// How many findings a language shows; more would bury the room.
    private static let mostFindings = 10

    let newsdesk: Newsdesk
    let book: WorkflowBook
    let links: LinkQuestion

    static let declaration = CommandDeclaration(
        "check",
        aliases: ["lint"],
        summary: .text("check.summary"),
        parameters: [.issue, Self.withLinks, .languages],
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["check 2026-10", "check next de", "check next links"]
    )

    var command: Command {
        Command(Self.declaration) { invocation, responder in
            await run(invocation, responder)
        }
    }

    private static let withLinks = Parameter(
        "links",
        .choice(["links"]),
        isRequired: false,
        summary: .text("parameter.links")
    )

    private func run(
        _ invocation: CommandInvocation,
        _ responder: any CommandResponder
    ) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let choice = try newsdesk.choose(for: invocation)
            let named = invocation.arguments.all("language").map { $0.lowercased() }
            let languages = named.isEmpty ? choice.languages : named
            for language in languages where choice.entry.files[language] == nil {
                throw IssueFileError.noTranslation(
                    choice.entry.id,
                    language: language,
                    available: choice.entry.languages
                )
            }
            let report = choice.desk.check(choice.entry, in: languages)
            try await note(report, of: choice, in: languages, by: WorkflowOrigin(invocation))
            let isClean = !report.findings.contains { $0.severity == .error }
            let request = isClean ? await request(for: choice, invocation, responder) : []
            let failures = report.failures.map(\.description)
            let parts = languages.compactMap { language in
                choice.entry.files[language].map { summary(of: report, language, $0, texts) }
            }
            var web: String?
            if invocation.arguments["links"] != nil {
                web = await links.ask(about: choice, in: languages, texts, responder)
            }
            let lines = failures + parts + [web].compactMap { $0 } + request
            return .done(lines.joined(separator: "\n"))
        } catch {
            return .failed("\(texts("check.nothing")) \(texts.reason(error))")
        }
    }

    /// What those read who can approve the issue now.
    private func request(
        for choice: Newsdesk.Choice,
        _ invocation: CommandInvocation,
        _ responder: any CommandResponder
    ) async -> [String] {
        let rules = choice.desk.approvals
        guard rules.needed > 0, case .room = invocation.face else { return [] }
        let key = choice.desk.key(of: choice.entry)
        await responder.asksToApprove("\(key.newsletter)/\(key.issue)")
        return [invocation.texts("check.approve", count: rules.needed, ["issue": key.issue])]
    }

    /// An issue is checked once all its languages are found to be without errors.
    private func note(
        _ report: CheckReport,
        of choice: Newsdesk.Choice,
        in languages: [String],
        by origin: WorkflowOrigin
    ) async throws {
        let hasErrors = report.findings.contains { $0.severity == .error }
        let isWhole = Set(languages) == Set(choice.entry.languages)
        guard isWhole || hasErrors else { return }
        let isClean = !hasErrors && report.failures.isEmpty
        let files = choice.desk.fingerprint(of: choice.entry)
        try await book.change(choice.desk.key(of: choice.entry), by: origin) {
            $0.checked(isClean: isClean, files: files)
        }
    }

    private func summary(
        of report: CheckReport,
        _ language: String,
        _ file: IssueFileName,
        _ texts: Texts
    ) -> String {
        let findings = report.findings.filter { $0.fileName == file.rawValue }
        guard !findings.isEmpty else { return "\(language): \(texts("check.fine"))" }
        let errors = findings.count { $0.severity == .error }
        let counts = [
            errors == 0 ? nil : texts.errors(errors),
            errors == findings.count ? nil : texts.warnings(findings.count - errors),
        ]
        let head =
            "\(language), \(file.rawValue): "
            + counts.compactMap { $0 }.joined(separator: ", ")
        // Errors first: they are what keeps the language from being published.
        let sorted =
            findings.filter { $0.severity == .error } + findings.filter { $0.severity != .error }
        let lines = sorted.prefix(Self.mostFindings).map { line($0, texts) }
        let rest = findings.count - lines.count
        let tail = rest > 0 ? [texts("more", ["count": rest])] : []
        return ([head] + lines + tail).joined(separator: "\n")
    }

    private func line(_ finding: IssueFinding, _ texts: Texts) -> String {
        let place = texts(
            "check.place",
            ["line": finding.place.line, "column": finding.place.column]
        )
        let severity = texts("severity.\(finding.severity.rawValue)")
        let instead = finding.suggestion.map { texts("check.instead", ["suggestion": $0]) }
        let more = [texts.details(of: finding), instead].compactMap { $0.map { "\n  \($0)" } }
        return "- \(place): \(severity): \(texts.sentence(on: finding)) "
            + "[\(finding.rule.rawValue)]\(more.joined())"
    }
}
