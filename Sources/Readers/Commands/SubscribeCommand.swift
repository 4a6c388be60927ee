import Commands
import PubSub
import Publishing
import Storage
import XMPP

/// `subscribe [LANGUAGE]`: new issues as messages from now on.
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
                )
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["subscribe", "subscribe de"]
        ) { invocation, _ in
            await desk.answer { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let feed = try desk.feed(of: newsletter, for: invocation)
        let reader = try desk.reader(of: invocation)
        let list = desk.list
        let (change, effects) = try await desk.store.write {
            try list.join(reader, to: feed, in: $0)
        }
        await desk.send(effects)
        switch change {
        case .isNew:
            return Self.welcome(newsletter, feed)
        case .wasSubscribed:
            return "You are subscribed to \(newsletter.title) (\(feed.language)) already."
        case .usedPubSub:
            return "You had subscribed to \(newsletter.title) (\(feed.language)) with a PubSub "
                + "client. From now on you get it as messages here instead."
        case .resumed:
            return "You get \(newsletter.title) (\(feed.language)) again."
        }
    }

    private static func welcome(_ newsletter: Newsletter, _ feed: Newsletter.Feed) -> String {
        """
        You are subscribed to \(newsletter.title) (\(feed.language)). Each new issue comes to you \
        as a message.
        Write “latest” to read the newest issue now, and “unsubscribe” to get no more.
        """
    }
}
