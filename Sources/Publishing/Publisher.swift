public import Foundation
import PubSub
public import Storage
public import XMPP

/// Publishes editions, each exactly once, and keeps the ledger of what was published.
public struct Publisher: Sendable {
    /// What became of one edition.
    public struct Outcome: Hashable, Sendable {
        public enum Result: Hashable, Sendable {
            /// It is stored, and on its way to so many readers.
            case published(readers: Int)
            /// This very file was published before.
            case unchanged(since: Date)
            /// Another version of the file was published before; readers keep that one.
            case changed(since: Date)
            /// The item has the new text, and so many readers are told.
            case corrected(readers: Int)
            /// There is nothing that could be corrected.
            case notPublished
        }

        public let language: String
        public let node: NodeID
        public let item: ItemID
        public let title: String
        public let result: Result
        /// How many chat readers get it in other languages' nodes, having no edition there.
        public let otherReaders: Int
        /// What became of those sections that are items of their own, if anything did.
        public let topics: [TopicOutcome]
    }

    /// What became of one section of an edition.
    public struct TopicOutcome: Hashable, Sendable {
        public enum Change: Hashable, Sendable {
            case published, corrected
            /// The corrected issue has no such section any more.
            case withdrawn
        }

        public let section: String
        public let node: NodeID
        public let change: Change
        /// How many are told, those of other languages' nodes included.
        public let readers: Int
        /// See ``Edition/emptyStates``.
        public let emptyStates: Int
    }

    /// What is to happen in the same transaction as a verb, once its result is known.
    public typealias Companion<Result> = @Sendable (Result, Transaction) throws -> Void

    let service: JID
    let store: Store
    let engine: any PublishingEngine
    /// Cuts a plain message that is too large for one.
    let cut: @Sendable (String) -> [String]
    let now: @Sendable () -> Date

    /// Publishes through an engine at the service of that address.
    ///
    /// `cut` gives the messages a text for chat readers is sent as, one as a rule.
    public init(
        service: JID,
        store: Store,
        engine: any PublishingEngine,
        cut: @escaping @Sendable (String) -> [String] = { [$0] },
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.service = service
        self.store = store
        self.engine = engine
        self.cut = cut
        self.now = now
    }

    /// Publishes the editions of one issue: all of them, or none if one can't be.
    ///
    /// An edition that is published already is left alone, and its outcome says so; one that was
    /// retracted is published again under its first id and date. When this returns, the items are stored and their delivery has begun or will, whatever happens.
    ///
    /// - Parameters:
    ///   - editions: Of one issue.
    ///   - newsletter: Whose issue it is.
    ///   - person: Who wants it.
    ///   - alongside: What belongs to it, such as the note of who did it; if that throws, nothing
    ///     is published.
    /// - Returns: An outcome for each edition.
    /// - Throws: ``PublishingError``, or what the database has to complain of.
    @discardableResult
    public func publish(
        _ editions: [Edition],
        of newsletter: Newsletter,
        by person: String? = nil,
        alongside: @escaping Companion<[Outcome]> = { _, _ in }
    ) async throws -> [Outcome] {
        try await inOneTransaction(editions, of: newsletter, alongside: alongside) {
            try carryOut($0, by: person, in: $1)
        }
    }

    /// Does something to one edition after the other, and then what belongs to that.
    func inOneTransaction(
        _ editions: [Edition],
        of newsletter: Newsletter,
        alongside: @escaping Companion<[Outcome]>,
        _ body: @escaping @Sendable (Publication, borrowing Transaction) throws -> Outcome
    ) async throws -> [Outcome] {
        let date = now()
        return try await store.write { transaction in
            let tag = try tag(on: date, in: transaction)
            var outcomes: [Outcome] = []
            for edition in editions {
                let publication = Publication(
                    edition: edition,
                    newsletter: newsletter,
                    tag: tag,
                    service: newsletter.engine ?? service,
                    cut: cut,
                    date: date
                )
                outcomes.append(try body(publication, transaction))
            }
            try alongside(outcomes, transaction)
            return outcomes
        }
    }

    /// All publications of the newsletter, newest first.
    public func publications(of newsletter: Newsletter) async throws -> [PublicationRecord] {
        try await store.read { try $0.publications(newsletter: newsletter.name) }
    }

    /// All that happened to an issue, in any language, oldest first.
    public func history(of issue: ItemID, of newsletter: Newsletter) async throws
        -> [PublicationVersion]
    {
        try await store.read {
            try $0.versions(newsletter: newsletter.name, issue: issue.rawValue)
        }
    }

    /// The address at which clients will find the item of an issue, published or not yet.
    public func itemURI(
        of issue: ItemID,
        in feed: Newsletter.Feed,
        of newsletter: Newsletter
    ) -> String {
        PubSubURI(newsletter.engine ?? service, node: feed.node, item: issue).description
    }

    // MARK: -

    private func carryOut(
        _ publication: Publication,
        by person: String?,
        in transaction: borrowing Transaction
    ) throws -> Outcome {
        let earlier = try publication.earlier(in: transaction)
        if let record = earlier, record.state == .published {
            let isSame = record.contentHash == publication.edition.contentHash
            return publication.outcome(
                isSame ? .unchanged(since: record.publishedAt) : .changed(since: record.publishedAt)
            )
        }
        try publication.refuseIfRenamed(in: transaction)
        let rendered = publication.rendered(after: earlier)
        let (readers, otherReaders) = try bring(rendered, of: publication, in: transaction)
        try transaction.recordVersion(
            PublicationVersion(
                .published,
                of: rendered.record,
                at: publication.date,
                by: person
            )
        )
        return publication.outcome(
            .published(readers: readers),
            otherReaders: otherReaders,
            topics: try publication.topics.map { try publishTopic($0, in: transaction) }
        )
    }

    /// Stores the item, starts its deliveries and enters it into the ledger.
    func bring(
        _ rendered: Publication.Rendered,
        of publication: Publication,
        in transaction: borrowing Transaction
    ) throws -> (readers: Int, otherReaders: Int) {
        let node = publication.edition.feed.node
        let readers = try engine.publish(rendered.item, to: node, note: nil, in: transaction)
        try endDraft(of: publication.edition, in: transaction)
        var otherReaders = 0
        for announcement in rendered.announcements {
            otherReaders += try engine.announce(
                announcement.item,
                to: announcement.node,
                note: nil,
                in: transaction
            )
        }
        try transaction.recordPublication(rendered.record)
        return (readers, otherReaders)
    }

    func tag(on date: Date, in transaction: borrowing Transaction) throws -> PublicationTag {
        if let authority = try transaction.setting(PublicationTag.settingKey) {
            return PublicationTag(authority: authority)
        }
        let tag = PublicationTag(domain: service, on: date)
        try transaction.setSetting(PublicationTag.settingKey, to: tag.authority)
        return tag
    }
}
