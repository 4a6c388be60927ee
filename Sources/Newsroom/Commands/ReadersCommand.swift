import Commands
import Publishing
import Storage

/// `readers`: how many there are, by node and by what they get; never who.
struct ReadersCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher

    var declaration: Command {
        Command(
            "readers",
            summary: "Count the readers by node, language and form",
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["readers"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            var parts: [String] = []
            for desk in newsdesk.desks(for: invocation.newsletter) {
                let feeds = try await publisher.readers(of: desk.newsletter)
                let total = feeds.reduce(0) { $0 + $1.subscribed }
                parts.append("\(desk.newsletter.title), \(Wording.readers(total)):")
                parts += feeds.map(Self.line)
            }
            return .done(parts.joined(separator: "\n"))
        } catch {
            return .failed("\(error)")
        }
    }

    private static func line(_ feed: Publisher.FeedReaders) -> String {
        let delivered = feed.byForm.reduce(0) { $0 + $1.readers }
        var forms = feed.byForm.map { "\($0.readers) \(words(for: $0.kind))" }
        if feed.subscribed > delivered {
            forms.append("\(feed.subscribed - delivered) without delivery")
        }
        let details = forms.isEmpty ? "" : " (\(forms.joined(separator: ", ")))"
        let count = Wording.readers(feed.subscribed)
        return "- \(feed.feed.label), \(feed.feed.node): \(count)\(details)"
    }

    private static func words(for kind: VariantKind) -> String {
        switch kind {
        case .event: "by PubSub"
        case .eventWithBody: "by PubSub with a text"
        case .chat(let amount): "in a chat, \(amount.rawValue)"
        }
    }
}
