public import ArgumentParser
import IDNA
public import Issues

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what is wrong with issue files, with its place.",
        discussion: """
            Needs neither a configuration nor a running service. The exit status is 0 if there is no \
            error, 1 if there is one, 2 if a file could not be read. The rules are in docs/checks.md.

            Example: broadsheet check --format github issues/2026-10-05-dispatch*.md
            """
    )

    @Option(help: "text, json, github or sarif.")
    var format = CheckFormat.text

    @Option(help: "The language of files that name none.")
    var language = "en"

    @Option(help: "The web site the issues stand on.")
    var web = "https://example.org/"

    @Option(help: "The folder that holds the images; without it they are not looked for.")
    var images: String?

    @Argument(help: "The issue files.")
    var files: [String]

    func run() throws {
        let context = IssueContext(
            defaultLanguage: language,
            site: WebSite(base: web, defaultLanguage: language),
            hostToASCII: { try? DomainName.toASCII($0) }
        )
        let checker = IssueChecker(settings: CheckSettings(imageFolder: images), context: context)
        let report = checker.check(paths: files)
        print(report.formatted(as: format))
        throw ExitCode(report.exitCode)
    }
}

extension CheckFormat: ExpressibleByArgument {}
