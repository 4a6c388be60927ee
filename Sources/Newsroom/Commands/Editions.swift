import Issues
import Publishing
import XML
import XMPP

/// Makes editions, which `Publishing` can publish, of issues that were read from their files.
struct Editions {
    let newsletter: Newsletter
    /// What is to be published.
    let readings: [NewsletterDesk.Reading]
    /// The issue in its other languages, to which entries refer as well.
    let translations: [NewsletterIssue]
    /// Where the images' sizes can be found out.
    var images: ImageFolder?
    /// The most bytes an item may have; a larger one is only told of, with its summary and link.
    let itemLimit: Int

    /// One edition for each language that can be published.
    ///
    /// Chat readers of languages in which the issue has no file get that of the default language.
    func make(for entry: IssueCatalog.Entry) -> [Edition] {
        let missing = newsletter.feeds.filter { !entry.languages.contains($0.language) }
        return readings.compactMap { reading -> Edition? in
            guard case .usable(let issue, let feed, let contentHash) = reading,
                let id = ItemID(rawValue: entry.id.rawValue)
            else { return nil }
            let isDefault = feed == newsletter.defaultFeed
            let announcements = announcements(of: issue, at: isDefault ? missing : [])
            return Edition(
                feed: feed,
                issue: id,
                fileName: issue.fileName.rawValue,
                title: issue.title,
                contentHash: contentHash,
                announcements: announcements,
                topics: topics(of: issue, id: id, announcedIn: isDefault ? missing : []),
                render: rendering(of: issue)
            )
        }
    }

    /// The sections that have nodes of their own, those without news left out.
    ///
    /// An item's id is the issue's, and its node the section's, so that neither depends on how a
    /// heading is spelt. What tells a changed section from one that reads as before is its entry.
    private func topics(
        of issue: NewsletterIssue,
        id: ItemID,
        announcedIn missing: [Newsletter.Feed]
    ) -> [Edition] {
        newsletter.topics(in: issue.language).compactMap { feed in
            guard let section = feed.topic?.section,
                let topic = issue.topic(SectionID(rawValue: section))
            else { return nil }
            let others = missing.compactMap { newsletter.topic(section, in: $0.language) }
            return Edition(
                feed: feed,
                issue: id,
                fileName: issue.fileName.rawValue,
                title: topic.issue.title,
                contentHash: ContentHash.of(Array(fingerprint(of: topic.issue).utf8)),
                announcements: announcements(of: topic.issue, at: others),
                emptyStates: topic.emptyStates,
                render: rendering(of: topic.issue)
            )
        }
    }

    /// The entry without dates, and without translations, which come by and by.
    private func fingerprint(of issue: NewsletterIssue) -> String {
        AtomEntry(
            of: issue,
            id: "",
            published: "",
            updated: "",
            author: AtomEntry.Author(name: issue.frontMatter.author ?? newsletter.author),
            rights: newsletter.rights
        ).element.xml()
    }

    private func announcements(
        of issue: NewsletterIssue,
        at feeds: [Newsletter.Feed]
    ) -> [Edition.Announcement] {
        feeds.map { feed in
            Edition.Announcement(feed: feed) { stamp in
                Self.chat(issue, for: feed.language, link: stamp.itemURI)
            }
        }
    }

    /// The plain messages of an issue, as a reader of that language gets them.
    private static func chat(
        _ issue: NewsletterIssue,
        for language: String,
        link: String
    ) -> [ChatAmount: String] {
        let pairs = ChatAmount.allCases.map { amount in
            (amount, issue.chatText(amount, for: language, link: link))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private func rendering(
        of issue: NewsletterIssue
    ) -> @Sendable (PublicationStamp) -> EditionRendering {
        let newsletter = newsletter
        let (images, itemLimit) = (images, itemLimit)
        let all = readings.compactMap(\.issue) + translations
        let related = all.compactMap { other in
            other.language == issue.language
                ? nil
                : other.webAddress.map {
                    AtomEntry.Translation(language: other.language, address: $0)
                }
        }
        return { stamp in
            let entry = AtomEntry(
                of: issue,
                id: stamp.atomID,
                published: DateTime(stamp.publishedAt).description,
                updated: DateTime(stamp.updatedAt).description,
                author: AtomEntry.Author(
                    name: issue.frontMatter.author ?? newsletter.author,
                    uri: "xmpp:\(newsletter.contact)"
                ),
                rights: newsletter.rights,
                itemAddress: stamp.itemURI,
                translations: related,
                images: images
            )
            return EditionRendering(
                payload: entry.fitting(itemLimit).element,
                body: issue.eventBody(link: stamp.itemURI),
                chat: Self.chat(issue, for: issue.language, link: stamp.itemURI)
            )
        }
    }
}
