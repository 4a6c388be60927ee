public import Foundation
import Issues
import Publishing
import Storage
public import WebArchive
import XMPP

/// Where the web archive of a newsletter comes from and goes to.
public struct ArchiveSettings: Hashable, Sendable {
    /// The folder it is written to, which a web server gives out.
    public var output: URL?
    /// A folder with templates, texts and files that replace those of the program.
    public var templates: URL?
    /// The folder that the archive with the drafts is written to, and its address.
    public var draftsOutput: URL?
    public var draftsWeb: String?
    /// Entries in a full page of a feed.
    public var feedPageSize = ArchiveDefinition.standardFeedPageSize
}

extension ConfigurationReading {
    static func archive(_ section: SettingsReader) -> ArchiveSettings {
        let output = section.optionalFile("output")
        let draftsOutput = section.optionalFile("drafts_output")
        let draftsWeb = section.string("drafts_web")
        if (draftsOutput == nil) != (draftsWeb == nil) {
            section.note(
                "Drafts need both, 'drafts_output' and 'drafts_web'.",
                key: draftsOutput == nil ? "drafts_web" : "drafts_output"
            )
        }
        if let output, let draftsOutput, output.holds(draftsOutput) || draftsOutput.holds(output) {
            section.note(
                "Drafts would be seen: neither of 'output' and 'drafts_output' may be in the other.",
                key: "drafts_output"
            )
        }
        return ArchiveSettings(
            output: output,
            templates: section.optionalFile("templates"),
            draftsOutput: draftsOutput,
            draftsWeb: draftsWeb,
            feedPageSize: section.integer(
                "feed_page_size",
                default: ArchiveDefinition.standardFeedPageSize,
                in: 1...1000
            )
        )
    }
}

extension URL {
    /// Whether the other is this folder or in it, links not followed.
    fileprivate func holds(_ other: URL) -> Bool {
        other.standardizedFileURL.pathComponents
            .starts(with: standardizedFileURL.pathComponents)
    }
}

extension NewsletterSettings {
    /// What the archive says of the newsletter, where the archive is at `web`.
    public func archive(at web: String) -> ArchiveDefinition {
        let nodes = newsletter.feeds.map { ($0.language, $0.node.rawValue) }
        return ArchiveDefinition(
            name: newsletter.name,
            title: newsletter.title,
            site: WebSite(base: web, defaultLanguage: newsletter.defaultFeed.language),
            author: newsletter.author,
            rights: newsletter.rights,
            contact: newsletter.contact.description,
            service: newsletter.engine?.description ?? newsletter.contact.domainpart,
            nodes: Dictionary(nodes) { first, _ in first },
            topicNodes: newsletter.topicFeeds.compactMap { feed in
                feed.topic.map {
                    ArchiveDefinition.TopicNode(
                        section: $0.section,
                        title: $0.title,
                        language: feed.language,
                        node: feed.node.rawValue
                    )
                }
            },
            images: images?.path(percentEncoded: false),
            feedPageSize: archive.feedPageSize
        )
    }

    /// What was published, as the database of the configuration has it; nothing if there is none.
    public func ledger(in configuration: Configuration) throws -> PublicationLedger {
        let snapshot = try LedgerSnapshot(
            path: configuration.database.path(percentEncoded: false),
            newsletter: newsletter.name,
            setting: PublicationTag.settingKey
        )
        guard let snapshot else { return PublicationLedger() }
        let entries = snapshot.publications.map { record in
            (
                PublicationLedger.Key(
                    issue: IssueID(rawValue: record.issue),
                    language: record.language
                ),
                PublicationLedger.Entry(
                    atomID: record.atomID,
                    published: DateTime(record.publishedAt).description,
                    updated: DateTime(record.updatedAt).description,
                    isRetracted: record.state == .retracted
                )
            )
        }
        return PublicationLedger(
            entries: Dictionary(entries) { first, _ in first },
            authority: snapshot.setting
        )
    }
}
