public import Foundation
import Localization
public import PubSub
import Publishing
import Storage
import XML
import XMPP

/// After how long readers in a chat are asked whether they still read, and their subscriptions end.
public struct IdleLimits: Hashable, Sendable {
    /// Without a sign of life; nil if nobody is ever asked.
    public var expiry: Duration?
    /// How long an answer may take.
    public var patience = Duration.seconds(30 * 86_400)
    /// How many are asked, and how many are ended, in an hour.
    public var questionsPerHour = 100

    public init() {}
}

/// Asks those of whom nothing was heard for long, and ends what they have if they do not answer.
public actor IdleReaders {
    private static let hour: TimeInterval = 3_600

    private let desk: ReaderDesk
    private let limits: IdleLimits
    private var lastRound = Date.distantPast

    public init(_ office: ReaderOffice, limits: IdleLimits) {
        desk = office.desk
        self.limits = limits
    }

    /// Does it once an hour, however often it is called; gives what is to be sent.
    public func round(at date: Date = Date()) async throws -> [PubSubEffect] {
        // A clock that was set back begins anew.
        guard let expiry = limits.expiry, abs(date.timeIntervalSince(lastRound)) >= Self.hour
        else { return [] }
        lastRound = date
        let (desk, limits) = (desk, limits)
        return try await desk.store.write { transaction in
            try Self.end(
                transaction.unansweredReaders(
                    askedBefore: date - limits.patience / .seconds(1),
                    limit: limits.questionsPerHour
                ),
                desk,
                in: transaction
            )
                + Self.ask(
                    transaction.idleReaders(
                        since: date - expiry / .seconds(1),
                        limit: limits.questionsPerHour
                    ),
                    limits,
                    desk,
                    at: date,
                    in: transaction
                )
        }
    }

    /// Each is asked once about a newsletter, whatever they have of it.
    private static func ask(
        _ records: [SubscriptionRecord],
        _ limits: IdleLimits,
        _ desk: ReaderDesk,
        at date: Date,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        var asked: Set<[JID]> = []
        var effects: [PubSubEffect] = []
        for record in records {
            try transaction.noteAsked(record.id, at: date)
            guard let (newsletter, feed) = try place(of: record, desk, in: transaction),
                asked.insert([record.jid, newsletter.contact]).inserted
            else { continue }
            let facts: [String: any CustomStringConvertible] = [
                "newsletter": newsletter.title, "days": Int(limits.patience / .seconds(86_400)),
            ]
            let texts = ReaderTexts.texts(in: feed.language)
            let question = texts("idle.question", facts)
            effects.append(message(question, texts, from: newsletter, to: record.jid))
        }
        return effects
    }

    private static func end(
        _ records: [SubscriptionRecord],
        _ desk: ReaderDesk,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        var effects: [PubSubEffect] = []
        for record in records {
            // Of what is not, or not at the moment, a newsletter here, nobody was asked.
            guard let (newsletter, feed) = try place(of: record, desk, in: transaction) else {
                try transaction.forgetAsked(record.id)
                continue
            }
            do {
                effects += try desk.service
                    .unsubscribe(record.jid, from: feed.node, in: transaction)
            } catch is PubSubError {
                // It is hidden from them by now.
                try transaction.endSubscription(record.id)
            }
            let facts = ["newsletter": newsletter.title, "feed": feed.label]
            let texts = ReaderTexts.texts(in: feed.language)
            let farewell = texts("idle.ended", facts)
            effects.append(message(farewell, texts, from: newsletter, to: record.jid))
        }
        return effects
    }

    private static func place(
        of record: SubscriptionRecord,
        _ desk: ReaderDesk,
        in transaction: borrowing Transaction
    ) throws -> (Newsletter, Newsletter.Feed)? {
        guard let node = try transaction.node(record.node)?.name else { return nil }
        for newsletter in desk.newsletters {
            if let feed = newsletter.allFeeds.first(where: { $0.node == node }) {
                return (newsletter, feed)
            }
        }
        return nil
    }

    private static func message(
        _ text: String,
        _ texts: Texts,
        from newsletter: Newsletter,
        to reader: JID
    ) -> PubSubEffect {
        .message(
            Message(
                .chat,
                id: Message.freshID(),
                from: newsletter.contact,
                to: reader,
                xmlLang: texts.language,
                body: text
            ) {
                Element("store", in: .hints)
            }
        )
    }
}
