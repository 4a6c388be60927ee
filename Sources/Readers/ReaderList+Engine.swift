import Foundation
import Localization
import Publishing
import Storage
import XMPP

/// Readers of a newsletter whose PubSub readers are at another service: there or here, in one list.
extension ReaderList {
    /// Lets an engine serve the reader in place of us, once it has agreed.
    func send(
        _ reader: JID,
        to engine: JID,
        of newsletter: Newsletter,
        instead chat: (feed: Newsletter.Feed, record: SubscriptionRecord),
        in transaction: borrowing Transaction
    ) throws {
        try transaction.addEngineReader(
            EngineReaderWish(
                newsletter: newsletter.name,
                service: engine,
                node: chat.feed.node,
                reader: reader,
                isSubscribed: true,
                local: chat.record.id
            ),
            at: Date()
        )
    }

    /// Where its PubSub readers are, or some of them still.
    private func engine(
        of newsletter: Newsletter,
        in transaction: borrowing Transaction
    ) throws -> JID? {
        if let engine = newsletter.engine { return engine }
        let move = try transaction.engineMove(of: newsletter.name)
        return move.flatMap { $0.isLeavingHome ? nil : $0.service }
    }

    /// Whether the reader gets something from here, or an engine is or was asked for them.
    func knows(_ reader: JID, in transaction: borrowing Transaction) throws -> Bool {
        let nodes = Set(newsletters.flatMap(\.allFeeds).map(\.node))
        let reads = try service.subscriptions(of: reader, in: transaction)
            .contains { nodes.contains($0.node) }
        return try reads || !transaction.engineReaders(of: reader).isEmpty
    }

    /// Ends what engines send the reader of these feeds, of which we know nothing.
    ///
    /// Anybody can say that they leave, so that of who is not known only so many are let in.
    @discardableResult
    func endElsewhere(
        _ feeds: [Newsletter.Feed],
        of reader: JID,
        turn: EngineReaderTurn,
        isKnown: Bool,
        in transaction: borrowing Transaction
    ) throws -> LeavingElsewhere {
        var leaving = LeavingElsewhere()
        guard !rooms.contains(reader), !service.isInRoom(reader) else { return leaving }
        for newsletter in newsletters {
            guard let engine = try engine(of: newsletter, in: transaction) else { continue }
            let feeds = feeds.filter(newsletter.allFeeds.contains)
            guard !feeds.isEmpty else { continue }
            guard try isKnown || !isFull(engine, of: newsletter, in: transaction) else {
                leaving.turnedAway.append((engine, feeds))
                continue
            }
            leaving.isAsked = true
            for feed in feeds {
                try transaction.addEngineReader(
                    EngineReaderWish(
                        newsletter: newsletter.name,
                        service: engine,
                        node: feed.node,
                        reader: reader,
                        isSubscribed: false,
                        turn: turn
                    ),
                    at: Date()
                )
            }
        }
        return leaving
    }

    /// Whether so many wait to leave an engine that no stranger is to wait with them.
    private func isFull(
        _ engine: JID,
        of newsletter: Newsletter,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.hasEngineLeavings(waitingLeavings, of: newsletter.name, at: engine)
    }
}

/// What becomes of the wish that engines send somebody no more of some feeds.
struct LeavingElsewhere: Sendable {
    /// Whether an engine is asked, be it later.
    var isAsked = false
    /// Which are not, since too much waits for them, and of what.
    var turnedAway: [(engine: JID, feeds: [Newsletter.Feed])] = []

    /// As many links are shown as one looks at.
    private static let mostLinks = 4

    /// What somebody can do who was turned away; nothing for who was not.
    func notes(_ texts: Texts) -> [String] {
        turnedAway.flatMap { engine, feeds in
            [texts("engine.endYourself", ["service": engine])]
                + feeds.prefix(Self.mostLinks).map {
                    PubSubURI(engine, node: $0.node).unsubscribing
                }
        }
    }
}
