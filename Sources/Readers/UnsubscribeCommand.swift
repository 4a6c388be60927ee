import Commands
import PubSub
import Publishing
import Storage

/// `unsubscribe [LANGUAGE]`: no more issues, however the reader had subscribed.
struct UnsubscribeCommand: Sendable {
    let shelf: Shelf
    let service: PubSubService
    let store: Store

    var declaration: Command {
        Command(
            "unsubscribe",
            aliases: ["stop", "leave", "end"],
            summary: "Get no more issues",
            parameters: [
                Parameter(
                    "language",
                    .language,
                    isRequired: false,
                    summary: "Leave this language only; all if you don't say"
                )
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["unsubscribe", "unsubscribe de"]
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
        let isOneLanguage = invocation.arguments["language"] != nil
        let feeds =
            isOneLanguage ? [try shelf.feed(of: newsletter, invocation)] : newsletter.feeds
        guard let reader = invocation.invoker.jid else { throw ReaderProblem.addressUnknown }
        let left = try await store.write { transaction in
            let subscriptions = try service.subscriptions(of: reader, in: transaction)
            let ended = feeds.filter { feed in subscriptions.contains { $0.node == feed.node } }
            for subscription in subscriptions
            where ended.contains(where: { $0.node == subscription.node }) {
                try service.unsubscribe(
                    subscription.record.jid,
                    from: subscription.node,
                    in: transaction
                )
            }
            return ended
        }
        guard !left.isEmpty else {
            return "You were not subscribed to \(newsletter.title), so there is nothing to end."
        }
        let languages = left.map(\.language).joined(separator: ", ")
        return "You get \(newsletter.title) (\(languages)) no more. "
            + "Write “subscribe” if you want it back."
    }
}
