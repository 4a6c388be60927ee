import ArgumentParser
import Daemon
import Foundation
import IDNA
import Issues

/// What must be known of a newsletter to read its files without a running service.
struct IssueOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "Take all that follows from a newsletter in this configuration."
    )
    var config: String?

    @Option(help: "The newsletter's short name; with --config needed only if there are several.")
    var newsletter: String?

    @Option(help: "The language of files that name none. (default: en)")
    var language: String?

    @Option(help: "The web site the issues stand on. (default: https://example.org/)")
    var web: String?

    @Option(help: "The folder that holds the site's images; without it they are not looked for.")
    var images: String?

    @Option(help: "A file that lists the sections; 'none' if there are none to be known.")
    var taxonomy: String?

    /// The newsletter in the configuration, if one was given.
    func settings() throws -> NewsletterSettings? {
        guard let config else { return nil }
        var options = ConfigurationOption()
        options.config = config
        let all = try options.read().newsletters
        let named = all.filter { newsletter == nil || $0.newsletter.name == newsletter }
        guard named.count == 1 else {
            let names = all.map(\.newsletter.name).joined(separator: ", ")
            throw Failure.exit(
                "Say which newsletter is meant with --newsletter; \(config) has: \(names).",
                status: Failure.configurationStatus
            )
        }
        return named.first
    }

    func context(_ settings: NewsletterSettings?) throws -> IssueContext {
        let language = language ?? settings?.language ?? "en"
        let site = WebSite(
            base: web ?? settings?.web ?? "https://example.org/",
            defaultLanguage: language
        )
        let folder = images ?? settings?.images?.path(percentEncoded: false)
        return IssueContext(
            defaultLanguage: language,
            site: site,
            taxonomy: try readTaxonomy() ?? (taxonomy == nil ? standard(settings) : nil),
            images: folder.map { ImageFolder(path: $0, site: site) },
            hostToASCII: { try? DomainName.toASCII($0) }
        )
    }

    private func standard(_ settings: NewsletterSettings?) -> Taxonomy? {
        guard let settings else { return .xmppNewsletter }
        return settings.taxonomy
    }

    private func readTaxonomy() throws -> Taxonomy? {
        guard let taxonomy, taxonomy != "none" else { return nil }
        do {
            return try Taxonomy(file: URL(filePath: taxonomy))
        } catch {
            throw Failure.exit(error, status: CheckReport.unreadableStatus)
        }
    }
}
