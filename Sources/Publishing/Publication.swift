import Foundation
import PubSub
import Storage
import XMPP

/// One edition on its way into the ledger.
struct Publication {
    let edition: Edition
    let newsletter: Newsletter
    let tag: PublicationTag
    let service: JID
    let cut: @Sendable (String) -> [String]
    let date: Date

    /// What the ledger has of the edition already, be it published or retracted.
    func earlier(in transaction: borrowing Transaction) throws -> PublicationRecord? {
        try transaction.publication(
            newsletter: newsletter.name,
            issue: edition.issue.rawValue,
            language: edition.feed.language,
            section: edition.feed.topic?.section
        )
    }

    /// The sections of the edition that are items of their own.
    var topics: [Publication] {
        edition.topics.map { topic in
            Publication(
                edition: topic,
                newsletter: newsletter,
                tag: tag,
                service: service,
                cut: cut,
                date: date
            )
        }
    }

    /// A file whose very content was published under another name is not a new issue.
    func refuseIfRenamed(in transaction: borrowing Transaction) throws {
        let twin = try transaction.published(
            edition.contentHash,
            in: newsletter.name,
            except: edition.issue.rawValue
        )
        if let twin {
            throw PublishingError.renamed(
                file: edition.fileName,
                earlier: twin.fileName,
                issue: twin.issue
            )
        }
    }

    /// The edition with its stamp; one that comes back after a retraction keeps its first one.
    func rendered(after earlier: PublicationRecord?) -> Rendered {
        let stamp = PublicationStamp(
            atomID: earlier?.atomID
                ?? tag.atomID(
                    newsletter: newsletter.name,
                    issue: edition.issue,
                    feed: edition.feed
                ),
            itemURI: PubSubURI(service, node: edition.feed.node, item: edition.issue).description,
            publishedAt: earlier?.publishedAt ?? date,
            updatedAt: updatedAt(after: earlier)
        )
        let rendering = edition.render(stamp)
        return Rendered(
            item: item(of: rendering, chat: rendering.chat, for: edition.feed),
            announcements: edition.announcements.map { announcement in
                let chat = announcement.render(stamp)
                return (
                    announcement.feed.node,
                    item(of: rendering, chat: chat, for: announcement.feed)
                )
            },
            record: record(of: rendering, stamp)
        )
    }

    /// Later than before by what a date of Atom tells, a second, so that readers see a new version.
    private func updatedAt(after earlier: PublicationRecord?) -> Date {
        guard let earlier else { return date }
        return max(date, earlier.updatedAt.addingTimeInterval(1))
    }

    func outcome(
        _ result: Publisher.Outcome.Result,
        otherReaders: Int = 0,
        topics: [Publisher.TopicOutcome] = []
    ) -> Publisher.Outcome {
        Publisher.Outcome(
            language: edition.feed.language,
            node: edition.feed.node,
            item: edition.issue,
            title: edition.title,
            result: result,
            otherReaders: otherReaders,
            topics: topics
        )
    }

    // MARK: -

    /// The language is the edition's in an announcement too: that is what its text is in.
    private func item(
        of rendering: EditionRendering,
        chat: [ChatAmount: String],
        for feed: Newsletter.Feed
    ) -> PublishedItem {
        var item = PublishedItem(
            id: edition.issue,
            payload: rendering.payload,
            publisher: newsletter.contact,
            language: edition.feed.language,
            body: rendering.body,
            chat: chat.mapValues(cut),
            chatSender: newsletter.contact,
            wholeNode: feed.topic?.wholeNode
        )
        item.roomSender = newsletter.roomAddress
        return item
    }

    private func record(
        of rendering: EditionRendering,
        _ stamp: PublicationStamp
    ) -> PublicationRecord {
        PublicationRecord(
            newsletter: newsletter.name,
            issue: edition.issue.rawValue,
            language: edition.feed.language,
            section: edition.feed.topic?.section,
            fileName: edition.fileName,
            node: edition.feed.node,
            item: edition.issue,
            atomID: stamp.atomID,
            title: edition.title,
            contentHash: edition.contentHash,
            publishedAt: stamp.publishedAt,
            updatedAt: stamp.updatedAt,
            texts: PublicationTexts(
                full: rendering.chat[.full] ?? "",
                short: rendering.chat[.short] ?? "",
                link: rendering.chat[.link] ?? "",
                lead: rendering.body
            )
        )
    }
}

extension Publication {
    /// All that is made of an edition once its stamp is known.
    struct Rendered {
        let item: PublishedItem
        let announcements: [(node: NodeID, item: PublishedItem)]
        let record: PublicationRecord
    }
}
