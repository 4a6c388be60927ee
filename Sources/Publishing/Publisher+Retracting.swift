import Foundation
import PubSub
import Storage
public import XMPP

extension Publisher {
    /// What became of a publication that was taken back.
    public struct Retraction: Hashable, Sendable {
        public let language: String
        public let node: NodeID
        public let title: String
        /// How many are told.
        public let readers: Int
        /// How many chat readers are told in other languages' nodes, having no edition there.
        public let otherReaders: Int
        /// How many are told who read single sections of it.
        public let topicReaders: Int
    }

    /// Takes an issue back in these languages, or in all; those in which it is not published are
    /// left alone.
    ///
    /// PubSub readers' clients delete it (XEP-0060 §7.2.2); chat readers are told.
    ///
    /// - Parameters:
    ///   - issue: Its id.
    ///   - languages: In lower case; nil for all.
    ///   - newsletter: Whose issue it is.
    ///   - person: Who wants it.
    ///   - alongside: What belongs to it; if that throws, nothing is retracted.
    ///   - message: What readers of a language are told of the issue with that title.
    /// - Returns: Those that were published until now.
    /// - Throws: What the database or the service has to complain of.
    public func retract(
        _ issue: ItemID,
        in languages: [String]? = nil,
        of newsletter: Newsletter,
        by person: String? = nil,
        alongside: @escaping Companion<[Retraction]> = { _, _ in },
        message: @escaping @Sendable (_ title: String, _ language: String) -> String
    ) async throws -> [Retraction] {
        let date = now()
        return try await store.write { transaction in
            let records = try transaction.publications(newsletter: newsletter.name)
                .filter { $0.issue == issue.rawValue }
            let order = newsletter.languages
            let published = records.filter { $0.state == .published }.sorted {
                (order.firstIndex(of: $0.language) ?? .max)
                    < (order.firstIndex(of: $1.language) ?? .max)
            }
            // Readers of any node may have got it in any language, before there was a translation.
            let parts = try mostParts(
                of: issue,
                in: records.map(\.node) + newsletter.feeds.map(\.node),
                transaction
            )
            var retractions: [Retraction] = []
            for record in published {
                guard languages?.contains(record.language) ?? true else { continue }
                let isDefault = record.language == newsletter.defaultFeed.language
                let others = newsletter.feeds.filter { feed in
                    isDefault && !records.contains { $0.language == feed.language }
                }
                retractions.append(
                    try retract(
                        record,
                        of: parts,
                        telling: others,
                        of: newsletter,
                        at: date,
                        by: person,
                        in: transaction,
                        message: message
                    )
                )
            }
            try alongside(retractions, transaction)
            return retractions
        }
    }

    private func retract(
        _ record: PublicationRecord,
        of parts: [ChatAmount: Int],
        telling others: [Newsletter.Feed],
        of newsletter: Newsletter,
        at date: Date,
        by person: String?,
        in transaction: borrowing Transaction,
        message: (_ title: String, _ language: String) -> String
    ) throws -> Retraction {
        func notice(in language: String) -> PublishedItem {
            let text = message(record.title, language)
            var item = PublishedItem(
                id: record.item,
                payload: nil,
                publisher: newsletter.contact,
                language: language,
                body: text,
                chat: withdrawal(of: parts, saying: text),
                chatSender: newsletter.contact
            )
            item.roomSender = newsletter.roomAddress
            return item
        }
        let readers = try engine.retract(
            notice(in: record.language),
            from: record.node,
            in: transaction
        )
        var otherReaders = 0
        for feed in others {
            otherReaders += try engine.announce(
                notice(in: feed.language),
                to: feed.node,
                note: .retraction,
                in: transaction
            )
        }
        try transaction.retract(record, at: date)
        try transaction.recordVersion(
            PublicationVersion(.retracted, of: record, at: date, by: person)
        )
        let topicReaders = try retractTopics(
            of: record,
            telling: others.map(\.language),
            of: newsletter,
            at: date,
            in: transaction,
            message: message
        )
        return Retraction(
            language: record.language,
            node: record.node,
            title: record.title,
            readers: readers,
            otherReaders: otherReaders,
            topicReaders: topicReaders
        )
    }

    /// How many messages a reader of these nodes may have got an item in, by amounts.
    func mostParts(
        of item: ItemID,
        in nodes: [NodeID],
        _ transaction: borrowing Transaction
    ) throws -> [ChatAmount: Int] {
        var most: [ChatAmount: Int] = [:]
        for node in Set(nodes) {
            most.merge(try transaction.mostParts(of: item, in: node), uniquingKeysWith: max)
        }
        return most
    }

    /// The plain messages that take those back which brought a publication: of each amount as many
    /// as there were, the notice in the first.
    func withdrawal(
        of parts: [ChatAmount: Int],
        saying text: String
    ) -> [ChatAmount: [String]] {
        let messages = cut(text)
        return Dictionary(
            uniqueKeysWithValues: ChatAmount.allCases.map { amount in
                let missing = (parts[amount] ?? 1) - messages.count
                return (amount, messages + repeatElement("", count: max(0, missing)))
            }
        )
    }
}
