public import Commands
public import Issues
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

/// Where issues can be seen as pages before they are out.
public protocol DraftPages: Sendable {
    /// Writes the page; returns its address, or nil if no place is set for it.
    func write(
        _ issue: IssueID,
        in language: String,
        of newsletter: String
    ) async throws -> String?
}

/// `preview ISSUE [LANGUAGE] [AMOUNT] [as chat|pubsub|web]`: the issue as its readers would get it,
/// for the asker alone.
struct PreviewCommand: Sendable {
    enum Form: String, CaseIterable {
        case chat, pubsub, web
    }

    let newsdesk: Newsdesk
    let publisher: Publisher
    let answers: any PrivateAnswers
    let pages: any DraftPages
    /// Lets the delivery know that there is something to do.
    let wake: @Sendable () async -> Void

    static let declaration = CommandDeclaration(
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
            Parameter(
                "form",
                .choice(Form.allCases.map(\.rawValue)),
                isRequired: false,
                lead: "as",
                summary: .text("preview.form")
            ),
        ],
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: [
            "preview 2026-10", "preview 2026-10 de full", "preview 2026-10 as pubsub",
            "preview 2026-10 de as web",
        ]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let choice = try newsdesk.choose(for: invocation)
            let language =
                invocation.arguments["language"]
                ?? choice.desk.newsletter.defaultFeed.language
            let issue = try choice.desk.read(choice.entry.id, in: language)
            return switch invocation.arguments["form"].flatMap(Form.init) ?? .chat {
            case .chat: try await message(issue, choice, invocation)
            case .pubsub: try await item(issue, choice, invocation)
            case .web: try await page(issue, choice, texts)
            }
        } catch {
            return .failed("\(texts("preview.nothing")) \(texts.reason(error))")
        }
    }

    // MARK: - The ways to see it

    private func message(
        _ issue: NewsletterIssue,
        _ choice: Newsdesk.Choice,
        _ invocation: CommandInvocation
    ) async throws -> CommandOutcome {
        let amount = invocation.arguments["amount"].flatMap(ChatAmount.init) ?? .short
        let text = issue.chatText(amount, link: link(to: issue, in: choice.desk.newsletter))
        let warnings = issue.warnings.map(invocation.texts.line)
        guard let place = try await answers.sendPrivately(text, to: invocation) else {
            return .done(([text] + warnings).joined(separator: "\n\n"))
        }
        let texts = invocation.texts
        let sent = texts(
            "preview.sent",
            [
                "issue": issue.id, "language": issue.language, "amount": amount.rawValue,
                "size": issue.itemSize, "place": texts.privatePlace(place),
            ]
        )
        return .done(([sent] + warnings).joined(separator: "\n"))
    }

    /// The item as subscribers would get it, in a node that looks missing to all others.
    private func item(
        _ issue: NewsletterIssue,
        _ choice: Newsdesk.Choice,
        _ invocation: CommandInvocation
    ) async throws -> CommandOutcome {
        let (desk, texts) = (choice.desk, invocation.texts)
        guard let person = invocation.invoker.jid else {
            return .refused(texts("preview.noAddress"))
        }
        guard let feed = desk.newsletter.feed(for: issue.language) else {
            throw NewsletterDesk.NoNode(newsletter: desk.newsletter.name, language: issue.language)
        }
        let others = choice.languages.filter { $0 != issue.language }
        let editions = Editions(
            newsletter: desk.newsletter,
            readings: [.usable(issue, feed, contentHash: "")],
            translations: desk.readings(of: choice.entry, in: others).compactMap(\.issue),
            images: desk.context.images,
            itemLimit: desk.checks.maximumItemSize
        ).make(for: choice.entry)
        guard let edition = editions.first else { throw IssueNameError.none }
        let address = try await publisher.draft(edition, of: desk.newsletter, for: person)
        await wake()
        return .done(
            texts(
                "preview.item",
                ["issue": issue.id, "language": issue.language, "address": address]
            )
        )
    }

    private func page(
        _ issue: NewsletterIssue,
        _ choice: Newsdesk.Choice,
        _ texts: Texts
    ) async throws -> CommandOutcome {
        let name = choice.desk.newsletter.name
        let address = try await pages.write(issue.id, in: issue.language, of: name)
        guard let address else { return .refused(texts("preview.noPages", ["newsletter": name])) }
        return .done(
            texts(
                "preview.page",
                ["issue": issue.id, "language": issue.language, "address": address]
            )
        )
    }

    /// Where the issue will be, for newsletters that are not on the web.
    private func link(to issue: NewsletterIssue, in newsletter: Newsletter) -> String? {
        guard let feed = newsletter.feed(for: issue.language),
            let item = ItemID(rawValue: issue.id.rawValue)
        else { return nil }
        return publisher.itemURI(of: item, in: feed, of: newsletter)
    }
}
