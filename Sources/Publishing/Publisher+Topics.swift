import Foundation
import PubSub
import Storage
import XMPP

/// Sections as items of their own: they come and go with their issue.
extension Publisher {
    /// Publishes a section, be it for the first time or after it was withdrawn.
    func publishTopic(
        _ topic: Publication,
        in transaction: borrowing Transaction
    ) throws -> TopicOutcome {
        let rendered = topic.rendered(after: try topic.earlier(in: transaction))
        let told = try bring(rendered, of: topic, in: transaction)
        return topic.outcome(.published, readers: told.readers + told.otherReaders)
    }

    /// Brings the corrected sections to their readers; those that read as before are left alone.
    ///
    /// A new section is published, one that is there no longer withdrawn. Nothing happens to an
    /// issue from before there were topics: nobody waits for its sections.
    func correctTopics(
        of publication: Publication,
        note: CorrectionNote?,
        in transaction: borrowing Transaction
    ) throws -> [TopicOutcome] {
        let language = publication.edition.feed.language
        let known = try transaction.topicPublications(
            newsletter: publication.newsletter.name,
            issue: publication.edition.issue.rawValue,
            language: language
        )
        guard !known.isEmpty else { return [] }
        var outcomes = try publication.topics.compactMap { topic in
            try correctTopic(topic, note: note, in: transaction)
        }
        let sections = publication.edition.topics.map(\.feed.topic?.section)
        for record in known where record.state == .published {
            // What is no topic any more by the configuration stays as it is.
            guard let section = record.section, !sections.contains(section),
                publication.newsletter.topic(section, in: language) != nil
            else { continue }
            let readers = try withdraw(
                record,
                from: publication,
                telling: note?.message(language),
                in: transaction
            )
            outcomes.append(
                TopicOutcome(
                    section: section,
                    node: record.node,
                    change: .withdrawn,
                    readers: readers,
                    emptyStates: 0
                )
            )
        }
        return outcomes
    }

    private func correctTopic(
        _ topic: Publication,
        note: CorrectionNote?,
        in transaction: borrowing Transaction
    ) throws -> TopicOutcome? {
        guard let earlier = try topic.earlier(in: transaction), earlier.state == .published else {
            return try publishTopic(topic, in: transaction)
        }
        guard earlier.contentHash != topic.edition.contentHash else { return nil }
        let rendered = topic.rendered(after: earlier)
        let told = try renew(rendered, of: topic, note: note, in: transaction)
        return topic.outcome(.corrected, readers: told.readers + told.otherReaders)
    }

    private func withdraw(
        _ record: PublicationRecord,
        from publication: Publication,
        telling text: String?,
        in transaction: borrowing Transaction
    ) throws -> Int {
        let notice = try notice(
            text,
            of: record,
            publication.newsletter,
            at: record.node,
            in: transaction
        )
        try transaction.retract(record, at: publication.date)
        return try engine.retract(notice, from: record.node, in: transaction)
    }

    /// Takes the sections of an issue back with it; returns how many readers are told, those of the
    /// other languages included who had got it in this one.
    func retractTopics(
        of issue: PublicationRecord,
        telling others: [String],
        of newsletter: Newsletter,
        at date: Date,
        in transaction: borrowing Transaction,
        message: (_ title: String, _ language: String) -> String
    ) throws -> Int {
        let records = try transaction.topicPublications(
            newsletter: issue.newsletter,
            issue: issue.issue,
            language: issue.language
        )
        var readers = 0
        for record in records where record.state == .published {
            readers += try engine.retract(
                try notice(
                    message(record.title, record.language),
                    of: record,
                    newsletter,
                    at: record.node,
                    in: transaction
                ),
                from: record.node,
                in: transaction
            )
            for language in others {
                guard let feed = record.section.flatMap({ newsletter.topic($0, in: language) })
                else { continue }
                readers += try engine.announce(
                    try notice(
                        message(record.title, language),
                        of: record,
                        newsletter,
                        at: feed.node,
                        in: transaction
                    ),
                    to: feed.node,
                    note: .retraction,
                    in: transaction
                )
            }
            try transaction.retract(record, at: date)
        }
        return readers
    }

    /// An item without a payload that tells readers of a node what happened to a section.
    private func notice(
        _ text: String?,
        of record: PublicationRecord,
        _ newsletter: Newsletter,
        at node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> PublishedItem {
        let parts = try mostParts(of: record.item, in: [node], transaction)
        return PublishedItem(
            id: record.item,
            payload: nil,
            publisher: newsletter.contact,
            language: record.language,
            body: text,
            chat: text.map { withdrawal(of: parts, saying: $0) } ?? [:],
            chatSender: newsletter.contact,
            wholeNode: newsletter.topicFeeds.first { $0.node == node }?.topic?.wholeNode
        )
    }
}

extension Publication {
    fileprivate func outcome(
        _ change: Publisher.TopicOutcome.Change,
        readers: Int
    ) -> Publisher.TopicOutcome {
        Publisher.TopicOutcome(
            section: edition.feed.topic?.section ?? "",
            node: edition.feed.node,
            change: change,
            readers: readers,
            emptyStates: edition.emptyStates
        )
    }
}
