import Synchronization
import Testing
import XMPP

@testable import Commands

/// Commands that ask before they act, wherever they are given.
@Suite("Questions before a command acts")
struct ConfirmationTests {
    /// What is to be burnt, which may change while a question is open.
    private final class Archive: Sendable {
        let title = Mutex("The Two Households")
        let burnt = Mutex<[String]>([])
    }

    private let archive = Archive()
    private let dialogue: CommandDialogue
    private let registry: CommandRegistry

    init() {
        let archive = archive
        let burn = Command(
            "burn",
            summary: "Burn an issue",
            parameters: [Parameter("issue", .issue, summary: "Which")],
            role: .publisher,
            audience: .newsroom,
            changesSomething: true,
            confirmation: { invocation in
                guard invocation.arguments["issue"] != "ashes" else { return nil }
                return "Burn “\(archive.title.withLock { $0 })”?"
            }
        ) { invocation, _ in
            archive.burnt.withLock { $0.append(invocation.arguments["issue"] ?? "") }
            return .done("burnt by \(invocation.invoker.displayName)")
        }
        registry = CommandRegistry([burn])
        let clock = Clockwork()
        self.clock = clock
        dialogue = CommandDialogue(registry, now: { clock.now.withLock { $0 } })
    }

    private final class Clockwork: Sendable {
        let now = Mutex(Duration.zero)
    }
    private let clock: Clockwork

    private func say(
        _ line: String,
        as nick: String = "Benvolio",
        role: Role = .publisher,
        occupantID: String? = nil,
        on face: Face? = nil,
        in language: String = "en"
    ) async throws -> CommandOutcome? {
        await dialogue.perform(
            line,
            by: Invoker(role: role, jid: nil, displayName: nick, occupantID: occupantID),
            on: try face ?? Places.room(),
            language: language,
            responder: Listener()
        )
    }

    private var burnt: [String] { archive.burnt.withLock { $0 } }

    private static let asked = CommandOutcome.question(
        "Burn “The Two Households”? Answer “!yes” or “!no” within 5 minutes."
    )

    @Test("in a chat the answers can be tapped (XEP-0147 §8.1)")
    func links() async throws {
        let contact = try JID("dispatch@news.verona.lit")
        let asked = try await say("burn all", on: .chat(contact: contact), in: "es")
        #expect(
            asked?.text.hasSuffix(
                """
                «sí» o «no» antes de 5 minutos.
                xmpp:dispatch@news.verona.lit?message;body=s%C3%AD
                xmpp:dispatch@news.verona.lit?message;body=no
                """
            ) == true
        )
        #expect(
            try await say("brun The Two", on: .chat(contact: contact))?.text == """
                I don't know “brun”. Did you mean “burn”?
                xmpp:dispatch@news.verona.lit?message;body=burn%20The%20Two
                """
        )
        #expect(try await say("burn all", on: .shell)?.text.contains("xmpp:") == false)
    }

    @Test(
        "whoever is asked in a language may answer in it, or in any other",
        arguments: [
            ("de", "ja", "nein"), ("fr", "oui", "non"), ("es", "sí", "no"), ("it", "sì", "no"),
        ]
    )
    func languages(language: String, yes: String, no: String) async throws {
        let question = try await say("burn old", in: language)?.text
        #expect(question?.hasPrefix("Burn “The Two Households”? ") == true)
        #expect(question?.contains("!\(yes)") == true)
        #expect(question?.contains("!\(no)") == true)
        #expect(try await say(no, in: language)?.text.isEmpty == false)
        for answer in [yes, "yes"] {
            _ = try await say("burn old", in: language)
            #expect(try await say(answer, in: language) == .done("burnt by Benvolio"))
        }
        #expect(archive.burnt.withLock { $0 } == ["old", "old"])
    }

    @Test(
        "nothing happens before a yes, and then it does",
        arguments: ["yes", "!Yes.", "1", "confirm"]
    )
    func yes(answer: String) async throws {
        #expect(try await say("burn 1597-01") == Self.asked)
        #expect(burnt.isEmpty)
        #expect(try await say(answer) == .done("burnt by Benvolio"))
        #expect(burnt == ["1597-01"])
        // A second yes is an answer to nothing.
        #expect(try await say(answer) != .done("burnt by Benvolio"))
        #expect(burnt.count == 1)
    }

    @Test("a no ends it", arguments: ["no", "abort", "2", "!no"])
    func no(answer: String) async throws {
        _ = try await say("burn 1597-01")
        #expect(try await say(answer) == .done("All right, nothing was done."))
        #expect(try await say("yes") != .done("burnt by Benvolio"))
        #expect(burnt.isEmpty)
    }

    @Test("a command that has nothing to ask acts at once")
    func nothingToAsk() async throws {
        #expect(try await say("burn ashes") == .done("burnt by Benvolio"))
    }

    @Test("a question is for the one who gave the command")
    func belongs() async throws {
        _ = try await say("burn 1597-01")
        #expect(
            try await say("yes", as: "Mercutio")
                == .refused("That is for Benvolio to answer, who gave the command.")
        )
        let chat = try Places.chat()
        guard case .refused = try await say("yes", on: chat) else {
            Issue.record("a yes in another place counted")
            return
        }
        #expect(burnt.isEmpty)
        #expect(try await say("yes") == .done("burnt by Benvolio"))
    }

    @Test("where occupants have ids, whoever takes the nick of the asked can't answer (XEP-0421)")
    func nickTaken() async throws {
        _ = try await say("burn 1597-01", occupantID: "b")
        guard case .refused = try await say("yes", occupantID: "tybalt") else {
            Issue.record("a stolen nick counted")
            return
        }
        #expect(burnt.isEmpty)
        #expect(
            try await say("yes", as: "Ben", occupantID: "b") == .done("burnt by Ben")
        )
    }

    @Test("a question expires")
    func expires() async throws {
        _ = try await say("burn 1597-01")
        clock.now.withLock { $0 = .seconds(301) }
        let outcome = try await say("yes")
        #expect(outcome?.text.hasPrefix("That answer came too late") == true)
        #expect(burnt.isEmpty)
        _ = try await say("burn 1597-01")
        clock.now.withLock { $0 = .seconds(601) }
        #expect(try await say("yes") == .done("burnt by Benvolio"))
    }

    @Test("rights count as they are when the answer comes")
    func rightsLost() async throws {
        _ = try await say("burn 1597-01")
        guard case .refused(let text) = try await say("yes", role: .editor) else {
            Issue.record("an editor burnt it")
            return
        }
        #expect(text.hasPrefix("Sorry, only publishers"))
        #expect(burnt.isEmpty)
    }

    @Test("if it would be another question by now, that one is asked")
    func changed() async throws {
        _ = try await say("burn 1597-01")
        archive.title.withLock { $0 = "The Apothecary" }
        #expect(
            try await say("yes")
                == .question("Burn “The Apothecary”? Answer “!yes” or “!no” within 5 minutes.")
        )
        #expect(burnt.isEmpty)
        #expect(try await say("yes") == .done("burnt by Benvolio"))
    }

    @Test("a later question takes the place of an earlier one")
    func later() async throws {
        _ = try await say("burn 1597-01")
        _ = try await say("burn 1597-02")
        _ = try await say("yes")
        _ = try await say("yes")
        #expect(burnt == ["1597-02"])
    }

    @Test("the shell says yes beforehand, or to the question it was asked")
    func shell() async throws {
        func give(_ consent: CommandConsent) async -> CommandOutcome? {
            await registry.perform(
                "burn 1597-01",
                by: Invoker(role: .operator, jid: nil, displayName: "the shell"),
                on: .shell,
                consent: consent,
                responder: Listener()
            )
        }
        #expect(await give(.notGiven) == .question("Burn “The Two Households”?"))
        #expect(await give(.to(question: "Burn it?")) == .question("Burn “The Two Households”?"))
        #expect(burnt.isEmpty)
        let yes = CommandConsent.to(question: "Burn “The Two Households”?")
        #expect(await give(yes)?.text.hasPrefix("burnt") == true)
        #expect(await give(.toEverything)?.text.hasPrefix("burnt") == true)
    }

    // MARK: - Forms

    private func request(
        _ session: String?,
        _ fields: [String: String],
        _ action: AdHocCommand.Action = .complete,
        role: Role = .publisher
    ) throws -> AdHocDialogue.Request {
        let form = DataForm(
            .submit,
            fields: fields.map { DataForm.Field($0.key, values: [$0.value]) }
        )
        let jid = try JID("benvolio@montague.lit/square")
        return AdHocDialogue.Request(
            AdHocCommand(node: "burn", sessionID: session, action: action, form: form),
            from: jid,
            invoker: Invoker(role: role, jid: jid, displayName: "Benvolio"),
            newsletter: nil,
            language: "en"
        )
    }

    /// A dialogue that has just asked, as the daemon leads it.
    private func askedByForm() async throws -> AdHocDialogue {
        var forms = AdHocDialogue(registry)
        var first = try request(nil, [:])
        first.command.action = .execute
        _ = forms.step(first, options: [:], freshID: "s1", at: .zero)
        let filled = try request("s1", ["issue": "1597-01"])
        guard case .run(let invocation) = forms.step(filled, options: [:], freshID: "x", at: .zero),
            case .question(let question) = await registry.perform(invocation, responder: Listener()),
            case .answer(let stage) =
                forms.ask(question, about: invocation, filled, freshID: "x", at: .zero)
        else {
            Issue.record("nothing was asked")
            return forms
        }
        #expect(stage.status == .executing)
        #expect(stage.sessionID == "s1")
        #expect(stage.form?.instructions == "Burn “The Two Households”?")
        #expect(stage.form?["confirm"]?.values == ["0"])
        return forms
    }

    @Test("a form asks in a second stage, and a tick there is a yes (XEP-0050 §2.4)")
    func formYes() async throws {
        var forms = try await askedByForm()
        let yes = try request("s1", ["confirm": "true"])
        guard case .run(let invocation) = forms.step(yes, options: [:], freshID: "x", at: .zero)
        else {
            Issue.record("it was not run")
            return
        }
        let outcome = await registry.perform(invocation, responder: Listener())
        #expect(outcome == .done("burnt by Benvolio"))
        #expect(burnt == ["1597-01"])
    }

    @Test("no tick, a cancelled form, or one that comes too late, is no yes")
    func formNo() async throws {
        var forms = try await askedByForm()
        let unticked = forms.step(
            try request("s1", ["confirm": "0"]),
            options: [:],
            freshID: "x",
            at: .zero
        )
        guard case .answer(let end) = unticked else {
            Issue.record("it was not answered")
            return
        }
        #expect(end.status == .completed)
        #expect(end.notes.map(\.text) == ["All right, nothing was done."])

        forms = try await askedByForm()
        let canceled = forms.step(
            try request("s1", [:], .cancel),
            options: [:],
            freshID: "x",
            at: .zero
        )
        guard case .answer(let end) = canceled else {
            Issue.record("it was not answered")
            return
        }
        #expect(end.status == .canceled)

        forms = try await askedByForm()
        let late = forms.step(
            try request("s1", ["confirm": "1"]),
            options: [:],
            freshID: "x",
            at: .seconds(301)
        )
        guard case .refuse(let error) = late else {
            Issue.record("it was taken")
            return
        }
        #expect(error.extensionCondition?.name == "session-expired")
        #expect(burnt.isEmpty)
    }

    @Test("who has lost the right by then is refused")
    func formRights() async throws {
        var forms = try await askedByForm()
        let yes = try request("s1", ["confirm": "1"], role: .editor)
        guard case .refuse(let error) = forms.step(yes, options: [:], freshID: "x", at: .zero)
        else {
            Issue.record("it was taken")
            return
        }
        #expect(error.condition == .forbidden)
    }
}
