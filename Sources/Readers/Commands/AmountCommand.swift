import Commands
import Localization
import PubSub
import Publishing
import Storage
import XMPP

/// `full`, `short`, `link`: how much of each issue comes from now on.
struct AmountCommand: Sendable {
    let desk: ReaderDesk
    let amount: ChatAmount

    var declaration: Command {
        Command(
            amount.rawValue,
            summary: Self.summary(amount),
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: [amount.rawValue]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let amount = amount
        let newsletter = try await desk.changeChats(of: invocation) { chat, transaction in
            var choice = chat.choice
            choice.amount = amount
            try transaction.setOptions(choice, of: chat.id)
        }
        return answer(newsletter, invocation.texts)
    }

    private static func summary(_ amount: ChatAmount) -> LocalizedText {
        switch amount {
        case .full: .text("full.summary")
        case .short: .text("short.summary")
        case .link: .text("link.summary")
        }
    }

    private func answer(_ newsletter: Newsletter, _ texts: Texts) -> String {
        let facts = ["newsletter": newsletter.title]
        return switch amount {
        case .full: texts("full.done", facts)
        case .short: texts("short.done", facts)
        case .link: texts("link.done", facts)
        }
    }
}
