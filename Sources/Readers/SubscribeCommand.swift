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
        let (change, effects) = try await desk.store.write {
            try subscribe(reader, to: feed, in: $0)
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
        }
    }

    private enum Change {
        case isNew, wasSubscribed
        /// By a client that got events, of which there are no more now.
        case usedPubSub
    }

    /// Leaves the reader with one subscription: the same issue never comes by two ways.
    private func subscribe(
        _ reader: JID,
        to feed: Newsletter.Feed,
        in transaction: borrowing Transaction
    ) throws -> (Change, [PubSubEffect]) {
        let service = desk.service
        let choice = DeliveryChoice(form: .chat, amount: .short)
        let resources = try service.subscriptions(of: reader, in: transaction)
            .filter { $0.node == feed.node && $0.record.jid != reader }
        let outcome = try service.subscribe(
            reader,
            to: feed.node,
            choice: choice,
            in: transaction
        )
        var effects = try service.welcome(outcome, in: transaction)
        for resource in resources {
            let jid = resource.record.jid
            effects += try service.unsubscribe(jid, from: feed.node, in: transaction)
        }
        switch outcome {
        case .created:
            return (resources.isEmpty ? .isNew : .usedPubSub, effects)
        case .existing(let record):
            guard record.choice.form != .chat else { return (.wasSubscribed, effects) }
            try service.choose(choice, for: reader, at: feed.node, in: transaction)
            return (.usedPubSub, effects)
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
