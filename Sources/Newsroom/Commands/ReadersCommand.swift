import Commands
import Localization
import Publishing
import Storage

/// `readers`: how many there are, by node and by what they get, and how many more than a month ago;
/// never who.
struct ReadersCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher

    static let declaration = CommandDeclaration(
        "readers",
        summary: .text("readers.summary"),
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["readers"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            var parts: [String] = []
            for desk in newsdesk.desks(for: invocation.newsletter) {
                let feeds = try await publisher.readers(of: desk.newsletter)
                let total = feeds.reduce(0) { $0 + $1.subscribed }
                parts.append("\(desk.newsletter.title), \(texts.readers(total)):")
                parts += feeds.map { Self.line($0, texts) } + texts.engineNote(desk.newsletter)
            }
            return .done(parts.joined(separator: "\n"))
        } catch {
            return .failed(texts.reason(error))
        }
    }

    private static func line(_ feed: Publisher.FeedReaders, _ texts: Texts) -> String {
        let delivered = feed.byForm.reduce(0) { $0 + $1.readers }
        var forms = feed.byForm.map { "\($0.readers) \(words(for: $0.kind, texts))" }
        if feed.subscribed > delivered {
            forms.append(texts("readers.silent", ["count": feed.subscribed - delivered]))
        }
        let details = forms.isEmpty ? "" : " (\(forms.joined(separator: ", ")))"
        let count = texts.readers(feed.subscribed)
        let growth = feed.growth.map { ", \(words(for: $0, texts))" } ?? ""
        return "- \(feed.feed.label), \(feed.feed.node): \(count)\(growth)\(details)"
    }

    private static func words(for growth: Publisher.Growth, _ texts: Texts) -> String {
        let sign = growth.readers > 0 ? "+" : growth.readers < 0 ? "−" : "±"
        let days = texts("days", count: growth.days)
        return texts("readers.growth", ["change": "\(sign)\(abs(growth.readers))", "span": days])
    }

    private static func words(for kind: VariantKind, _ texts: Texts) -> String {
        switch kind {
        case .event: texts("readers.event")
        case .eventWithBody: texts("readers.body")
        case .room: texts("readers.room")
        case .chat(let amount), .replacement(let amount):
            texts("readers.chat", ["amount": amount.rawValue])
        }
    }
}
