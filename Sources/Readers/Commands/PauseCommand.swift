import Commands
import Foundation
import Localization
import PubSub
import Publishing
import Storage
import XMPP

/// `pause until 2027-01-31`: nothing until then.
struct PauseCommand: Sendable {
    /// Ten years: whoever means longer means `unsubscribe`.
    private static let longest: TimeInterval = 3_653 * 86_400

    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "pause",
            summary: .text("pause.summary"),
            parameters: [
                Parameter(
                    "until",
                    .choice(["until"]),
                    isRequired: false,
                    summary: .text("pause.until")
                ),
                Parameter(
                    "date",
                    .word,
                    isRequired: false,
                    summary: .text("pause.date")
                ),
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["pause until 2027-01-31"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let word = invocation.arguments["date"] ?? ""
        guard let end = DateTime("\(word)T00:00:00Z")?.date else {
            throw ReaderProblem.notADate(word)
        }
        let now = Date()
        guard end > now, end < now + Self.longest else { throw ReaderProblem.dateNotAhead(word) }
        let newsletter = try await desk.changeChats(of: invocation) { chat, transaction in
            try transaction.pause(chat.id, until: end)
        }
        return invocation.texts(
            "pause.done",
            ["newsletter": newsletter.title, "date": word]
        )
    }
}

/// `unpause`: a pause is over.
struct UnpauseCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "unpause",
            aliases: ["continue"],
            summary: .text("unpause.summary"),
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["unpause"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try await desk.changeChats(of: invocation) { chat, transaction in
            var choice = chat.choice
            choice.isDelivered = true
            try transaction.setOptions(choice, of: chat.id)
        }
        return invocation.texts("unpause.done", ["newsletter": newsletter.title])
    }
}
