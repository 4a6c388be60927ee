public import Foundation
public import PubSub
public import Storage
public import XMPP

/// Publishes at other PubSub services what belongs there, and at our own for chat readers.
///
/// Our own node has everything too, so that chat readers are served from it as ever, and a
/// newsletter can come back. What is to be done over there is noted in the same transaction, and
/// carried out by ``EngineCourier``.
public struct RemoteEngine: PublishingEngine {
    private struct Place {
        let newsletter: String
        let service: JID
        /// Whether it is only left there until its nodes are deleted.
        let isFormer: Bool
    }

    private let local: LocalEngine
    private let now: @Sendable () -> Date
    /// Where the items of which node belong; those of all others are ours.
    private let places: [NodeID: Place]
    /// Where the items of which newsletter belong, by its contact.
    private let homes: [JID: Place]

    /// - Parameters:
    ///   - service: our own.
    ///   - newsletters: those with an engine are published there.
    ///   - former: where the nodes of newsletters still are that have come back, whose last readers there
    ///     are to miss nothing.
    ///   - now: the time of day.
    public init(
        service: PubSubService,
        newsletters: [Newsletter],
        former: [String: JID] = [:],
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        local = LocalEngine(service: service)
        self.now = now
        let located = newsletters.compactMap { newsletter -> (Newsletter, Place)? in
            guard let service = newsletter.engine ?? former[newsletter.name] else { return nil }
            let isFormer = newsletter.engine == nil
            return (
                newsletter,
                Place(newsletter: newsletter.name, service: service, isFormer: isFormer)
            )
        }
        places = Dictionary(
            located.flatMap { newsletter, place in newsletter.allFeeds.map { ($0.node, place) } },
            uniquingKeysWith: { first, _ in first }
        )
        homes = Dictionary(
            located.map { ($0.contact, $1) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    public func publish(
        _ item: PublishedItem,
        to node: NodeID,
        note: FanOutNote?,
        in transaction: borrowing Transaction
    ) throws -> Int {
        try ask(for: item, at: node, places[node], in: transaction)
        return try local.publish(item, to: node, note: note, in: transaction)
    }

    public func announce(
        _ item: PublishedItem,
        to node: NodeID,
        note: FanOutNote?,
        in transaction: borrowing Transaction
    ) throws -> Int {
        try local.announce(item, to: node, note: note, in: transaction)
    }

    public func draft(
        _ item: PublishedItem,
        at node: NodeDefinition,
        for person: JID,
        in transaction: borrowing Transaction
    ) throws {
        try local.draft(item, at: node, for: person, in: transaction)
    }

    public func endDraft(
        _ item: ItemID,
        at node: NodeID,
        in transaction: borrowing Transaction
    ) throws {
        try local.endDraft(item, at: node, in: transaction)
    }

    public func retract(
        _ notice: PublishedItem,
        from node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> Int {
        // It may stand in a node that is none of the newsletter's any more.
        let place = places[node] ?? homes[notice.publisher]
        try ask(for: notice, at: node, place, in: transaction)
        return try local.retract(notice, from: node, in: transaction)
    }

    /// Without a payload the item is taken back.
    private func ask(
        for item: PublishedItem,
        at node: NodeID,
        _ place: Place?,
        in transaction: borrowing Transaction
    ) throws {
        guard let place else { return }
        if place.isFormer {
            let move = try transaction.engineMove(of: place.newsletter)
            guard move?.service == place.service else { return }
        }
        try transaction.addEngineOperation(
            on: EngineTarget(
                newsletter: place.newsletter,
                service: place.service,
                node: node,
                item: item.id
            ),
            publishing: item.payload,
            at: now()
        )
    }
}
