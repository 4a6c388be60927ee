import Localization
import Testing

@testable import Commands

/// Commands in the words of people's languages.
@Suite struct VocabularyTests {
    private let vocabulary = Vocabulary([
        TextCollection([
            "en": Array("say.subscribe = sign up".utf8),
            "de": Array("say.subscribe = abonnieren\nsay.pause.until = pause bis".utf8),
            "fr": Array("say.subscribe = s'abonner\nsay.issue = numéro".utf8),
            "es": Array("say.issue = número".utf8),
        ])
    ])

    private func reading(_ line: String, _ language: String = "en") -> [String] {
        vocabulary.translation(of: line, for: language).map { [$0.line, $0.language] } ?? []
    }

    @Test("words stand for the beginning of a line; what follows stays as it was written")
    func beginnings() {
        #expect(reading("abonnieren") == ["subscribe", "de"])
        #expect(reading("Abonnieren fr") == ["subscribe fr", "de"])
        #expect(reading("pause bis  2027-01-31") == ["pause until  2027-01-31", "de"])
        #expect(reading("sign up de") == ["subscribe de", "en"])
        #expect(reading("pause 2027-01-31") == [], "a command has its name everywhere")
        #expect(reading("abonnierend") == [])
        #expect(reading("") == [])
    }

    @Test(
        "capitals, accents, marks and curly apostrophes mean nothing",
        arguments: ["s’abonner", "S'ABONNER!", "/s'abonner", "  s'abonner"]
    )
    func dressing(line: String) {
        #expect(reading(line) == ["subscribe", "fr"])
        #expect(reading("NUMERO 2024-02", "fr-CA").first == "issue 2024-02")
    }

    @Test("a word of several languages is in the asker's, whatever that is")
    func shared() {
        #expect(reading("numero 2024-02", "es") == ["issue 2024-02", "es"])
        #expect(reading("numero 2024-02", "de") == ["issue 2024-02", "de"])
        #expect(reading("hilfe", "fr") == ["help", "de"], "whoever writes German reads it")
    }

    @Test("help names the words of the asker's language, and a slip in one is guessed")
    func help() async throws {
        let command = Command(
            "subscribe",
            summary: "Get it",
            role: .reader,
            audience: .readers,
            changesSomething: true
        ) { _, _ in .done("Subscribed.") }
        let registry = CommandRegistry([command], vocabulary: vocabulary)
        func say(_ line: String, _ language: String) async throws -> String? {
            await registry.perform(
                line,
                by: Invoker(role: .reader, jid: nil, displayName: "Juliet"),
                on: .adHoc,
                language: language,
                responder: Nobody()
            )?.text
        }
        #expect(try await say("abonnieren", "en") == "Subscribed.")
        #expect(try await say("hilfe abonnieren", "de")?.contains("abonnieren") == true)
        #expect(try await say("help subscribe", "en")?.contains("sign up") == true)
        #expect(try await say("abonieren", "de")?.contains("abonnieren") == true)
    }

    private struct Nobody: CommandResponder {
        func progress(_ text: String) async {}
    }
}
