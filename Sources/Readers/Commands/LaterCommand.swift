import Commands
import Storage
import XMPP

/// `later no`: whoever got an issue in another language since there was no translation of it yet does
/// not get that as well when it comes.
struct LaterCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "later",
            summary: .text("later.summary"),
            parameters: [
                Parameter("wanted", .choice(["yes", "no"]), summary: .text("later.wanted"))
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["later no"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let isWanted = invocation.arguments["wanted"] == "yes"
        let newsletter = try await desk.changeChats(of: invocation) { chat, transaction in
            var choice = chat.choice
            choice.takesTranslations = isWanted
            try transaction.setOptions(choice, of: chat.id)
        }
        let facts = ["newsletter": newsletter.title]
        return isWanted
            ? invocation.texts("later.yes", facts) : invocation.texts("later.no", facts)
    }
}
