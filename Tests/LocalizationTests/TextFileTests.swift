import Testing

@testable import Localization

@Suite("Files of texts")
struct TextFileTests {
    @Test("keys, texts, remarks and empty lines are told apart; a later line counts")
    func lines() throws {
        let file = try TextFile("# a = b\n\n  greeting =  Hello, {name} = you \r\nx =\nx = 2\n")
        #expect(file.texts == ["greeting": "Hello, {name} = you", "x": "2"])
    }

    @Test("a mistake is named with its line")
    func mistakes() {
        #expect(throws: TextFileError(line: 2, flaw: .noKey)) { try TextFile("a = 1\nnonsense") }
        #expect(throws: TextFileError(line: 1, flaw: .unknownKey("b"))) {
            try TextFile("b = 1", knowing: ["a"])
        }
    }

    @Test(
        "a file says in its name which language it is in",
        arguments: [
            ("texts.de.txt", "de"), ("texts.pt-BR.txt", "pt-br"), ("texts.txt", nil),
            ("texts..txt", nil), ("texts.de.text", nil), ("words.de.txt", nil),
        ]
    )
    func names(name: String, language: String?) {
        #expect(TextFile.language(ofFile: name) == language)
    }
}

@Suite("Texts of a language")
struct TextsTests {
    private let texts = TextCollection([
        "en": Array(
            "hello = Hello, {name}!\nissues.one = {count} issue\nissues.other = {count} issues\n"
                .utf8
        ),
        "fr": Array("issues.one = {count} numéro\nissues.other = {count} numéros\n".utf8),
        "pt-br": Array("hello = Oi, {name}!".utf8),
    ])

    @Test("values stand where the text wants them, and nothing in them is filled in again")
    func values() {
        let english = texts.texts(in: "en")
        #expect(english("hello", ["name": "{name} {x"]) == "Hello, {name} {x!")
        #expect(english("hello", ["nick": "Romeo"]) == "Hello, {name}!")
        #expect(Texts.fill("{a}{b} } {", with: ["a": 1, "b": 2]) == "12 } {")
        #expect(english("missing") == "missing")
    }

    @Test("a number chooses the form, as the language has it")
    func plurals() {
        let (english, french) = (texts.texts(in: "en"), texts.texts(in: "fr"))
        let issues = (0...2).map { english("issues", count: $0) }
        #expect(issues == ["0 issues", "1 issue", "2 issues"])
        let numbers = (0...2).map { french("issues", count: $0) }
        #expect(numbers == ["0 numéro", "1 numéro", "2 numéros"])
    }

    @Test("a language takes the place of its regions, and English that of what is missing")
    func fallback() {
        #expect(texts.texts(in: "FR-ca").language == "fr")
        #expect(texts.texts(in: "pt").language == "en")
        #expect(texts.texts(in: "pt-BR-x")("hello", ["name": "Ana"]) == "Oi, Ana!")
        #expect(texts.texts(in: "fr")("hello", ["name": "Ana"]) == "Hello, Ana!")
        #expect(texts.texts(in: "")("hello", ["name": "Ana"]) == "Hello, Ana!")
    }
}
