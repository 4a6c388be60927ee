import Testing
import XML
import XMPP

@testable import Commands

@Suite("Commands as forms (XEP-0050)")
struct AdHocTests {
    private var dialogue = AdHocDialogue(
        SampleCommands.registry,
        limits: AdHocLimits(sessions: 3, sessionsPerPerson: 2, timeout: .seconds(60))
    )

    private func request(
        _ node: String,
        _ action: AdHocCommand.Action? = .execute,
        session: String? = nil,
        fields: [String: [String]]? = nil,
        as role: Role = .publisher,
        from requester: String = "juliet@capulet.lit/balcony"
    ) throws -> AdHocDialogue.Request {
        let form = fields.map { fields in
            DataForm(.submit, fields: fields.map { DataForm.Field($0.key, values: $0.value) })
        }
        let jid = try JID(requester)
        return AdHocDialogue.Request(
            AdHocCommand(node: node, sessionID: session, action: action, form: form),
            from: jid,
            invoker: Invoker(role: role, jid: jid, displayName: "Juliet"),
            newsletter: "dispatch",
            language: "en"
        )
    }

    private mutating func step(
        _ request: AdHocDialogue.Request,
        options: CommandForm.Options = [:],
        id: String = "s1",
        at now: Duration = .zero
    ) -> AdHocDialogue.Step {
        dialogue.step(request, options: options, freshID: id, at: now)
    }

    private func condition(_ step: AdHocDialogue.Step) -> [String]? {
        guard case .refuse(let error) = step else { return nil }
        return [error.condition.rawValue] + (error.extensionCondition.map { [$0.name] } ?? [])
    }

    @Test("everybody sees the commands they may give, by readable nodes (§2.1)")
    func list() {
        #expect(dialogue.list(for: .reader, language: "en").map(\.node) == ["help", "subscribe"])
        let all = dialogue.list(for: .publisher, language: "fr")
        #expect(all.map(\.node) == ["help", "publish", "preview", "issues", "subscribe"])
        #expect(all[1].name == "Envoyer un numéro")
    }

    @Test("a command without parameters is run at once (§2.3)")
    mutating func noParameters() throws {
        guard case .run(let invocation) = step(try request("issues")) else {
            Issue.record("it was not run")
            return
        }
        #expect(invocation.command == "issues")
        #expect(invocation.face == .adHoc)
        #expect(invocation.newsletter == "dispatch")
        #expect(dialogue.openSessions == 0)
    }

    @Test("a form is offered with what can be chosen, and completes in one step (§2.4)")
    mutating func form() throws {
        let options: CommandForm.Options = [
            "issue": [.init("2026-11", label: "November"), .init("2026-10")],
            "language": [.init("en"), .init("fr")],
        ]
        guard case .answer(let offered) = step(try request("publish"), options: options) else {
            Issue.record("no form came")
            return
        }
        #expect(offered.status == .executing)
        #expect(offered.choices == .init([.complete], execute: .complete))
        let form = try #require(offered.form)
        #expect(form.title == "Publish")
        #expect(form.instructions == "Send an issue to its readers.")
        #expect(form["issue"]?.type == .listSingle)
        #expect(form["issue"]?.values == ["2026-11"])
        #expect(form["issue"]?.options.map(\.label) == ["November", "2026-10"])
        #expect(form["issue"]?.isRequired == true)
        #expect(form["language"]?.type == .listMulti)
        #expect(form["language"]?.values == [])

        let submitted = try request(
            "publish",
            .complete,
            session: offered.sessionID,
            fields: ["issue": ["2026-10"], "language": ["FR", "en"]]
        )
        guard case .run(let invocation) = step(submitted, options: options) else {
            Issue.record("the form was not taken")
            return
        }
        #expect(invocation.arguments["issue"] == "2026-10")
        #expect(invocation.arguments.all("language") == ["fr", "en"])
        // A session ends with its command.
        #expect(condition(step(submitted)) == ["bad-request", "bad-sessionid"])
    }

    @Test("where several newsletters are, the form asks for which")
    mutating func newsletters() throws {
        var asked = try request("subscribe", as: .reader)
        asked.newsletter = nil
        let options = ["newsletter": [DataForm.Field.Option("dispatch"), .init("gazette")]]
        guard case .answer(let offered) = step(asked, options: options) else {
            Issue.record("no form came")
            return
        }
        #expect(offered.form?["newsletter"]?.options.map(\.value) == ["dispatch", "gazette"])
        for (value, chosen) in [("gazette", "gazette"), ("elsewhere", nil)] {
            var answer = try request(
                "subscribe",
                .complete,
                session: "s1",
                fields: ["newsletter": [value]],
                as: .reader
            )
            answer.newsletter = nil
            _ = step(asked, options: options)
            guard case .run(let invocation) = step(answer, options: options) else {
                Issue.record("the form was not taken")
                return
            }
            #expect(invocation.newsletter == chosen)
        }
    }

    @Test("a form with a mistake comes back as it was filled in, with what is wrong")
    mutating func mistake() throws {
        _ = step(try request("subscribe", as: .reader))
        let wrong = try request(
            "subscribe",
            .complete,
            session: "s1",
            fields: ["language": ["no language"]],
            as: .reader
        )
        guard case .answer(let again) = step(wrong) else {
            Issue.record("\(wrong)")
            return
        }
        #expect(again.sessionID == "s1")
        #expect(again.status == .executing)
        #expect(again.form?["language"]?.values == ["no language"])
        #expect(again.notes.map(\.severity) == [.error])
        #expect(again.notes[0].text.contains("is not a language tag"))
        let right = try request(
            "subscribe",
            .execute,
            session: "s1",
            fields: ["language": ["fr"]],
            as: .reader
        )
        guard case .run = step(right) else {
            Issue.record("the corrected form was not taken")
            return
        }
    }

    @Test("what is wrong gets the condition that XEP-0050 names (§3.5)")
    mutating func errors() throws {
        #expect(condition(step(try request("dance"))) == ["item-not-found"])
        #expect(condition(step(try request("publish", as: .reader))) == ["forbidden"])
        let lost = try request("publish", .complete, session: "nowhere", fields: [:])
        #expect(condition(step(lost)) == ["bad-request", "bad-sessionid"])
        #expect(condition(step(try request("publish", .prev))) == ["bad-request", "bad-action"])

        _ = step(try request("publish"))
        let empty = try request("publish", .complete, session: "s1")
        #expect(condition(step(empty)) == ["bad-request", "bad-payload"])
        let back = try request("publish", .prev, session: "s1")
        #expect(condition(step(back)) == ["bad-request", "bad-action"])
        // Neither ended the session; too much time does.
        let late = try request("publish", .complete, session: "s1", fields: ["issue": ["1"]])
        #expect(condition(step(late, at: .seconds(61))) == ["not-allowed", "session-expired"])
    }

    @Test("a session is only its beginner's, from the same resource")
    mutating func others() throws {
        _ = step(try request("subscribe"))
        for thief in ["romeo@montague.lit/orchard", "juliet@capulet.lit/chamber"] {
            let stolen = try request(
                "subscribe",
                .complete,
                session: "s1",
                fields: [:],
                from: thief
            )
            #expect(condition(step(stolen)) == ["bad-request", "bad-sessionid"])
        }
        let other = try request("preview", .complete, session: "s1", fields: [:])
        #expect(condition(step(other)) == ["bad-request", "bad-sessionid"])
        #expect(dialogue.openSessions == 1)
    }

    @Test("a command is canceled by its action, and by a form that says so (§2.4)")
    mutating func cancel() throws {
        _ = step(try request("subscribe"))
        guard case .answer(let end) = step(try request("subscribe", .cancel, session: "s1")) else {
            Issue.record("not canceled")
            return
        }
        #expect(end.status == .canceled)
        #expect(dialogue.openSessions == 0)
        _ = step(try request("subscribe"))
        var byForm = try request("subscribe", .complete, session: "s1", fields: [:])
        byForm.command.form?.type = .cancel
        guard case .answer(let second) = step(byForm) else {
            Issue.record("not canceled")
            return
        }
        #expect(second.status == .canceled)
    }

    @Test("who begins too often loses the own oldest; all together are bounded")
    mutating func limits() throws {
        for (second, id) in ["a", "b", "c"].enumerated() {
            _ = step(try request("subscribe"), id: id, at: .seconds(second))
        }
        #expect(dialogue.openSessions == 2)
        let oldest = try request("subscribe", .complete, session: "a", fields: [:])
        #expect(condition(step(oldest)) == ["bad-request", "bad-sessionid"])

        _ = step(try request("subscribe", from: "romeo@montague.lit/1"), id: "d")
        // Whose domain has most open finds no place; another's takes that of its oldest.
        let tybalt = try request("subscribe", from: "tybalt@capulet.lit/1")
        #expect(condition(step(tybalt, id: "e", at: .seconds(5))) == ["resource-constraint"])
        let paris = try request("subscribe", from: "paris@verona.lit/1")
        guard case .answer = step(paris, id: "f", at: .seconds(5)) else {
            Issue.record("one domain shut out another")
            return
        }
        #expect(dialogue.openSessions == 3)
        let outdone = try request("subscribe", .complete, session: "b", fields: [:])
        #expect(condition(step(outdone)) == ["bad-request", "bad-sessionid"])
        // What has expired makes room.
        guard case .answer = step(tybalt, id: "g", at: .seconds(120)) else {
            Issue.record("no room was made")
            return
        }
    }

    @Test("a line is answered as a note, more as a text, with its severity (§3.3)")
    func answers() throws {
        let request = try request("issues")
        let short = AdHocDialogue.answer(.done("All is well."), to: request)
        #expect(short.status == .completed)
        #expect(short.notes == [.init(.info, "All is well.")])
        #expect(short.form == nil)
        let long = AdHocDialogue.answer(.failed("Two lines:\nhere"), to: request)
        #expect(long.notes == [.init(.error, "Two lines:")])
        #expect(long.form?.type == .result)
        #expect(long.form?["answer"]?.values == ["Two lines:", "here"])
        #expect(AdHocDialogue.answer(.refused("No."), to: request).notes[0].severity == .warn)
    }

    @Test("an answer is written and read back whole")
    func wire() throws {
        let answer = AdHocCommand(
            node: "publish",
            sessionID: "s1",
            status: .executing,
            choices: .init([.prev, .complete], execute: .complete),
            form: DataForm(.form, title: "Publish", fields: []),
            notes: [.init(.warn, "Mind the gap.")]
        )
        var read = AdHocCommand(answer.element)
        read.action = nil
        #expect(read == answer)
    }
}
