import ArgumentParser
import Daemon
import Foundation
import IDNA
import Issues
import WebArchive

struct Site: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the web archive: all issues as pages and feeds in a folder.",
        discussion: """
            Needs no running service. Only what has changed is written, each file at once. With a \
            directory and without --config no configuration is read: --base is needed then, and \
            all files dated up to today are taken. docs/site.md says more.

            Example: broadsheet site --config broadsheet.yaml --out /var/www/dispatch
            """
    )

    @Option(help: "The folder to write to; 'site.output' of the newsletter by default.")
    var out: String?

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config: String?

    @Option(help: "The newsletter, if the configuration has several.")
    var newsletter: String?

    @Option(help: "The address the archive will have; 'web' of the newsletter by default.")
    var base: String?

    @Option(help: "The newsletter's title, where no configuration has it.")
    var title = "Newsletter"

    @Option(help: "The language of files that name none, where no configuration has it.")
    var language = "en"

    @Option(help: "A folder with templates and texts that replace the program's.")
    var templates: String?

    @Option(help: "The folder of the images that issues address from the root of the site.")
    var images: String?

    @Flag(help: "Take issues as well that are not published yet.")
    var drafts = false

    @Argument(help: "The directory of the issue files.")
    var directory: String?

    @OptionGroup var json: JSONOption

    private struct Line: Encodable {
        let issues: Int
        let written: [String]
        let removed: [String]
        let unchanged: Int
        let notPublished: [String]
        let warnings: [String]

        init(_ report: ArchiveReport) {
            issues = report.issues
            written = report.changes.written
            removed = report.changes.removed
            unchanged = report.changes.unchanged
            notPublished = report.leftOut
            warnings = report.warnings
        }
    }

    func run() throws {
        do {
            let report = try build()
            guard !json.isOn else { return try JSONLines.show(Line(report)) }
            for line in report.warnings { Failure.say(line) }
            if !report.leftOut.isEmpty {
                Terminal.show("Not published yet: \(report.leftOut.joined(separator: ", ")).")
            }
            let changes = report.changes
            print(
                "\(report.issues) issues; \(changes.written.count) files written, "
                    + "\(changes.removed.count) removed, \(changes.unchanged) as they were."
            )
        } catch let error as ExitCode {
            throw error
        } catch {
            throw Failure.exit(error, status: 1)
        }
    }

    private func build() throws -> ArchiveReport {
        let isConfigured = config != nil || directory == nil
        return isConfigured ? try buildConfigured() : try buildAlone()
    }

    private func buildConfigured() throws -> ArchiveReport {
        var options = ConfigurationOption()
        options.config = config ?? "/etc/broadsheet/broadsheet.yaml"
        let configuration = try options.read()
        let settings = try chosen(of: configuration)
        guard let base = base ?? settings.web else {
            throw missing("the archive's address: set 'web' of the newsletter, or --base")
        }
        var definition = settings.archive(at: try checked(base))
        if let images { definition.images = images }
        let builder = try builder(
            definition,
            directory ?? settings.issues.path(percentEncoded: false),
            templates: templates ?? settings.archive.templates?.path(percentEncoded: false),
            taxonomy: settings.taxonomy,
            ledger: try settings.ledger(in: configuration)
        )
        guard let out = out ?? settings.archive.output?.path(percentEncoded: false) else {
            throw missing("where to write: set 'site.output' of the newsletter, or --out")
        }
        return try builder.build(into: out)
    }

    private func chosen(of configuration: Configuration) throws -> NewsletterSettings {
        let all = configuration.newsletters
        let names = all.map(\.newsletter.name).joined(separator: ", ")
        guard let newsletter else {
            guard let only = all.first, all.count == 1 else {
                throw missing("which newsletter: --newsletter with one of \(names)")
            }
            return only
        }
        guard let settings = all.first(where: { $0.newsletter.name == newsletter }) else {
            throw Failure.exit("There is no newsletter '\(newsletter)': \(names).", status: 1)
        }
        return settings
    }

    private func buildAlone() throws -> ArchiveReport {
        guard let base else { throw missing("the archive's address: --base") }
        guard let out else { throw missing("where to write: --out") }
        let definition = ArchiveDefinition(
            name: "newsletter",
            title: title,
            site: WebSite(base: try checked(base), defaultLanguage: language),
            images: images
        )
        let builder = try builder(definition, directory ?? ".", templates: templates)
        return try builder.build(into: out)
    }

    private func builder(
        _ definition: ArchiveDefinition,
        _ directory: String,
        templates: String?,
        taxonomy: Taxonomy? = .xmppNewsletter,
        ledger: PublicationLedger = PublicationLedger()
    ) throws -> ArchiveBuilder {
        let language = definition.site.defaultLanguage
        return ArchiveBuilder(
            definition,
            directory: IssueDirectory(path: directory, defaultLanguage: language),
            context: IssueContext(
                defaultLanguage: language,
                taxonomy: taxonomy,
                hostToASCII: { try? DomainName.toASCII($0) }
            ),
            templates: try TemplateSet(folder: templates),
            ledger: ledger,
            today: Self.today,
            includesDrafts: drafts
        )
    }

    private func checked(_ base: String) throws -> String {
        guard base.hasPrefix("https://") || base.hasPrefix("http://") else {
            throw Failure.exit(
                "'\(base)' is no address of a web site, such as https://example.org/news/.",
                status: 1
            )
        }
        return base
    }

    private func missing(_ what: String) -> ExitCode {
        Failure.exit("Missing is \(what).", status: 1)
    }

    /// The day it is in UTC, as dates in the ledger are.
    private static var today: IssueDate {
        guard let day = IssueDate(Date.now.formatted(.iso8601.year().month().day())) else {
            preconditionFailure("Foundation writes dates as ISO 8601 does.")
        }
        return day
    }
}

extension Failure {
    /// A line on standard error; the program goes on.
    static func say(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
