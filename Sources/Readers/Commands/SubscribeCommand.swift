import Commands
import PubSub
import Publishing
import Storage
import XMPP

/// `subscribe [LANGUAGE] [TOPIC…]`: new issues, or sections of them, as messages from now on.
struct SubscribeCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "subscribe",
            aliases: ["join", "start"],
            summary: "Get each new issue as a message",
            parameters: [
                Parameter(
                    "language",
                    .language,
                    isRequired: false,
                    summary: "A language the newsletter appears in; its own if you don't say"
                ),
                Parameter(
                    "topic",
                    .word,
                    isRequired: false,
                    isRepeated: true,
                    summary: "Only this section of each issue, where the newsletter has topics"
                ),
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["subscribe", "subscribe de", "subscribe de specifications"]
        ) { invocation, _ in
            await desk.answer { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let feeds = try desk.feeds(of: newsletter, for: invocation)
        let reader = try desk.reader(of: invocation)
        let list = desk.list
        let (answers, effects) = try await desk.store.write { transaction in
            var answers: [String] = []
            var effects: [PubSubEffect] = []
            for feed in feeds {
                let joined = try list.join(reader, to: feed, in: transaction)
                let whole = newsletter.feeds.filter { $0.node == feed.topic?.wholeNode }
                let hasWhole = try !list.subscriptions(of: reader, to: whole, in: transaction)
                    .isEmpty
                let answer = Self.answer(joined.change, newsletter, feed)
                answers.append(hasWhole ? "\(answer)\n\(Self.comesWithTheWhole(feed))" : answer)
                effects += joined.effects
            }
            return (answers, effects)
        }
        await desk.send(effects)
        return answers.joined(separator: "\n")
    }

    private static func answer(
        _ change: ReaderList.Change,
        _ newsletter: Newsletter,
        _ feed: Newsletter.Feed
    ) -> String {
        switch change {
        case .isNew:
            welcome(newsletter, feed)
        case .wasSubscribed:
            "You are subscribed to \(newsletter.title) (\(feed.label)) already."
        case .usedPubSub:
            "You had subscribed to \(newsletter.title) (\(feed.label)) with a PubSub "
                + "client. From now on you get it as messages here instead."
        case .resumed:
            "You get \(newsletter.title) (\(feed.label)) again."
        }
    }

    private static func welcome(_ newsletter: Newsletter, _ feed: Newsletter.Feed) -> String {
        guard feed.topic == nil else {
            return
                "You are subscribed to \(newsletter.title) (\(feed.label)). That section of each "
                + "new issue comes to you as a message."
        }
        return """
            You are subscribed to \(newsletter.title) (\(feed.label)). Each new issue comes to you \
            as a message.
            Write “latest” to read the newest issue now, and “unsubscribe” to get no more.
            """
    }

    /// Nothing comes twice.
    private static func comesWithTheWhole(_ feed: Newsletter.Feed) -> String {
        "You get whole issues in '\(feed.language)', so the section comes with them and not once more."
    }
}
