import Commands
import Localization
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
            summary: .text("subscribe.summary"),
            parameters: [
                .languageOfReader,
                Parameter(
                    "welcome",
                    .choice(["latest"]),
                    isRequired: false,
                    summary: .text("subscribe.welcome")
                ),
                Parameter(
                    "topic",
                    .word,
                    isRequired: false,
                    isRepeated: true,
                    summary: .text("subscribe.topic")
                ),
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: [
                "subscribe", "subscribe de", "subscribe de specifications", "subscribe latest",
            ]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let feeds = try desk.feeds(of: newsletter, for: invocation)
        let reader = try desk.reader(of: invocation)
        let (list, texts) = (desk.list, invocation.texts)
        let (answers, effects, joined) = try await desk.store.write { transaction in
            var answers: [String] = []
            var effects: [PubSubEffect] = []
            var new: [Newsletter.Feed] = []
            for feed in feeds {
                let joined = try list.join(reader, to: feed, in: transaction)
                let whole = newsletter.feeds.filter { $0.node == feed.topic?.wholeNode }
                let hasWhole = try !list.subscriptions(of: reader, to: whole, in: transaction)
                    .isEmpty
                answers.append(Self.answer(joined.change, newsletter, feed, texts))
                // Nothing comes twice.
                if hasWhole {
                    answers.append(texts("subscribe.whole", ["language": feed.language]))
                }
                if joined.change == .isNew { new.append(feed) }
                effects += joined.effects
            }
            return (answers, effects, new)
        }
        await desk.send(effects)
        let isWelcomed = invocation.arguments["welcome"] != nil
        let newest =
            isWelcomed ? try await desk.newestIssue(of: newsletter, among: joined) : nil
        let welcome = newest.map { ["", texts("subscribe.newest"), "", $0.text(in: .short)] }
        let links = joined.isEmpty ? [] : invocation.links(to: newsletter, writing: "unsubscribe")
        return (answers + links + (welcome ?? [])).joined(separator: "\n")
    }

    private static func answer(
        _ change: ReaderList.Change,
        _ newsletter: Newsletter,
        _ feed: Newsletter.Feed,
        _ texts: Texts
    ) -> String {
        let facts = ["newsletter": newsletter.title, "feed": feed.label]
        switch change {
        case .isNew where feed.topic != nil:
            return texts("subscribe.topicDone", facts)
        case .isNew:
            return "\(texts("subscribe.done", facts))\n\(texts("subscribe.next"))"
        case .wasSubscribed: return texts("subscribe.already", facts)
        case .usedPubSub: return texts("subscribe.usedPubSub", facts)
        case .resumed: return texts("subscribe.resumed", facts)
        }
    }
}
