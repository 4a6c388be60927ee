import Commands
import Testing
import XMPP

@Suite("Help")
struct HelpTests {
    let registry = SampleCommands.registry

    private func answer(_ line: String, as role: Role, on face: Face, in language: String = "en")
        async -> CommandOutcome?
    {
        await registry.perform(
            line,
            by: Invoker(role: role, jid: nil, displayName: "Benvolio"),
            on: face,
            language: language,
            responder: Listener()
        )
    }

    @Test("help lists what one may do there, and no more")
    func list() async throws {
        #expect(
            await answer("!help", as: .editor, on: try Places.room())
                == .done(
                    """
                    What you can ask me here:
                    !help [COMMAND] – Say what I can do, or explain one command
                    !preview ISSUE [LANGUAGE] [chat|web] – Show an issue as readers will see it
                    !issues – List the issues
                    “!help COMMAND” explains one of them.
                    """
                )
        )
        #expect(
            await answer("help", as: .reader, on: try Places.chat())
                == .done(
                    """
                    What you can ask me here:
                    help [COMMAND] – Say what I can do, or explain one command
                    subscribe [LANGUAGE] – Get each new issue
                    “help COMMAND” explains one of them.
                    """
                )
        )
    }

    @Test("help COMMAND explains it in the asker's language as far as there are words")
    func explanation() async throws {
        #expect(
            await answer("help post", as: .publisher, on: try Places.room(), in: "fr-CA")
                == .done(
                    """
                    !publish ISSUE [LANGUAGE…]
                    Envoyer un numéro.
                    ISSUE : Which issue
                    LANGUAGE : Only these languages
                    Aussi : !post
                    Rôles : publication et exploitation.
                    Exemple : !publish 2024-02
                    Exemple : !publish 2024-02 fr
                    """
                )
        )
    }

    @Test("help about a command of others, or of none, is a refusal")
    func refusals() async throws {
        let chat = try Places.chat()
        #expect(
            await answer("help publish", as: .reader, on: chat)
                == .refused(
                    "Sorry, only publishers and operators may use “publish”; "
                        + "here you are a reader."
                )
        )
        #expect(
            await answer("help subscrbe", as: .reader, on: chat)
                == .refused("I don't know “subscrbe”. Did you mean “subscribe”?")
        )
    }

    @Test("the reference names every command, where it is given, and who may")
    func reference() {
        let text = registry.markdownReference()
        for command in registry.commands {
            #expect(text.contains("### \(command.name)\n"))
        }
        #expect(
            text.contains(
                """
                ### publish

                `!publish ISSUE [LANGUAGE…]`

                Send an issue to its readers.

                - `ISSUE`: Which issue
                - `LANGUAGE`: Only these languages

                Who: publishers and operators. Also: `!post`. Changes something.

                For example:

                    !publish 2024-02
                    !publish 2024-02 fr

                """
            )
        )
        #expect(text.contains("\n## For readers\n\nWrite to"))
        #expect(text.contains("`subscribe [LANGUAGE]`"))
        #expect(!text.contains("`!subscribe"))
        #expect(text.hasSuffix("Changes something.\n"))
    }
}

@Suite("Texts in several languages")
struct LocalizedTextTests {
    let text = LocalizedText(en: "issue", ["fr": "numéro", "pt-BR": "edição"])

    @Test(
        "the nearest language is taken, and English if there is none",
        arguments: [
            ("fr", "numéro"), ("FR-ca", "numéro"), ("pt-br", "edição"), ("pt", "issue"),
            ("pt-BR-x-a", "edição"), ("fry", "issue"), ("en", "issue"), ("", "issue"),
            ("-", "issue"),
        ]
    )
    func lookup(language: String, expected: String) {
        #expect(text.text(in: language) == expected)
    }
}
