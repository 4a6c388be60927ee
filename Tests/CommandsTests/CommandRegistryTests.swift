import Commands
import Testing
import XMPP

@Suite("Reading a command line")
struct ParsingTests {
    let registry = SampleCommands.registry

    @Test(
        "a command is understood however people write it",
        arguments: [
            "publish 2024-02", "!publish 2024-02", "Publish 2024-02", "  publish\t2024-02  ",
            "post 2024-02", "POST \"2024-02\"", "publish “2024-02”", "publish: 2024-02",
            "publish\n2024-02", "/publish 2024-02",
        ]
    )
    func forgiving(line: String) throws {
        guard case .invocation(let invocation) = registry.parse(line, as: .publisher) else {
            Testing.Issue.record("'\(line)' was not understood")
            return
        }
        #expect(invocation.command == "publish")
        #expect(invocation.arguments == ["issue": "2024-02"])
    }

    @Test("who, where, newsletter and language travel with the command")
    func context() throws {
        let invoker = Invoker(
            role: .publisher,
            jid: try JID("rosaline@verona.lit/balcony"),
            displayName: "Rosa"
        )
        let room = try Places.room()
        let result = registry.parse(
            "publish 2024-02 fr PT-br",
            by: invoker,
            on: room,
            newsletter: "monthly",
            language: "de"
        )
        guard case .invocation(let invocation) = result else {
            Testing.Issue.record("not understood: \(result)")
            return
        }
        #expect(invocation.invoker.jid == (try JID("rosaline@verona.lit")))
        #expect(invocation.face == room)
        #expect(invocation.newsletter == "monthly")
        #expect(invocation.language == "de")
        #expect(invocation.arguments.all("language") == ["fr", "pt-BR"])
        #expect(invocation.arguments["language"] == "fr")
        #expect(invocation.arguments["no such"] == nil)
    }

    @Test("an optional word goes where it fits, a choice before a language")
    func optionalWords() {
        #expect(
            registry.arguments(of: "preview 2024-02 web") == ["issue": "2024-02", "form": "web"]
        )
        #expect(
            registry.arguments(of: "preview 2024-02 fr WEB")
                == ["issue": "2024-02", "language": "fr", "form": "web"]
        )
        #expect(
            registry.arguments(of: "preview 2024-02 chat fr")
                == ["issue": "2024-02", "language": "fr", "form": "chat"]
        )
    }

    @Test("free text is all that is left, as it was written")
    func freeText() {
        #expect(
            registry.arguments(of: "say all the  5\" disk is \"full\"  ")
                == ["section": "all", "text": "the  5\" disk is \"full\""]
        )
        #expect(
            registry.arguments(of: "say 'all' \"good night\"")
                == ["section": "'all'", "text": "good night"]
        )
        #expect(
            registry.arguments(of: "say «tech news» one\ntwo")
                == ["section": "tech news", "text": "one\ntwo"]
        )
    }

    @Test(
        "a line that can't be run says what is wrong and how to write it",
        arguments: [
            ("publish", "“publish” needs ISSUE. Usage: broadsheet publish ISSUE [LANGUAGE…]"),
            (
                "publish 2024-02 français",
                "“français” is not a language tag such as “en” or “pt-BR”. "
                    + "Usage: broadsheet publish ISSUE [LANGUAGE…]"
            ),
            (
                "issues now",
                "“now” is too much for “issues”. Usage: broadsheet issues"
            ),
            (
                "preview 2024-02 fr web more",
                "“more” is too much for “preview”. "
                    + "Usage: broadsheet preview ISSUE [LANGUAGE] [chat|web]"
            ),
            (
                "preview 2024-02 fr print",
                "“print” is none of: chat, web. "
                    + "Usage: broadsheet preview ISSUE [LANGUAGE] [chat|web]"
            ),
            (
                "publish \"2024",
                "The quote before “2024” is never closed. "
                    + "Usage: broadsheet publish ISSUE [LANGUAGE…]"
            ),
            ("publish \"\"", "ISSUE is empty. Usage: broadsheet publish ISSUE [LANGUAGE…]"),
            ("pubish 2024-02", "I don't know “pubish”. Did you mean “broadsheet publish”?"),
            ("frobnicate", "I don't know “frobnicate”. “broadsheet help” says what I can do."),
        ]
    )
    func mistakes(line: String, answer: String) {
        #expect(registry.parse(line, as: .operator) == .mistake(answer))
    }

    @Test("in a room the answer shows commands as they are written there")
    func roomPrefix() throws {
        let room = try Places.room()
        #expect(
            registry.parse("!prewiev 2024-02", as: .editor, on: room)
                == .mistake("I don't know “!prewiev”. Did you mean “!preview”?")
        )
    }

    @Test("nobody is pointed to a command that is not for them")
    func noForbiddenSuggestion() throws {
        let chat = try Places.chat()
        #expect(
            registry.parse("pubish", as: .reader, on: chat)
                == .mistake("I don't know “pubish”. “help” says what I can do.")
        )
    }

    @Test("a flood of a word is not said back in full")
    func shortened() {
        let answer = registry.parse(String(repeating: "x", count: 9000), as: .reader)
        guard case .mistake(let text) = answer else {
            Testing.Issue.record("not a mistake: \(answer)")
            return
        }
        #expect(text.count < 150)
    }

    @Test("an empty line is nothing", arguments: ["", "  ", "\n"])
    func empty(line: String) {
        #expect(registry.parse(line, as: .reader) == .empty)
    }

    @Test(
        "a lone quote or mark is a mistake, never a crash",
        arguments: ["\"", "!", "“”", "/", "!!"]
    )
    func punctuationOnly(line: String) {
        guard case .mistake = registry.parse(line, as: .reader) else {
            Testing.Issue.record("'\(line)' was taken for something")
            return
        }
    }
}

@Suite("Who may give a command")
struct PermissionTests {
    let registry = SampleCommands.registry

    @Test("below its role a command is refused politely, naming who may")
    func roles() throws {
        let room = try Places.room()
        #expect(
            registry.parse("!publish 2024-02", as: .editor, on: room)
                == .refused(
                    "Sorry, only publishers and operators may use “publish”; "
                        + "here you are an editor."
                )
        )
        #expect(
            registry.parse("!say x y", as: .publisher, on: room)
                == .refused("Sorry, only operators may use “say”; here you are a publisher.")
        )
    }

    @Test("who may not give it hears that, and not how its arguments go")
    func refusalFirst() {
        guard case .refused = registry.parse("publish", as: .reader) else {
            Testing.Issue.record("a reader was told the usage of publish")
            return
        }
    }

    @Test("the newsroom's commands take an editor in a direct chat, anybody in the room")
    func chatWithReaders() throws {
        guard case .invocation = registry.parse("issues", as: .reader, on: try Places.room()),
            case .invocation = registry.parse("issues", as: .editor, on: try Places.chat())
        else {
            Testing.Issue.record("issues is for everybody in the room and for editors in a chat")
            return
        }
        #expect(
            registry.parse("issues", as: .reader, on: try Places.chat())
                == .refused(
                    "Sorry, only editors, publishers and operators may use “issues”; "
                        + "here you are a reader."
                )
        )
    }

    @Test("readers' commands are for a direct chat")
    func readersCommandInRoom() throws {
        #expect(
            registry.parse("!subscribe", as: .operator, on: try Places.room())
                == .refused("“subscribe” works in a direct chat with me, not here.")
        )
    }

    @Test("an invocation that was not parsed, as from a form, is checked all the same")
    func checkedWhenRun() async {
        let listener = Listener()
        let invocation = CommandInvocation(
            command: "publish",
            arguments: ["issue": "2024-02"],
            invoker: Invoker(role: .reader, jid: nil, displayName: "Tybalt"),
            face: .adHoc
        )
        let outcome = await registry.perform(invocation, responder: listener)
        guard case .refused = outcome else {
            Testing.Issue.record("a reader published: \(outcome)")
            return
        }
        #expect(listener.texts.isEmpty)
    }

    @Test(
        "arguments that come from a form must be as declared",
        arguments: [
            ([:], "“publish” needs ISSUE. Usage: publish ISSUE [LANGUAGE…]"),
            (["issue": []], "“publish” needs ISSUE. Usage: publish ISSUE [LANGUAGE…]"),
            (["issue": [""]], "ISSUE is empty. Usage: publish ISSUE [LANGUAGE…]"),
            (
                ["issue": ["1", "2"]],
                "“2” is too much for “publish”. Usage: publish ISSUE [LANGUAGE…]"
            ),
            (
                ["issue": ["1"], "language": ["fr", "?"]],
                "“?” is not a language tag such as “en” or “pt-BR”. "
                    + "Usage: publish ISSUE [LANGUAGE…]"
            ),
            (["issue": ["1"], "language": ["fr", "de"]], nil),
        ] as [([String: [String]], String?)]
    )
    func formArguments(values: [String: [String]], refusal: String?) async {
        let invocation = CommandInvocation(
            command: "publish",
            arguments: CommandArguments(values),
            invoker: Invoker(role: .publisher, jid: nil, displayName: "Paris"),
            face: .adHoc
        )
        let outcome = await registry.perform(invocation, responder: Listener())
        #expect(outcome == (refusal.map { .refused($0) } ?? .done("published 1 fr+de")))
    }

    @Test("a command that does not exist can't be run either")
    func unknownInvocation() async {
        let invocation = CommandInvocation(
            command: "publsh",
            invoker: Invoker(role: .operator, jid: nil, displayName: "root"),
            face: .shell
        )
        #expect(
            await registry.perform(invocation, responder: Listener())
                == .refused("I don't know “publsh”. Did you mean “broadsheet publish”?")
        )
    }

    @Test("roles are in order, and each may what the ones before it may")
    func order() {
        #expect(Role.allCases.sorted() == [.reader, .editor, .publisher, .operator])
        let counts = Role.allCases.map { registry.commands(for: $0, on: .shell).count }
        #expect(counts == [2, 3, 4, 5])
    }
}

@Suite("Running a command")
struct RunningTests {
    let registry = SampleCommands.registry
    let boss = Invoker(role: .operator, jid: nil, displayName: "Escalus")

    @Test("progress is said before the outcome")
    func progress() async {
        let listener = Listener()
        let outcome = await registry.perform(
            "publish 2024-02 fr de",
            by: boss,
            on: .shell,
            responder: listener
        )
        #expect(listener.texts == ["Publishing… 1 of 1"])
        #expect(outcome == .done("published 2024-02 fr+de"))
    }

    @Test("a failure and a mistake come back as such, an empty line as nothing")
    func outcomes() async {
        let listener = Listener()
        #expect(
            await registry.perform("say a b", by: boss, on: .shell, responder: listener)
                == .failed("nobody listens")
        )
        #expect(
            await registry.perform("issues x", by: boss, on: .shell, responder: listener)
                == .refused("“x” is too much for “issues”. Usage: broadsheet issues")
        )
        #expect(await registry.perform(" ", by: boss, on: .shell, responder: listener) == nil)
    }

    @Test("a name cannot be registered twice, nor as an alias")
    func duplicates() async {
        await #expect(processExitsWith: .failure) {
            _ = CommandRegistry([SampleCommands.issues, SampleCommands.issues])
        }
        await #expect(processExitsWith: .failure) {
            let command = Command(
                "gather",
                aliases: ["post"],
                summary: "x",
                role: .reader,
                audience: .readers,
                changesSomething: false
            ) { _, _ in .done("") }
            _ = CommandRegistry([SampleCommands.publish, command])
        }
    }

    @Test("a required parameter after an optional one is a mistake of ours")
    func orderOfParameters() async {
        await #expect(processExitsWith: .failure) {
            _ = Command(
                "odd",
                summary: "x",
                parameters: [
                    Parameter("a", .word, isRequired: false, summary: "a"),
                    Parameter("b", .word, summary: "b"),
                ],
                role: .reader,
                audience: .readers,
                changesSomething: false
            ) { _, _ in .done("") }
        }
    }
}
