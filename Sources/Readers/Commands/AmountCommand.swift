import Commands
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
            await desk.answer { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let reader = try desk.reader(of: invocation)
        let (list, amount) = (desk.list, amount)
        try await desk.store.write { transaction in
            let chats = try list.chats(of: reader, at: newsletter, in: transaction)
            guard !chats.isEmpty else { throw ReaderProblem.notSubscribed(newsletter) }
            for chat in chats {
                var choice = chat.record.choice
                choice.amount = amount
                try transaction.setOptions(choice, of: chat.record.id)
            }
        }
        return Self.answer(amount, newsletter)
    }

    private static func summary(_ amount: ChatAmount) -> LocalizedText {
        switch amount {
        case .full: "Get the whole text of each issue"
        case .short: "Get each issue in short: what it is about, and its link"
        case .link: "Get only title and link of each issue"
        }
    }

    private static func answer(_ amount: ChatAmount, _ newsletter: Newsletter) -> String {
        switch amount {
        case .full: "From now on you get the whole text of each issue of \(newsletter.title)."
        case .short: "From now on you get each issue of \(newsletter.title) in short."
        case .link: "From now on you get only title and link of each issue of \(newsletter.title)."
        }
    }
}
