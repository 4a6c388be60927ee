import Commands
import Foundation
import Testing

@testable import Newsroom

@Suite("Answers in the asker's language")
struct LanguageTests {
    private let folder: IssueFolder

    init() throws {
        folder = try IssueFolder()
    }

    private func bureau() async throws -> Bureau {
        try await Bureau(
            files: [
                "2026-04-05-dispatch.md": smallIssue(body: "-duels\n"),
                "2026-04-05-dispatch.de.md": smallIssue("Zwei Häuser", body: "Gleich an Würde."),
            ],
            in: folder
        )
    }

    @Test(
        "`check` answers in the language of the asker, and in English to those whose it has not",
        arguments: [
            (
                "de-AT",
                "en, 2026-04-05-dispatch.md: 1 Warnung\n- Zeile 6, Spalte 1: Warnung: ",
                "\n  stattdessen: - duels\nde: nichts gefunden."
            ),
            (
                "fr",
                "en, 2026-04-05-dispatch.md: 1 avertissement\n- ligne 6, colonne 1: avertissement: ",
                "\n  à la place : - duels\nde: rien à signaler."
            ),
            (
                "es",
                "en, 2026-04-05-dispatch.md: 1 advertencia\n- línea 6, columna 1: advertencia: ",
                "\n  en su lugar: - duels\nde: nada que señalar."
            ),
            (
                "it",
                "en, 2026-04-05-dispatch.md: 1 avviso\n- riga 6, colonna 1: avviso: ",
                "\n  invece: - duels\nde: niente da segnalare."
            ),
            (
                "eo",
                "en, 2026-04-05-dispatch.md: 1 warning\n- line 6, column 1: warning: ",
                "\n  instead: - duels\nde: nothing found."
            ),
        ]
    )
    func check(language: String, beginning: String, ending: String) async throws {
        let text = try await bureau().say("check 2026-04", in: language).text
        #expect(text.hasPrefix(beginning))
        #expect(text.hasSuffix(ending))
    }

    @Test("the help explains each command in the asker's language")
    func help() async throws {
        let registry = try await bureau().registry
        let help = registry.help(for: .operator, on: .shell, language: "de")
        #expect(help.hasPrefix("Das kannst du mich hier fragen:\nbroadsheet help [COMMAND] – Sagt"))
        #expect(help.contains("broadsheet log – Nennt die letzten Befehle, die etwas geändert"))
    }
}
