public import Commands
import Issues
import Localization
import Publishing
import XMPP

/// Says something to the one who gave a command and to nobody else.
public protocol PrivateAnswers: Sendable {
    /// Where the answer was sent; nil if what is answered is private anyway.
    func sendPrivately(
        _ text: String,
        to invocation: CommandInvocation
    ) async throws -> PrivatePlace?
}

/// Where something is said to one person alone.
public enum PrivatePlace: Hashable, Sendable {
    /// Through a room (XEP-0045 §7.5).
    case privateMessage
}

/// `preview ISSUE [LANGUAGE]`: the issue as its chat readers would get it, for the asker alone.
struct PreviewCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher
    let answers: any PrivateAnswers

    var declaration: Command {
        Command(
            "preview",
            summary: .text("preview.summary"),
            parameters: [
                .issue,
                Parameter(
                    "language",
                    .language,
                    isRequired: false,
                    summary: .text("preview.language")
                ),
                Parameter(
                    "amount",
                    .choice(ChatAmount.allCases.map(\.rawValue)),
                    isRequired: false,
                    summary: .text("preview.amount")
                ),
            ],
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["preview 2026-10", "preview 2026-10 de full"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let name = invocation.arguments["issue"] ?? ""
            let choice = try newsdesk.choose(name, newsletter: invocation.newsletter)
            let newsletter = choice.desk.newsletter
            let language = invocation.arguments["language"] ?? newsletter.defaultFeed.language
            let issue = try choice.desk.read(choice.entry.id, in: language)
            let amount = invocation.arguments["amount"].flatMap(ChatAmount.init) ?? .short
            let text = issue.chatText(amount, link: link(to: issue, in: newsletter))
            let warnings = issue.warnings.map(\.description)
            guard let place = try await answers.sendPrivately(text, to: invocation) else {
                return .done(([text] + warnings).joined(separator: "\n\n"))
            }
            let sent = texts(
                "preview.sent",
                [
                    "issue": issue.id, "language": issue.language, "amount": amount.rawValue,
                    "size": issue.itemSize, "place": texts.privatePlace(place),
                ]
            )
            return .done(([sent] + warnings).joined(separator: "\n"))
        } catch {
            return .failed("\(texts("preview.nothing")) \(texts.reason(error))")
        }
    }

    /// Where the issue will be, for newsletters that are not on the web.
    private func link(to issue: NewsletterIssue, in newsletter: Newsletter) -> String? {
        guard let feed = newsletter.feed(for: issue.language),
            let item = ItemID(rawValue: issue.id.rawValue)
        else { return nil }
        return publisher.itemURI(of: item, in: feed)
    }
}
