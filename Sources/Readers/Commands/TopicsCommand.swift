import Commands
import Localization
import PubSub
import Publishing
import XMPP

/// `topics [TOPIC…]`: the sections that can be had alone; with some named, those and nothing else.
struct TopicsCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "topics",
            aliases: ["topic"],
            summary: .text("topics.summary"),
            parameters: [
                .languageOfReader,
                Parameter(
                    "topic",
                    .word,
                    isRequired: false,
                    isRepeated: true,
                    summary: .text("topics.which")
                ),
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["topics", "topics events software", "topics all"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let reader = try desk.reader(of: invocation)
        guard !newsletter.topicFeeds.isEmpty else {
            return invocation.texts("topics.none", ["newsletter": newsletter.title])
        }
        let words = invocation.arguments.all("language") + invocation.arguments.all("topic")
        let own = try await desk.ownFeed(of: newsletter, for: reader)
        let isAboutTopics = words.contains { newsletter.feed(for: $0) == nil }
        guard isAboutTopics else {
            let whole = words.compactMap(newsletter.feed).first ?? own
            return list(of: newsletter, in: whole.language, invocation.texts)
        }
        let isAll = words.contains("all")
        let named =
            isAll
            ? [words.compactMap(newsletter.feed).first ?? own]
            : try desk.feeds(of: newsletter, named: words, unless: own)
        return try await choose(named, of: newsletter, for: reader, invocation.texts)
    }

    /// Leaves the reader with these feeds of their language: those they had as they are, and new
    /// ones in the same way, be that a pause.
    private func choose(
        _ feeds: [Newsletter.Feed],
        of newsletter: Newsletter,
        for reader: JID,
        _ texts: Texts
    ) async throws -> String {
        let list = desk.list
        let effects = try await desk.store.write { transaction in
            let chats = try list.chats(of: reader, at: newsletter, in: transaction)
            let model = chats.first { $0.feed.language == feeds.first?.language } ?? chats.first
            var effects: [PubSubEffect] = []
            for feed in feeds where !chats.contains(where: { $0.feed == feed }) {
                effects += try list.join(reader, to: feed, like: model?.record, in: transaction)
            }
            let others = chats.map(\.feed).filter { feed in
                feed.language == feeds.first?.language && !feeds.contains(feed)
            }
            return effects + (try list.leave(others, as: reader, in: transaction)).effects
        }
        await desk.send(effects)
        return texts(
            "topics.done",
            [
                "newsletter": newsletter.title,
                "feeds": feeds.map(\.label).joined(separator: ", "),
            ]
        )
    }

    private func list(of newsletter: Newsletter, in language: String, _ texts: Texts) -> String {
        let head = texts("topics.list", ["newsletter": newsletter.title, "language": language])
        let lines = newsletter.topics(in: language).compactMap(\.topic).map {
            "- \($0.section): \($0.title)"
        }
        return ([head] + lines).joined(separator: "\n")
    }
}
