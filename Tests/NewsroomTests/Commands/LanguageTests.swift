import Commands
import Foundation
import Issues
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

    @Test("what the checks find is told in the asker's language, with the English behind it")
    func findings() async throws {
        let text = try await bureau().say("check 2026-04", in: "de").text
        #expect(
            text.contains(
                "Warnung: Hinter dem Bindestrich fehlt ein Leerzeichen, darum ist das kein Punkt "
                    + "einer Liste. [bullet-glued]\n  genauer, auf Englisch: "
            )
        )
        let asked = try await bureau().say("publish 2026-04", in: "fr").text
        #expect(asked.contains("\n- en, ligne 6: Il manque une espace derrière le tiret"))
        let broken = Bureau.samples.appending(path: "broken").path(percentEncoded: false)
        let kept = try await Bureau(["dispatch": broken]).say("publish 2026-01-06", in: "es").text
        #expect(kept.contains("2026-01-06-missing-title.md:"))
        #expect(kept.contains(": error: El número necesita un título. [title-missing]"))
    }

    @Test("each rule of the checks has a sentence of its own in each language")
    func rules() {
        for rule in IssueRule.allCases {
            let key = "finding.\(rule.rawValue)"
            let languages = ["en", "de", "fr", "es", "it"]
            let sentences = languages.map { NewsroomTexts.all.texts(in: $0)(key) }
            #expect(Set(sentences).count == 5 && !sentences.contains(key), "\(rule)")
        }
    }

    @Test("the help explains each command in the asker's language")
    func help() async throws {
        let registry = try await bureau().registry
        let help = registry.help(for: .operator, on: .shell, language: "de")
        #expect(help.hasPrefix("Das kannst du mich hier fragen:\nbroadsheet help [COMMAND] – Sagt"))
        #expect(help.contains("broadsheet log – Nennt die letzten Befehle, die etwas geändert"))
    }

    @Test("an issue's whole life can be had in German")
    func wholeLife() async throws {
        let bureau = try await bureau()
        func say(_ line: String) async throws -> String {
            try await bureau.say(line, on: .shell, in: "de").text
        }
        #expect(
            try await say("issues") == """
                The Verona Dispatch, 1 Ausgabe, die neueste zuerst:
                - 2026-04-05-dispatch: de nicht veröffentlicht, en nicht veröffentlicht
                """
        )
        #expect(try await say("publish 2027").hasPrefix("Es wurde nichts veröffentlicht. Eine Aus"))
        #expect(
            try await say("schedule 2026-04 2026-04-05 09:00").hasPrefix(
                "Es wurde nichts eingeplant: 2026-04-05 09:00 (UTC) ist vorbei; dort ist es 2026-"
            )
        )
        let question = try await say("publish 2026-04")
        #expect(question.hasPrefix("Warnungen: en 1.\n- en, Zeile 6: "))
        #expect(
            question.contains("\nVon 2026-04-05-dispatch trotzdem en, de veröffentlichen? Antw")
        )
        let published = try await say("ja")
        #expect(published.hasPrefix("„Two households“ geht hinaus:\n"))
        #expect(published.contains("dispatch-en, Eintrag 2026-04-05-dispatch: 0 Abonnements"))
        let status = try await say("status 2026-04")
        #expect(status.contains(": erscheint gerade.\n"))
        #expect(status.contains(" Entwurf → erscheint gerade, durch "))
        #expect(status.contains(", durch Benvolio in der Shell"))
        #expect(
            try await say("correct 2026-04").hasPrefix("Für „Two households“ ist nichts zu tun")
        )
        #expect(
            try await say("retract 2026-04 de").hasSuffix(
                "mit „broadsheet ja“ oder „broadsheet nein“."
            )
        )
        #expect(try await say("ja").hasPrefix("Zurückgezogen: „Zwei Häuser“\n"))
        #expect(try await say("show 2026-04").contains("zurückgezogen am 2026-"))
        #expect(
            try await say("translations 2026-04").contains(
                "\n- de: als Entwurf\n- fr: gibt es nicht"
            )
        )
        #expect(try await say("news https://example.org/ Neues").hasPrefix("Gesammelt als #1. Sag"))
        #expect(
            try await say("news list").hasPrefix("The Verona Dispatch, 1 Meldung:\nOhne Abschn")
        )
        #expect(try await say("calendar").contains("Es sind keine Termine eingestellt"))
        #expect(try await say("hold") == "Es ist keine Zustellung unterwegs.")
        #expect(try await say("who").contains("1 Person hat eine Rolle durch ihre Adresse"))
        #expect(try await say("log").contains(": retract 2026-04 de – erledigt"))
    }

    @Test("what goes wrong is said in each language", arguments: ["de", "fr", "es", "it"])
    func errors(language: String) async throws {
        let bureau = try await bureau()
        for line in [
            "check 2027", "check 2026-04 fr", "publish nowhere/2026-04", "approve 2027",
            "schedule 2026-04 soon", "schedule 2026-04 tomorrow", "announce 2026-04", "draft 1",
            "news drop 9", "news edit x", "news x", "retract 2026-04", "diff 2026-04", "specs",
            "refresh", "unschedule 2026-04",
        ] {
            let english = try await bureau.say(line).text
            let text = try await bureau.say(line, in: language).text
            #expect(text != english && !text.contains("{"), "\(line)")
        }
    }
}
