import Commands
import Localization
import PubSub
import Publishing
import XMPP

/// `language de`: from now on in this language, and in no other.
struct LanguageCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "language",
            aliases: ["lang"],
            summary: .text("language.summary"),
            parameters: [
                Parameter("language", .language, summary: .text("language.which"))
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["language de"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let feed = try desk.feed(of: newsletter, for: invocation)
        let reader = try desk.reader(of: invocation)
        let list = desk.list
        let effects = try await desk.store.write { transaction in
            let chats = try list.chats(of: reader, at: newsletter, in: transaction)
            guard !chats.isEmpty else { throw ReaderProblem.notSubscribed(newsletter) }
            return try list.move(reader, to: feed, of: newsletter, in: transaction)
        }
        await desk.send(effects)
        return invocation.texts(
            "language.done",
            ["newsletter": newsletter.title, "language": feed.language]
        )
    }
}
