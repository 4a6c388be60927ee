import Foundation
import Testing
import XMPP

@testable import Commands
@testable import Newsroom

/// Each command of the newsroom in a conversation on each face, and each refused there; a command
/// that is not in the table is a failure.
@Suite("Every command on every face")
struct EveryCommandTests {
    struct Conversation: Sendable, CustomTestStringConvertible {
        let command: String
        /// What a publisher has said before.
        var before: [String] = []
        let line: String
        /// The answer has one of these, once all is agreed to; the first if given in the room, where
        /// all commands can be.
        let answers: [String]
        /// What is asked first, if anything.
        var question: String?

        var testDescription: String { command }
    }

    private static func conversation(
        _ line: String,
        after before: [String] = [],
        asking question: String? = nil,
        _ answers: String...
    ) -> Conversation {
        Conversation(
            command: String(line.prefix { $0 != " " }),
            before: before,
            line: line,
            answers: answers,
            question: question
        )
    }

    static let conversations = [
        conversation("help publish", "Publish an issue, in all its languages"),
        conversation("issues", "The Verona Dispatch, 1 issue"),
        conversation("preview 2026-04", "I sent you 2026-04-05-x (en, short", "Two households\n"),
        conversation("show 2026-04", "2026-04-05-x.md; not published"),
        conversation("check 2026-04", "en: nothing found."),
        conversation("diff 2026-04", after: ["publish 2026-04"], "en: unchanged since"),
        conversation("publish 2026-04", "Publishing \"Two households\":"),
        conversation("schedule 2026-04 2026-12-01 09:00", "goes out at 2026-12-01 09:00 (UTC)"),
        conversation(
            "unschedule 2026-04",
            after: ["schedule 2026-04 2026-12-01 09:00"],
            "2026-04-05-x is not scheduled any more."
        ),
        conversation("approve 2026-04", "Benvolio approves", "Give it in the team's room"),
        conversation(
            "withdraw-approval 2026-04",
            after: ["approve 2026-04"],
            "Benvolio no longer approves",
            "You have not approved",
            "Give it in the team's room"
        ),
        conversation("correct 2026-04", after: ["publish 2026-04"], "Nothing to do for"),
        conversation(
            "retract 2026-04",
            after: ["publish 2026-04"],
            asking: "Withdraw “Two households” (2026-04-05-x: en) from all its readers?",
            "Withdrawn: \"Two households\""
        ),
        conversation("status", "All is well."),
        conversation(
            "announce 2026-04",
            after: ["publish 2026-04"],
            "Announced in square@rooms.verona.example."
        ),
        conversation("translations 2026-04", "2026-04-05-x, original in en"),
        conversation("calendar", "no dates are set"),
        conversation("refresh", "No command is set for that"),
        conversation("readers", "dispatch-en"),
        conversation("log", after: ["publish 2026-04"], "publish 2026-04 – done"),
        conversation("news https://example.org/2 Version 2", "Collected as #1."),
        conversation("draft 2026-11-05", "2026-11-05-x.md is written", "is written, with 0 items"),
        conversation("specs", "I have no lists to compare."),
        conversation("hold", "2026-04-05-x to dispatch-en: held; 3 of 9 readers have it"),
        conversation("resume", "2026-03-05-x to dispatch-en: goes on; 1 of 9 readers have it"),
        conversation(
            "cancel 2026-04",
            asking: "End the delivery of 2026-04-05-x to dispatch-en (9 readers) for good?",
            "2026-04-05-x to dispatch-en: cancelled"
        ),
        conversation("who", "publisher"),
    ]

    private let folder: IssueFolder
    private let bureau: Bureau
    private let benvolio: JID

    init() async throws {
        folder = try IssueFolder()
        try folder.write(smallIssue(), to: "2026-04-05-x.md")
        benvolio = try JID("benvolio@verona.example")
        let node = try #require(NodeID(rawValue: "dispatch-en"))
        bureau = try await Bureau(
            ["dispatch": folder.path],
            deliveries: SomeDeliveries([
                RunningDelivery(
                    number: 1,
                    item: "2026-04-05-x",
                    node: node,
                    sent: 3,
                    total: 9,
                    isHeld: false
                ),
                RunningDelivery(
                    number: 2,
                    item: "2026-03-05-x",
                    node: node,
                    sent: 1,
                    total: 9,
                    isHeld: true
                ),
            ])
        )
    }

    private static func spokenFaces() throws -> [Face] {
        [
            .room(try JID("comm-team@rooms.verona.example")),
            .chat(contact: try JID("dispatch@news.verona.example")), .shell,
        ]
    }

    @Test("none is left out")
    func complete() {
        let all = bureau.registry.commands.map(\.name)
        #expect(Set(Self.conversations.map(\.command)) == Set(all))
        #expect(Self.conversations.count == all.count)
    }

    @Test("it is understood and answered in the room", arguments: conversations)
    func inTheRoom(conversation: Conversation) async throws {
        let outcome = try await speak(conversation, on: Self.spokenFaces()[0])
        #expect(outcome?.text.contains(conversation.answers[0]) == true)
    }

    @Test("it is understood and answered in a direct chat", arguments: conversations)
    func inAChat(conversation: Conversation) async throws {
        _ = try await speak(conversation, on: Self.spokenFaces()[1])
    }

    @Test("it is understood and answered in the shell", arguments: conversations)
    func inTheShell(conversation: Conversation) async throws {
        _ = try await speak(conversation, on: .shell)
    }

    private func speak(
        _ conversation: Conversation,
        on face: Face
    ) async throws -> CommandOutcome? {
        for line in conversation.before {
            _ = try await bureau.say(line, on: face, by: "Benvolio")
            try await bureau.deliverAll()
        }
        var outcome = try await bureau.say(conversation.line, on: face, by: "Benvolio")
        if let question = conversation.question {
            guard case .question(let asked) = outcome else {
                Issue.record("nothing was asked: \(outcome)")
                return nil
            }
            #expect(asked.hasPrefix(question))
            outcome = try await bureau.say("yes", on: face, by: "Benvolio")
        }
        expect(outcome, from: conversation)
        return outcome
    }

    private func expect(_ outcome: CommandOutcome, from conversation: Conversation) {
        #expect(conversation.answers.contains { outcome.text.contains($0) }, "\(outcome)")
    }

    // MARK: - Forms

    private func request(
        _ command: AdHocCommand,
        as role: Role
    ) throws -> AdHocDialogue.Request {
        AdHocDialogue.Request(
            command,
            from: try benvolio.with(resourcepart: "desk"),
            invoker: Invoker(role: role, jid: benvolio, displayName: "Benvolio"),
            newsletter: "dispatch",
            language: "en"
        )
    }

    @Test("it can be run by a form", arguments: conversations)
    func byAForm(conversation: Conversation) async throws {
        for line in conversation.before {
            _ = try await bureau.say(line, on: .shell, by: "Benvolio")
            try await bureau.deliverAll()
        }
        var dialogue = AdHocDialogue(bureau.registry)
        func step(_ session: String?, _ form: DataForm?) throws -> AdHocDialogue.Step {
            dialogue.step(
                try request(
                    AdHocCommand(
                        node: conversation.command,
                        sessionID: session,
                        action: session == nil ? .execute : .complete,
                        form: form
                    ),
                    as: .publisher
                ),
                options: [:],
                freshID: "s1",
                at: .zero
            )
        }
        var next = try step(nil, nil)
        if case .answer(let offered) = next {
            #expect(offered.form?.type == .form)
            let reading = bureau.registry.parse(
                conversation.line,
                by: Invoker(role: .publisher, jid: benvolio, displayName: "Benvolio"),
                on: .adHoc
            )
            guard case .invocation(let meant) = reading else {
                Issue.record("\(conversation.line): \(reading)")
                return
            }
            let fields = (offered.form?.fields ?? []).compactMap(\.name).map { name in
                DataForm.Field(name, values: meant.arguments.all(name))
            }
            next = try step(offered.sessionID, DataForm(.submit, fields: fields))
        }
        guard case .run(let invocation) = next else {
            Issue.record("it was not run: \(next)")
            return
        }
        var outcome = await bureau.registry.perform(invocation, responder: NobodyListens())
        if let question = conversation.question {
            guard case .question(let asked) = outcome else {
                Issue.record("nothing was asked: \(outcome)")
                return
            }
            #expect(asked.hasPrefix(question))
            var agreed = invocation
            agreed.consent = .to(question: asked)
            outcome = await bureau.registry.perform(agreed, responder: NobodyListens())
        }
        expect(outcome, from: conversation)
    }

    // MARK: - Refusals

    @Test("who may not give it is refused politely, on every face", arguments: conversations)
    func refused(conversation: Conversation) async throws {
        let command = try #require(bureau.registry.command(named: conversation.command))
        for face in try Self.spokenFaces() {
            guard let below = command.leastRole(on: face).below else { continue }
            let outcome = try await bureau.say(
                conversation.line,
                as: below,
                on: face,
                by: "Benvolio"
            )
            guard case .refused(let text) = outcome else {
                Issue.record("\(face): \(outcome)")
                continue
            }
            #expect(text.hasPrefix("Sorry, only "))
        }
        guard let below = command.leastRole(on: .adHoc).below else { return }
        var dialogue = AdHocDialogue(bureau.registry)
        let step = dialogue.step(
            try request(AdHocCommand(node: command.name, action: .execute), as: below),
            options: [:],
            freshID: "s1",
            at: .zero
        )
        guard case .refuse(let error) = step else {
            Issue.record("\(step)")
            return
        }
        #expect(error.condition == .forbidden && error.text?.hasPrefix("Sorry, only ") == true)
    }

    @Test("nothing comes of what was refused")
    func nothingHappens() async throws {
        for conversation in Self.conversations where conversation.command != "help" {
            _ = try await bureau.say(conversation.line, as: .reader, by: "Tybalt")
        }
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
        #expect(try await bureau.book.scheduled().isEmpty)
        #expect(bureau.square.heard.isEmpty && bureau.whispers.all.isEmpty)
        #expect(try await bureau.say("log").text == "Nothing has been done yet.")
    }
}

extension Role {
    /// The next one that may do less; nil for the least.
    fileprivate var below: Role? { Role.allCases.last { $0 < self } }
}
