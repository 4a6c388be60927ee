import Foundation
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

    /// Ends what engines send the reader of these feeds, of which we know nothing; tells whether there are any.
    @discardableResult
    func endElsewhere(
        _ feeds: [Newsletter.Feed],
        of reader: JID,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        guard !rooms.contains(reader), !service.isInRoom(reader) else { return false }
        var isAsked = false
        for newsletter in newsletters {
            guard let engine = try engine(of: newsletter, in: transaction) else { continue }
            for feed in feeds where newsletter.allFeeds.contains(feed) {
                try transaction.addEngineReader(
                    EngineReaderWish(
                        newsletter: newsletter.name,
                        service: engine,
                        node: feed.node,
                        reader: reader,
                        isSubscribed: false
                    ),
                    at: Date()
                )
                isAsked = true
            }
        }
        return isAsked
    }
}
