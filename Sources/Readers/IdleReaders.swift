public import Foundation
import Localization
public import PubSub
import Publishing
import Storage
import XML
public import XMPP

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
    /// How long nobody is asked after questions of which is not known that the server has read them.
    private static let pause: TimeInterval = 86_400
    private static let readersAtATime = 20_000
    private let desk: ReaderDesk
    private let limits: IdleLimits
    private var lastRound = Date.distantPast
    /// When the last of those were made.
    private var unreadSince: Date?

    public init(_ office: ReaderOffice, limits: IdleLimits) {
        desk = office.desk
        self.limits = limits
    }

    /// What is to be sent, and who is asked by it.
    public struct Round: Sendable {
        public var effects: [PubSubEffect] = []
        fileprivate var asked: [SubscriptionRowID] = []
        /// Since when nothing was heard of those.
        fileprivate var since = Date.distantPast
    }

    /// Ends what nobody has answered for, and looks whom to ask: once an hour, however often it is
    /// called.
    ///
    /// Nobody counts as asked until ``noteRead(_:at:)`` says so.
    public func round(at date: Date = Date()) async throws -> Round {
        // A clock that was set back begins anew.
        guard let expiry = limits.expiry, abs(date.timeIntervalSince(lastRound)) >= Self.hour
        else { return Round() }
        lastRound = date
        let (desk, limits) = (desk, limits)
        let since = date - expiry / .seconds(1)
        let readers = isPausing(at: date) ? [] : try await idleReaders(since: since)
        let questions = try await desk.store.read { transaction in
            try Self.questions(to: readers, limits, desk, in: transaction)
        }
        // What was ended is told of, whatever comes after.
        let farewells = try await desk.store.write { transaction in
            try Self.end(
                transaction.unansweredReaders(
                    askedBefore: date - limits.patience / .seconds(1),
                    limit: limits.questionsPerHour
                ),
                desk,
                in: transaction
            )
        }
        if !readers.isEmpty { unreadSince = date }
        return Round(effects: farewells + questions, asked: readers.map(\.id), since: since)
    }

    /// Notes that the server has read what was sent, so that those who were asked have their time to
    /// answer from now on.
    public func noteRead(_ round: Round, at date: Date = Date()) async throws {
        guard !round.asked.isEmpty else { return }
        unreadSince = nil
        try await desk.store.write { transaction in
            for subscription in round.asked {
                try transaction.noteAsked(subscription, unlessHeardSince: round.since, at: date)
            }
        }
    }

    /// Where no ping is answered, everybody would be asked again in each round.
    private func isPausing(at date: Date) -> Bool {
        unreadSince.map { abs(date.timeIntervalSince($0)) < Self.pause } ?? false
    }

    /// Looks at some thousand subscriptions at a time, and lets everything else go on meanwhile.
    private func idleReaders(since date: Date) async throws -> [SubscriptionRecord] {
        let nodes = desk.newsletters.flatMap(\.allFeeds).map(\.node)
        var readers: [SubscriptionRecord] = []
        var last: SubscriptionRowID? = .start
        while let place = last, readers.count < limits.questionsPerHour {
            let limit = limits.questionsPerHour - readers.count
            let (found, next) = try await desk.store.read { transaction in
                try transaction.idleReaders(
                    of: nodes,
                    since: date,
                    after: place,
                    lookingAt: Self.readersAtATime,
                    limit: limit
                )
            }
            readers += found
            last = next
        }
        return readers
    }

    /// Each is asked once about a newsletter, whatever they have of it.
    private static func questions(
        to records: [SubscriptionRecord],
        _ limits: IdleLimits,
        _ desk: ReaderDesk,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        var asked: Set<[JID]> = []
        var effects: [PubSubEffect] = []
        for record in records {
            guard let (newsletter, feed) = try place(of: record, desk, in: transaction),
                asked.insert([record.jid, newsletter.contact]).inserted
            else { continue }
            let facts: [String: any CustomStringConvertible] = [
                "newsletter": newsletter.title, "days": Int(limits.patience / .seconds(86_400)),
            ]
            let texts = ReaderTexts.texts(in: feed.language)
            let link = newsletter.link(writing: "subscribe")
            let question = "\(texts("idle.question", facts))\n\(link)"
            let id = Message.freshQuestionID()
            effects.append(message(question, texts, id: id, from: newsletter, to: record.jid))
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
            let link = newsletter.link(writing: "subscribe")
            let farewell = "\(texts("idle.ended", facts))\n\(link)"
            let id = Message.freshID()
            effects.append(message(farewell, texts, id: id, from: newsletter, to: record.jid))
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
        id: String,
        from newsletter: Newsletter,
        to reader: JID
    ) -> PubSubEffect {
        .message(
            Message(
                .chat,
                id: id,
                from: newsletter.contact,
                to: reader,
                xmlLang: texts.language,
                body: text
            ) {
                Element("store", in: .hints)
            }
        )
    }

    /// Takes note of questions among the messages that came back: those readers were not asked.
    ///
    /// Anybody can send such an error, and nothing is written for those who were not asked anyway.
    public func cameBack(_ messages: [Message], at date: Date = Date()) async throws {
        let readers = try await askedReaders(among: messages)
        guard !readers.isEmpty else { return }
        try await desk.store.write { transaction in
            for reader in readers { try transaction.noteUnasked(reader, at: date) }
        }
    }

    /// Questions that came back from those who are asked, one of each; writes nothing.
    public func genuine(_ messages: [Message]) async throws -> [Message] {
        var readers = Set(try await askedReaders(among: messages))
        return messages.filter { message in
            guard message.mayAnswerQuestion, let sender = message.from?.bare else { return false }
            return readers.remove(sender) != nil
        }
    }

    private func askedReaders(among messages: [Message]) async throws -> [JID] {
        let senders = Set(messages.filter(\.mayAnswerQuestion).compactMap(\.from?.bare))
        guard !senders.isEmpty else { return [] }
        return try await desk.store.read { transaction in
            try senders.filter { try transaction.isAsked($0) }
        }
    }
}

extension Message {
    private static let questionPrefix = "still-reading-"

    /// The id of a question, by which it is known if it comes back.
    static func freshQuestionID() -> String { questionPrefix + freshID() }

    /// Whether it has an id as the questions to idle readers have, so that it may be an error that
    /// came back; it proves nothing.
    public var mayAnswerQuestion: Bool {
        guard let id, id.hasPrefix(Self.questionPrefix) else { return false }
        let rest = String(id.dropFirst(Self.questionPrefix.count))
        return UUID(uuidString: rest)?.uuidString.lowercased() == rest
    }
}
