public import ArgumentParser
import Foundation
public import Issues

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what is wrong with issue files, with its place.",
        discussion: """
            Needs no running service. The exit status is 0 if there is no error, 1 if there is one, \
            2 if a file could not be read. The rules are in docs/checks.md.

            Example: broadsheet check --format github issues/2026-10-05-dispatch*.md
            """
    )

    @Option(help: "text, json, github or sarif.")
    var format = CheckFormat.text

    @Option(
        name: .customLong("rule"),
        help: "What a rule's findings count as, NAME=off, NAME=warning or NAME=error; repeatable."
    )
    var rules: [RuleLevel] = []

    @Option(help: "A copy of the XSF's xeplist.xml, to compare numbers and titles with.")
    var specifications: String?

    @Flag(help: "Correct what is mechanical; the changes are shown first.")
    var fix = false

    @Flag(help: "With --fix, write the changes without asking.")
    var yes = false

    @Flag(help: "Follow the links over the web, politely.")
    var links = false

    @OptionGroup var linkOptions: LinkOptions

    @OptionGroup var options: IssueOptions

    @Argument(help: "The issue files.")
    var files: [String]

    func run() async throws {
        let checker = try checker()
        if fix { try FileFixing(checker: checker, isAgreed: yes).run(on: files) }
        var report = checker.check(paths: files)
        if links {
            let found = try await linkOptions.deadLinks(in: files, by: checker)
            report = checker.adding(found, to: report)
        }
        Terminal.pass(report.formatted(as: format), terminator: "")
        throw ExitCode(report.exitCode)
    }

    private func checker() throws -> IssueChecker {
        let newsletter = try options.settings()
        var settings = newsletter?.checks ?? CheckSettings()
        for rule in rules { settings.levels[rule.rule] = rule.level }
        if let specifications {
            do {
                settings.specifications = try SpecificationList(
                    file: URL(filePath: specifications)
                )
            } catch {
                throw Failure.exit(error, status: CheckReport.unreadableStatus)
            }
        }
        return IssueChecker(settings: settings, context: try options.context(newsletter))
    }
}

/// `NAME=LEVEL`.
struct RuleLevel: ExpressibleByArgument {
    let rule: IssueRule
    let level: IssueRule.Level

    init?(argument: String) {
        let parts = argument.split(separator: "=").map(String.init)
        guard parts.count == 2, let rule = IssueRule(rawValue: parts[0]),
            let level = IssueRule.Level(rawValue: parts[1])
        else { return nil }
        self.rule = rule
        self.level = level
    }
}

extension CheckFormat: ExpressibleByArgument {}
