import Issues
import XML
import XMPP

/// Makes an issue, or a section of it, an entry of a feed on the web.
struct IssueEntry {
    let definition: ArchiveDefinition

    /// The entry of the PubSub item, but for its text content.
    func make(
        of issue: NewsletterIssue,
        stamp: PublicationLedger.Entry,
        topic: SectionID? = nil,
        translations: [ArchivedIssue] = []
    ) -> AtomFeed.Entry {
        let entry = AtomEntry(
            of: issue,
            id: topic.map { "\(stamp.atomID)/\($0.rawValue.percentEncoded())" } ?? stamp.atomID,
            published: stamp.published,
            updated: stamp.updated,
            author: AtomEntry.Author(
                name: issue.frontMatter.author ?? definition.author,
                uri: definition.contact.map { "xmpp:\($0)" }
            ),
            rights: definition.rights,
            translations: translations.compactMap { other in
                other.issue.webAddress.map {
                    AtomEntry.Translation(language: other.issue.language, address: $0)
                }
            }
        )
        return AtomFeed.Entry(element: entry.webElement, updated: stamp.updated)
    }
}
