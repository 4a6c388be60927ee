import Foundation
import PubSub
import Publishing
import Storage
import XMPP

/// The one list of readers, as every way in and out of it but PubSub itself uses it.
struct ReaderList: Sendable {
    let newsletters: [Newsletter]
    let service: PubSubService
    let rooms: ReadingRooms
    /// How many subscriptions may wait to be ended at an engine before strangers are turned away.
    let waitingLeavings: Int

    /// What asking for a language's issues has changed.
    enum Change: Sendable {
        case isNew, wasSubscribed
        /// By a client that got events, of which there are no more now.
        case usedPubSub
        /// It was there and paused.
        case resumed
    }

    /// What is to be sent, and what happened.
    typealias Result = (change: Change, effects: [PubSubEffect])

    /// Leaves the reader with one subscription: the same issue never comes by two ways.
    func join(
        _ reader: JID,
        to feed: Newsletter.Feed,
        amount: ChatAmount? = nil,
        in transaction: borrowing Transaction
    ) throws -> Result {
        let resources = try service.subscriptions(of: reader, in: transaction)
            .filter { $0.node == feed.node && $0.record.jid != reader }
        let form: DeliveryForm = rooms.contains(reader) ? .room : .chat
        let outcome = try service.subscribe(
            reader,
            to: feed.node,
            choice: DeliveryChoice(form: form, amount: amount ?? .short),
            in: transaction
        )
        var effects = try service.welcome(outcome, in: transaction)
        // What is published from here on is to come by one way.
        try endElsewhere([feed], of: reader, turn: .asAsked, isKnown: true, in: transaction)
        for resource in resources {
            let jid = resource.record.jid
            effects += try service.unsubscribe(jid, from: feed.node, in: transaction)
        }
        switch outcome {
        case .created:
            return (resources.isEmpty ? .isNew : .usedPubSub, effects)
        case .existing(let record):
            var choice = record.choice
            choice.form = form
            choice.isDelivered = true
            // It was set for what was asked for before.
            choice.expiresAt = nil
            if let amount { choice.amount = amount }
            guard record.choice != choice else { return (.wasSubscribed, effects) }
            try service.choose(choice, for: reader, at: feed.node, in: transaction)
            guard record.choice.form == form else { return (.usedPubSub, effects) }
            return (record.choice.isDelivered ? .wasSubscribed : .resumed, effects)
        }
    }

    /// Ends what the reader has of these feeds, by whichever client, and says which that was, and whether
    /// engines are asked to end what they may have; what becomes of that can be told to them or not.
    func leave(
        _ feeds: [Newsletter.Feed],
        as reader: JID,
        isToldOf: Bool = true,
        in transaction: borrowing Transaction
    ) throws -> (left: [Newsletter.Feed], elsewhere: LeavingElsewhere, effects: [PubSubEffect]) {
        let isKnown = try knows(reader, in: transaction)
        let subscriptions = try subscriptions(of: reader, to: feeds, in: transaction)
        var effects: [PubSubEffect] = []
        for subscription in subscriptions {
            effects += try service.unsubscribe(
                subscription.record.jid,
                from: subscription.node,
                in: transaction
            )
        }
        let elsewhere = try endElsewhere(
            feeds,
            of: reader,
            turn: .afterItems(isToldOf: isToldOf),
            isKnown: isKnown,
            in: transaction
        )
        let left = feeds.filter { feed in subscriptions.contains { $0.node == feed.node } }
        return (left, elsewhere, effects)
    }

    /// What the reader has of these feeds, by whichever client.
    func subscriptions(
        of reader: JID,
        to feeds: [Newsletter.Feed],
        in transaction: borrowing Transaction
    ) throws -> [ReaderSubscription] {
        try service.subscriptions(of: reader, in: transaction)
            .filter { subscription in feeds.contains { $0.node == subscription.node } }
    }

    /// The subscriptions that come as messages, each with its feed.
    func chats(
        of reader: JID,
        at newsletter: Newsletter,
        in transaction: borrowing Transaction
    ) throws -> [(feed: Newsletter.Feed, record: SubscriptionRecord)] {
        let subscriptions = try subscriptions(of: reader, to: newsletter.allFeeds, in: transaction)
        return newsletter.allFeeds.compactMap { feed in
            subscriptions
                .first { $0.node == feed.node && Self.isPlain($0.record.choice.form) }
                .map { (feed, $0.record) }
        }
    }

    /// Lets what comes to the reader as messages come in that language, and in no other; whole
    /// issues if nothing comes yet.
    ///
    /// Whoever reads topics goes on to read those. A pause and an end go along.
    func move(
        _ reader: JID,
        to feed: Newsletter.Feed,
        of newsletter: Newsletter,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let chats = try chats(of: reader, at: newsletter, in: transaction)
        guard !chats.isEmpty else {
            return try join(reader, to: feed, in: transaction).effects
        }
        let (there, elsewhere) = (
            chats.filter { $0.feed.language == feed.language },
            chats.filter { $0.feed.language != feed.language }
        )
        var targets: [Newsletter.Feed] = []
        var effects: [PubSubEffect] = []
        for chat in there + elsewhere {
            let topic = chat.feed.topic.map { newsletter.topic($0.section, in: feed.language) }
            let target = (topic ?? feed) ?? feed
            guard !targets.contains(target) else { continue }
            targets.append(target)
            if target != chat.feed {
                effects += try join(reader, to: target, like: chat.record, in: transaction)
            }
        }
        let others = chats.map(\.feed).filter { !targets.contains($0) }
        effects += try leave(others, as: reader, in: transaction).effects
        return effects
    }

    /// Changes how all that comes as messages comes.
    func change(
        of reader: JID,
        at newsletter: Newsletter,
        in transaction: borrowing Transaction,
        _ change: (inout DeliveryChoice) -> Void
    ) throws {
        for chat in try chats(of: reader, at: newsletter, in: transaction) {
            var choice = chat.record.choice
            change(&choice)
            try transaction.setOptions(choice, of: chat.record.id)
        }
    }

    /// The same with the choices, and the pause, of what they had elsewhere, if anything.
    func join(
        _ reader: JID,
        to feed: Newsletter.Feed,
        like old: SubscriptionRecord?,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let effects = try join(reader, to: feed, in: transaction).effects
        guard let old else { return effects }
        try service.choose(old.choice, for: reader, at: feed.node, in: transaction)
        let end = try transaction.pauseEnd(of: old.id)
        let new = try subscriptions(of: reader, to: [feed], in: transaction)
            .first { $0.record.jid == reader }
        if let end, let new { try transaction.pause(new.record.id, until: end) }
        return effects
    }

    private static func isPlain(_ form: DeliveryForm) -> Bool { form == .chat || form == .room }
}
