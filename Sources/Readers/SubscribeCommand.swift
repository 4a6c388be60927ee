import Commands
import PubSub
import Publishing
import Storage
import XMPP

/// `subscribe [LANGUAGE]`: new issues as messages from now on.
struct SubscribeCommand: Sendable {
    let shelf: Shelf
    let service: PubSubService
    let store: Store

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
            do {
                return .done(try await run(invocation))
            } catch {
                return .refused("\(error)")
            }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try shelf.newsletter(for: invocation)
        let feed = try shelf.feed(of: newsletter, invocation)
        guard let reader = invocation.invoker.jid else { throw ReaderProblem.addressUnknown }
        let choice = DeliveryChoice(form: .chat, amount: .short)
        return try await store.write { transaction in
            let outcome = try service.subscribe(
                reader,
                to: feed.node,
                choice: choice,
                in: transaction
            )
            guard case .existing(let record) = outcome else {
                return Self.welcome(newsletter, feed)
            }
            guard record.choice.form != .chat else {
                return "You are subscribed to \(newsletter.title) (\(feed.language)) already."
            }
            // One subscription per reader: the same issue never comes by two ways.
            try service.choose(choice, for: reader, at: feed.node, in: transaction)
            return "You had subscribed to \(newsletter.title) (\(feed.language)) with a PubSub "
                + "client. From now on you get it as messages here instead."
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
