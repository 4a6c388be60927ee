import Commands
import Localization
import PubSub
import Publishing
import Storage
import XMPP

/// What all readers' commands work with: the newsletters, and the one list of subscriptions.
struct ReaderDesk: Sendable {
    let newsletters: [Newsletter]
    let service: PubSubService
    let store: Store
    /// Sends what follows from a command beside its answer.
    let send: @Sendable ([PubSubEffect]) async -> Void
    /// Is told what a reader is not.
    let report: @Sendable (any Error) -> Void
    /// How long somebody is taken to be busy who has said so.
    var busyLimit = Duration.seconds(86_400)
    /// How long an answer waits for another service that it depends on.
    var enginePatience = EnginePatience(.zero)
    /// How many subscriptions may wait to be ended at such a service before strangers are turned away.
    var waitingLeavings = EngineSettings().waitingLeavings
    let rooms = ReadingRooms()

    var list: ReaderList {
        ReaderList(
            newsletters: newsletters,
            service: service,
            rooms: rooms,
            waitingLeavings: waitingLeavings
        )
    }

    /// What has appeared in a language and was not withdrawn, newest first.
    ///
    /// Ids begin with the date, so the greatest is the newest issue; a translation of an older one
    /// may well be published after it.
    func issues(
        of newsletter: Newsletter,
        in feed: Newsletter.Feed
    ) async throws -> [PublicationRecord] {
        try await store.read { transaction in
            try transaction.publications(newsletter: newsletter.name)
        }
        .filter { $0.language == feed.language && $0.state == .published }
        .sorted { $0.issue > $1.issue }
    }

    /// The newest issue of the first of those feeds that is one of whole issues.
    func newestIssue(
        of newsletter: Newsletter,
        among feeds: [Newsletter.Feed]
    ) async throws -> PublicationRecord? {
        guard let feed = feeds.first(where: { $0.topic == nil }) else { return nil }
        return try await issues(of: newsletter, in: feed).first
    }

    /// The newsletter a reader writes to; at the domain, the only one there is.
    func newsletter(for invocation: CommandInvocation) throws(ReaderProblem) -> Newsletter {
        let candidates = newsletters.filter { newsletter in
            invocation.newsletter == nil || newsletter.name == invocation.newsletter
        }
        guard candidates.count == 1 else { throw .whichNewsletter(newsletters) }
        return candidates[0]
    }

    /// The feed of the language a reader named; that of the newsletter's own if none.
    func feed(
        of newsletter: Newsletter,
        for invocation: CommandInvocation
    ) throws(ReaderProblem) -> Newsletter.Feed {
        guard let language = invocation.arguments["language"] else { return newsletter.defaultFeed }
        guard let feed = newsletter.feed(for: language) else {
            throw .noLanguage(language, newsletter)
        }
        return feed
    }

    /// The feed of the language in which a reader gets the newsletter; of its own if in none.
    func ownFeed(of newsletter: Newsletter, for reader: JID) async throws -> Newsletter.Feed {
        let list = list
        let nodes = try await store.read { transaction in
            try list.subscriptions(of: reader, to: newsletter.allFeeds, in: transaction).map(\.node)
        }
        let feed = newsletter.allFeeds.first { nodes.contains($0.node) }
        return feed.flatMap { newsletter.feed(for: $0.language) } ?? newsletter.defaultFeed
    }

    /// The feed of the language a reader named, or of that in which they get the newsletter.
    func feedToRead(
        of newsletter: Newsletter,
        for invocation: CommandInvocation
    ) async throws -> Newsletter.Feed {
        guard invocation.arguments["language"] == nil, let reader = invocation.invoker.jid else {
            return try feed(of: newsletter, for: invocation)
        }
        return try await ownFeed(of: newsletter, for: reader)
    }

    /// The feeds a reader named by a language, by topics, or by both: whole issues if by no topic.
    func feeds(
        of newsletter: Newsletter,
        for invocation: CommandInvocation
    ) throws(ReaderProblem) -> [Newsletter.Feed] {
        try feeds(
            of: newsletter,
            named: invocation.arguments.all("language") + invocation.arguments.all("topic"),
            unless: newsletter.defaultFeed
        )
    }

    /// The feeds of those words, in the language of `own` if none of them is a language.
    func feeds(
        of newsletter: Newsletter,
        named words: [String],
        unless own: Newsletter.Feed
    ) throws(ReaderProblem) -> [Newsletter.Feed] {
        var whole = own
        var topics: [String] = []
        // `events` has the form of a language, so that it is found where that is looked for.
        for word in words {
            if let feed = newsletter.feed(for: word) { whole = feed } else { topics.append(word) }
        }
        var feeds: [Newsletter.Feed] = []
        for word in topics {
            let known = newsletter.topics(in: whole.language)
            guard !known.isEmpty else { throw .noLanguage(word, newsletter) }
            guard let feed = known.first(where: { $0.topic?.isCalled(word) ?? false }) else {
                throw .noTopic(word, newsletter, language: whole.language)
            }
            if !feeds.contains(feed) { feeds.append(feed) }
        }
        return feeds.isEmpty ? [whole] : feeds
    }

    func reader(of invocation: CommandInvocation) throws(ReaderProblem) -> JID {
        guard let reader = invocation.invoker.jid else { throw .addressUnknown }
        return reader
    }

    /// Changes what comes to a reader as messages from the newsletter they write to, which is given
    /// back; refused if nothing comes.
    func changeChats(
        of invocation: CommandInvocation,
        _ change: @escaping @Sendable (SubscriptionRecord, borrowing Transaction) throws -> Void
    ) async throws -> Newsletter {
        let newsletter = try newsletter(for: invocation)
        let reader = try reader(of: invocation)
        let list = list
        try await store.write { transaction in
            let chats = try list.chats(of: reader, at: newsletter, in: transaction)
            guard !chats.isEmpty else { throw ReaderProblem.notSubscribed(newsletter) }
            for chat in chats { try change(chat.record, transaction) }
        }
        return newsletter
    }

    /// Refuses to keep when nothing may come for whom nothing comes in a chat: it would do nothing,
    /// and anybody could fill the tables.
    func checkReadsInChat(_ reader: JID) async throws {
        let service = service
        let reads = try await store.read { transaction in
            try service.subscriptions(of: reader, in: transaction).contains {
                $0.record.jid == reader.bare && $0.record.choice.form == .chat
            }
        }
        guard reads else { throw ReaderProblem.nothingToQuiet }
    }

    /// Does the work and says how it ended.
    ///
    /// A stranger hears what they can do something about; paths and disks are the operator's.
    func answer(
        in texts: Texts,
        _ work: () async throws -> String
    ) async -> CommandOutcome {
        do {
            return .done(try await work())
        } catch let problem as ReaderProblem {
            return .refused(problem.explanation(in: texts))
        } catch PubSubError.tooManySignUps {
            return .refused(texts("tooManySignUps"))
        } catch let error as PubSubError {
            return .refused(error.description)
        } catch {
            report(error)
            return .failed(texts("failed"))
        }
    }
}

/// What keeps a reader from getting what they asked for.
enum ReaderProblem: Error, Hashable {
    case whichNewsletter([Newsletter])
    case noLanguage(String, Newsletter)
    case noTopic(String, Newsletter, language: String)
    case addressUnknown
    case nothingPublished(Newsletter, language: String)
    case notSubscribed(Newsletter)
    case noIssue(String, Newsletter, language: String)
    case severalIssues(String, [String])
    case nothingFound(String, Newsletter)
    case notANumber(String, most: Int)
    case notADate(String)
    case dateNotAhead(String)
    case noQuietHours(String)
    case nothingToQuiet

    func explanation(in texts: Texts) -> String {
        switch self {
        case .whichNewsletter(let newsletters):
            ([texts("whichNewsletter")] + newsletters.map { "- \($0.title): xmpp:\($0.contact)" })
                .joined(separator: "\n")
        case .noLanguage(let language, let newsletter):
            texts(
                "noLanguage",
                [
                    "newsletter": newsletter.title, "language": language,
                    "languages": newsletter.languages.joined(separator: ", "),
                ]
            )
        case .noTopic(let word, let newsletter, let language):
            texts(
                "noTopic",
                [
                    "newsletter": newsletter.title, "word": word.prefix(40), "language": language,
                    "topics": newsletter.topics(in: language).compactMap { $0.topic?.section }
                        .joined(separator: ", "),
                    "languages": newsletter.languages.joined(separator: ", "),
                ]
            )
        case .addressUnknown: texts("addressUnknown")
        case .nothingPublished(let newsletter, let language):
            texts("nothingPublished", ["newsletter": newsletter.title, "language": language])
        case .notSubscribed(let newsletter):
            ([texts("notSubscribed", ["newsletter": newsletter.title])]
                + texts.elsewhere(newsletter))
                .joined(separator: "\n")
        case .noIssue(let name, let newsletter, let language):
            texts(
                "noIssue",
                ["newsletter": newsletter.title, "language": language, "name": name.prefix(40)]
            )
        case .severalIssues(let name, let issues):
            ([texts("severalIssues", ["name": name.prefix(40)])] + issues.map { "- issue \($0)" })
                .joined(separator: "\n")
        case .nothingFound(let words, let newsletter):
            texts("nothingFound", ["newsletter": newsletter.title, "words": words.prefix(80)])
        case .notANumber(let word, let most):
            texts("notANumber", ["word": word.prefix(40), "most": most])
        case .notADate(let word): texts("notADate", ["word": word.prefix(40)])
        case .dateNotAhead(let word): texts("dateNotAhead", ["word": word])
        case .nothingToQuiet: texts("nothingToQuiet")
        case .noQuietHours(let words): texts("noQuietHours", ["words": words.prefix(40)])
        }
    }
}

extension Texts {
    /// That we know nothing of those who read a newsletter at another service.
    func elsewhere(_ newsletter: Newsletter) -> [String] {
        newsletter.engine.map { [self("engine.elsewhere", ["service": $0])] } ?? []
    }
}

extension Newsletter.Feed.Topic {
    /// Whether it is what a reader means, who sees its title or reads its name in the help.
    fileprivate func isCalled(_ word: String) -> Bool {
        [section.lowercased(), title.lowercased()].contains(word.lowercased())
    }
}
