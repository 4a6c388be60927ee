import Foundation
import Storage
import Testing

@testable import Newsroom

/// `show`, `diff` and `correct`: an issue after it has gone out.
@Suite("Correcting what is published")
struct CorrectCommandTests {
    private let folder: IssueFolder
    private let bureau: Bureau

    private static let first =
        "Both alike in dignity.\n\nThey meet on Monday at the fountain in the square."
    private static let second =
        "Both alike in dignity.\n\nThey meet on Tuesday at the fountain in the square."

    init() async throws {
        folder = try IssueFolder()
        bureau = try await Bureau(
            files: [
                "2026-04-05-x.md": smallIssue(body: Self.first),
                "2026-04-05-x.de.md": smallIssue("Zwei Häuser", body: "Gleich an Würde."),
            ],
            in: folder
        )
        try await bureau.subscribe("juliet@verona.example", to: "dispatch-en", as: .event)
        try await bureau.subscribe("romeo@verona.example", to: "dispatch-en", as: .eventWithBody)
        try await bureau.subscribe("nurse@verona.example", to: "dispatch-en", as: .chat)
        try await bureau.subscribe("abram@verona.example", to: "dispatch-fr", as: .chat)
    }

    /// Publishes, lets it arrive, and changes the English file two days later.
    private func publishAndChange() async throws {
        _ = try await bureau.say("publish 2026-04")
        try await bureau.deliverAll()
        bureau.clock.advance(days: 2)
        try folder.write(smallIssue(body: Self.second), to: "2026-04-05-x.md")
    }

    @Test("show says of each language what there is and how it stands")
    func show() async throws {
        #expect(
            try await bureau.say("show 2026-04", as: .editor).text == """
                2026-04-05-x, The Verona Dispatch:
                - en: 2026-04-05-x.md; not published; 3 readers
                - de: 2026-04-05-x.de.md; not published; 0 readers
                """
        )
        try await publishAndChange()
        #expect(
            try await bureau.say("show 2026-04", as: .editor).text == """
                2026-04-05-x "Two households", The Verona Dispatch:
                - en: 2026-04-05-x.md; published 2026-11-16, changed since; 3 readers
                - de: 2026-04-05-x.de.md; published 2026-11-16, unchanged since; 0 readers
                """
        )
    }

    @Test("diff shows the words that differ, with a few around them")
    func diff() async throws {
        #expect(try await bureau.say("diff 2026-04").text == "2026-04-05-x is not published.")
        try await publishAndChange()
        #expect(
            try await bureau.say("diff 2026-04", as: .editor).text == """
                en, what readers have → 2026-04-05-x.md:
                ~ They meet on [Monday → Tuesday] at the fountain in …
                de: unchanged since 2026-11-16.
                """
        )
        #expect(try await bureau.say("diff 2026-04 fr").text == "fr: not published.")
    }

    @Test("a correction keeps id and first date, and PubSub readers get it (XEP-0060 §7.1.2)")
    func correct() async throws {
        try await publishAndChange()
        let before = try await bureau.newestItem(of: "dispatch-en")
        let rings = bureau.bell.rings
        #expect(
            try await bureau.say("correct 2026-04").text == """
                Correcting "Two households":
                dispatch-en, item 2026-04-05-x: 2 readers; chat readers get nothing without a note
                """
        )
        #expect(bureau.bell.rings == rings + 1)
        #expect(try await bureau.items(of: "dispatch-en") == ["2026-04-05-x"])
        let after = try await bureau.newestItem(of: "dispatch-en")
        #expect(after.contains("on Tuesday"))
        for (text, isOld) in [(before, true), (after, false)] {
            #expect(text.contains("<published>2026-11-16T08:30:00Z</published>"))
            let day = isOld ? "16" : "18"
            #expect(text.contains("<updated>2026-11-\(day)T08:30:00Z</updated>"))
        }
        let id = { (text: String) in text.components(separatedBy: "</id>")[0].suffix(60) }
        #expect(id(before) == id(after))
        #expect(try await bureau.waiting() == ["dispatch-en 2026-04-05-x: 2"])
        let beside = try #require(try await bureau.message(.eventWithBody, to: "dispatch-en"))
        #expect(!beside.contains("<body>"))
        #expect(try await bureau.message(.chat(.short), to: "dispatch-en") == nil)
    }

    @Test("a correction in the second of the publication is newer all the same (RFC 4287 §4.2.15)")
    func sameSecond() async throws {
        _ = try await bureau.say("publish 2026-04")
        try await bureau.deliverAll()
        try folder.write(smallIssue(body: Self.second), to: "2026-04-05-x.md")
        _ = try await bureau.say("correct 2026-04")
        let item = try await bureau.newestItem(of: "dispatch-en")
        #expect(item.contains("<published>2026-11-16T08:30:00Z</published>"))
        #expect(item.contains("<updated>2026-11-16T08:30:01Z</updated>"))
    }

    @Test("with a note, chat readers get the note and a link, in the other languages too")
    func note() async throws {
        try await publishAndChange()
        let text = try await bureau.say("correct 2026-04 It is Tuesday, not Monday.").text
        #expect(
            text == """
                Correcting "Two households":
                dispatch-en, item 2026-04-05-x: 3 readers, and the note to 1 reader \
                of other languages
                """
        )
        let english = try #require(try await bureau.message(.chat(.full), to: "dispatch-en"))
        #expect(
            english.contains("<body>Correction: It is Tuesday, not Monday.\n\nTwo households\n")
        )
        #expect(english.contains("https://dispatch.verona.example/"))
        #expect(!english.contains("fountain"))
        let french = try #require(try await bureau.message(.chat(.short), to: "dispatch-fr"))
        #expect(french.contains("<body>Correction : It is Tuesday, not Monday."))
        let beside = try #require(try await bureau.message(.eventWithBody, to: "dispatch-en"))
        #expect(beside.contains("<body>Correction: It is Tuesday, not Monday."))
        #expect(try await bureau.message(.event, to: "dispatch-en")?.contains("<body>") == false)
    }

    @Test("afterwards the file counts as published, and the history says who did it and why")
    func history() async throws {
        try await publishAndChange()
        _ = try await bureau.say("correct 2026-04 It is Tuesday.")
        #expect(
            try await bureau.say("show 2026-04").text == """
                2026-04-05-x "Two households", The Verona Dispatch:
                - en: 2026-04-05-x.md; published 2026-11-16, corrected 2026-11-18, unchanged since; \
                3 readers
                - de: 2026-04-05-x.de.md; published 2026-11-16, unchanged since; 0 readers
                What happened:
                - 2026-11-16 08:30 en published by Benvolio
                - 2026-11-16 08:30 de published by Benvolio
                - 2026-11-18 08:30 en corrected by Benvolio: It is Tuesday.
                """
        )
        try await bureau.deliverAll()
        #expect(
            try await bureau.say("correct 2026-04").text
                == "Nothing to do for \"Two households\": no file has changed."
        )
        #expect(try await bureau.waiting().isEmpty)
    }

    @Test("what is not published, or has errors now, is not corrected")
    func refused() async throws {
        #expect(
            try await bureau.say("correct 2026-04").text
                == "2026-04-05-x is not published; “publish” does that."
        )
        try await publishAndChange()
        let before = try await bureau.newestItem(of: "dispatch-en")
        let broken = smallIssue(body: "See [rules] (https://verona.example/duels).")
        try folder.write(broken, to: "2026-04-05-x.md")
        let text = try await bureau.say("correct 2026-04").text
        #expect(text.hasPrefix("Nothing was corrected.\nnot corrected – en: 2026-04-05-x.md:6:5"))
        #expect(try await bureau.newestItem(of: "dispatch-en") == before)
    }

    @Test("while the issue still goes out, a correction waits")
    func stillRunning() async throws {
        _ = try await bureau.say("publish 2026-04")
        try folder.write(smallIssue(body: Self.second), to: "2026-04-05-x.md")
        let text = try await bureau.say("correct 2026-04").text
        #expect(text.hasPrefix("Nothing was corrected. '2026-04-05-x' is still going out"))
        #expect(try await bureau.newestItem(of: "dispatch-en").contains("Monday"))
    }

    @Test("an editor may look but not correct")
    func rights() async throws {
        guard case .refused = try await bureau.say("correct 2026-04", as: .editor) else {
            Issue.record("an editor may")
            return
        }
    }
}

/// What `diff` shows.
@Suite("The comparison of texts")
struct TextComparisonTests {
    @Test("the same texts have no difference, whatever the empty lines")
    func same() {
        #expect(TextComparison("a\n\nb", "a\nb").lines.isEmpty)
    }

    @Test("lines that came and went are shown whole")
    func lines() {
        #expect(TextComparison("a\nb\nc", "a\nc\nd").lines == ["- b", "+ d"])
    }

    @Test("words that came, went or changed stand in brackets")
    func words() {
        let old = "one two three four five six seven eight nine ten eleven twelve"
        #expect(
            TextComparison(old, old.replacing("two ", with: "")).lines
                == ["~ one [- two] three four five six …"]
        )
        #expect(
            TextComparison(old, old.replacing("eleven", with: "eleven and a half")).lines
                == ["~ … eight nine ten eleven [+ and a half] twelve"]
        )
        let new = old.replacing("one", with: "1").replacing("twelve", with: "12")
        #expect(
            TextComparison(old, new).lines
                == ["~ [one → 1] two three four five … eight nine ten eleven [twelve → 12]"]
        )
    }

    @Test("lines that have little in common are shown one after the other")
    func different() {
        #expect(TextComparison("one two", "three four").lines == ["- one two", "+ three four"])
    }

    @Test("a long list is cut, and a long line too")
    func cut() {
        let many = TextComparison("", (1...50).map(String.init).joined(separator: "\n"))
        #expect(many.lines.count == 30)
        #expect(many.rest == 20)
        let long = TextComparison("", String(repeating: "a", count: 500)).lines
        #expect(long == ["+ " + String(repeating: "a", count: 200) + "…"])
    }
}
