import Foundation
import IDNA
import Issues
import Newsroom
import WebArchive

/// The web archives of drafts: each newsletter's with all issues, those that are not out as well, in
/// a folder and at an address of its own.
struct DraftSites: DraftPages {
    private let configuration: Configuration

    init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    func write(
        _ issue: IssueID,
        in language: String,
        of newsletter: String
    ) async throws -> String? {
        let settings = configuration.newsletters.first { $0.newsletter.name == newsletter }
        guard let settings, let base = settings.archive.draftsWeb,
            let folder = settings.archive.draftsOutput
        else { return nil }
        let definition = settings.archive(at: base)
        let directory = IssueDirectory(
            path: settings.issues.path(percentEncoded: false),
            defaultLanguage: definition.site.defaultLanguage
        )
        let builder = ArchiveBuilder(
            definition,
            directory: directory,
            context: IssueContext(
                defaultLanguage: definition.site.defaultLanguage,
                taxonomy: settings.taxonomy,
                hostToASCII: { try? DomainName.toASCII($0) }
            ),
            templates: try TemplateSet(
                folder: settings.archive.templates?.path(percentEncoded: false)
            ),
            ledger: try settings.ledger(in: configuration),
            today: .today,
            includesDrafts: true
        )
        _ = try builder.build(into: folder.path(percentEncoded: false))
        return try directory.issue(issue, language: language, in: builder.context).webAddress
    }
}
