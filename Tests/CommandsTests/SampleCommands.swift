import Commands
import Synchronization
import XMPP

/// A small newsroom to try the registry with; commands say back what they were given.
enum SampleCommands {
    static let publish = Command(
        "publish",
        aliases: ["post"],
        summary: LocalizedText(en: "Send an issue to its readers", ["fr": "Envoyer un numéro"]),
        parameters: [
            Parameter("issue", .issue, summary: "Which issue"),
            Parameter(
                "language",
                .language,
                isRequired: false,
                isRepeated: true,
                summary: "Only these languages"
            ),
        ],
        role: .publisher,
        audience: .newsroom,
        changesSomething: true,
        examples: ["publish 2024-02", "publish 2024-02 fr"]
    ) { invocation, responder in
        await responder.progress("Publishing… 1 of 1")
        let languages = invocation.arguments.all("language").joined(separator: "+")
        return .done("published \(invocation.arguments["issue"] ?? "?") \(languages)")
    }

    static let preview = Command(
        "preview",
        summary: "Show an issue as readers will see it",
        parameters: [
            Parameter("issue", .issue, summary: "Which issue"),
            Parameter("language", .language, isRequired: false, summary: "In which language"),
            Parameter("form", .choice(["chat", "web"]), isRequired: false, summary: "How"),
        ],
        role: .editor,
        audience: .newsroom,
        changesSomething: false
    ) { _, _ in .done("previewed") }

    static let issues = Command(
        "issues",
        summary: "List the issues",
        role: .reader,
        audience: .newsroom,
        changesSomething: false
    ) { _, _ in .done("issues") }

    static let say = Command(
        "say",
        summary: "Say something to a section",
        parameters: [
            Parameter("section", .word, summary: "To whom"),
            Parameter("text", .text, summary: "What"),
        ],
        role: .operator,
        audience: .newsroom,
        changesSomething: true
    ) { _, _ in .failed("nobody listens") }

    static let subscribe = Command(
        "subscribe",
        aliases: ["join"],
        summary: "Get each new issue",
        parameters: [
            Parameter("language", .language, isRequired: false, summary: "In which language")
        ],
        role: .reader,
        audience: .readers,
        changesSomething: true
    ) { _, _ in .done("subscribed") }

    static let registry = CommandRegistry([publish, preview, issues, say, subscribe])
}

extension CommandRegistry {
    func parse(_ line: String, as role: Role, on face: Face = .shell) -> ParseResult {
        parse(line, by: Invoker(role: role, jid: nil, displayName: "Rosaline"), on: face)
    }

    /// The arguments that the line gives, or nil if it is not taken.
    func arguments(of line: String) -> CommandArguments? {
        guard case .invocation(let invocation) = parse(line, as: .operator) else { return nil }
        return invocation.arguments
    }
}

/// Keeps what a command says while it works.
final class Listener: CommandResponder {
    private let heard = Mutex<[String]>([])

    var texts: [String] { heard.withLock { $0 } }

    func progress(_ text: String) async {
        heard.withLock { $0.append(text) }
    }
}

enum Places {
    static func room() throws -> Face { .room(try JID("comm-team@rooms.verona.lit")) }
    static func chat() throws -> Face { .chat(contact: try JID("newsletter@news.verona.lit")) }
}
