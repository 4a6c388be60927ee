import Commands
import Localization
import PubSub
import Publishing
import Storage
import XMPP

/// `pubsub`: what comes as messages comes as items from now on, to a client that shows them.
struct PubSubCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "pubsub",
            summary: .text("pubsub.summary"),
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["pubsub"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let reader = try desk.reader(of: invocation)
        let (list, engine) = (desk.list, newsletter.engine)
        let feeds = try await desk.store.write { transaction in
            let chats = try list.chats(of: reader, at: newsletter, in: transaction)
                .filter { $0.record.choice.form == .chat && $0.record.state == .subscribed }
            guard !chats.isEmpty else { throw ReaderProblem.notSubscribed(newsletter) }
            for chat in chats {
                if let engine {
                    try list.send(
                        reader,
                        to: engine,
                        of: newsletter,
                        instead: chat,
                        in: transaction
                    )
                } else {
                    var choice = chat.record.choice
                    choice.form = .event
                    try transaction.setOptions(choice, of: chat.record.id)
                }
            }
            return chats.map(\.feed)
        }
        await desk.send([])
        return try await answer(feeds, newsletter, reader, invocation.texts)
    }

    private func answer(
        _ feeds: [Newsletter.Feed],
        _ newsletter: Newsletter,
        _ reader: JID,
        _ texts: Texts
    ) async throws -> String {
        let facts = [
            "newsletter": newsletter.title,
            "service": (newsletter.engine ?? desk.service.domain).description,
            "nodes": feeds.map(\.node.rawValue).joined(separator: ", "),
        ]
        switch try await desk.engineAnswer(to: reader, of: [newsletter]) {
        case .done: return texts("pubsub.done", facts)
        case .waiting: return texts("pubsub.waiting", facts)
        case .refused:
            return ([texts("pubsub.refused", facts)] + newsletter.engineLinks(to: feeds))
                .joined(separator: "\n")
        }
    }
}
