import Commands
import Logging
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("Commands by forms")
struct CommandDeskTests {
    private let damper = CommandDamper(perMinute: 2, now: { .zero })
    private let benvolio: JID
    private let desk: CommandDesk
    private let queue = WorkQueue(bound: 1)

    init() throws {
        benvolio = try JID("benvolio@verona.example/phone")
        let ping = Command(
            "ping",
            summary: "Answer",
            parameters: [Parameter("word", .word, isRequired: false, summary: "Any")],
            role: .reader,
            audience: .readers,
            changesSomething: false
        ) { invocation, _ in
            .done("pong in \(invocation.language)")
        }
        desk = CommandDesk(
            registry: CommandRegistry([ping]),
            limits: AdHocLimits(),
            maximumLength: 4096,
            domain: try JID("news.verona.example"),
            newsletters: [:],
            queue: { [queue] _ in queue },
            damper: damper,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            recognize: { Invoker(role: .reader, jid: $0, displayName: "\($0.bare)") },
            language: { _, _ in "de" },
            choices: { _, _ in CommandForm.Options() }
        )
    }

    private func send(_ command: AdHocCommand, in language: String? = nil) async throws -> IQ {
        let contact = try JID("dispatch@news.verona.example")
        var iq = IQ(.set, id: "1", from: benvolio, to: contact, payload: command.element)
        iq.xmlLang = language
        return try #require(await desk.answer(iq, at: contact))
    }

    private func begin() async throws -> IQ {
        try await send(AdHocCommand(node: "ping", action: .execute))
    }

    @Test("the minute's commands are counted with those of chats; who has no more is told why once")
    func limit() async throws {
        #expect(damper.verdict(on: benvolio.bare) == .answer)
        let session = AdHocCommand(try #require(try await begin().payload)).sessionID
        let warned = try #require(try await begin().error)
        #expect(warned.condition == .policyViolation && warned.type == .wait)
        #expect(warned.text?.hasPrefix("Das ist viel auf einmal") == true)
        let silent = try #require(try await begin().error)
        #expect(silent.condition == .policyViolation && silent.text == nil)
        #expect(damper.verdict(on: benvolio.bare) == .ignore)
        // What was begun may be ended.
        let form = DataForm(.submit, fields: [])
        let answer = try await send(
            AdHocCommand(node: "ping", sessionID: session, action: .complete, form: form)
        )
        #expect(AdHocCommand(try #require(answer.payload)).notes.map(\.text) == ["pong in de"])
    }

    @Test("a session that nobody began does not help past the limit, and looks nothing up")
    func madeUpSession() async throws {
        for _ in 1...2 { #expect(damper.verdict(on: benvolio.bare) == .answer) }
        let made = AdHocCommand(node: "ping", sessionID: "made-up", action: .complete)
        #expect(try await send(made).error?.condition == .policyViolation)
        #expect(try await send(made).error?.text == nil)
    }

    @Test(
        "a form is in the client's language if we have it, else in that of the place",
        arguments: [("fr", "fr"), ("pl", "de"), (nil, "de")]
    )
    func language(said: String?, answered: String) async throws {
        let begun = try await send(AdHocCommand(node: "ping", action: .execute), in: said)
        let session = AdHocCommand(try #require(begun.payload)).sessionID
        let answer = try await send(
            AdHocCommand(
                node: "ping",
                sessionID: session,
                action: .complete,
                form: DataForm(.submit, fields: [])
            ),
            in: said
        )
        let notes = AdHocCommand(try #require(answer.payload)).notes
        #expect(notes.map(\.text) == ["pong in \(answered)"])
    }
}
