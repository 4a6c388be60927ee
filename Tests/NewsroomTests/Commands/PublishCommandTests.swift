import Commands
import Foundation
import Testing

@testable import Newsroom

@Suite struct PublishCommandTests {
    private static let samples = Bureau.samples.appending(path: "issues")
        .path(percentEncoded: false)
    private static let broken = Bureau.samples.appending(path: "broken")
        .path(percentEncoded: false)

    @Test("one line publishes a sample issue in all its languages, and says to how many readers")
    func allLanguages() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        try await bureau.subscribe("juliet@verona.example", to: "dispatch-en", as: .event)
        try await bureau.subscribe("romeo@verona.example", to: "dispatch-en", as: .chat)
        try await bureau.subscribe("moliere@paris.example", to: "dispatch-fr", as: .chat)
        let question = try await bureau.say("!publish 2026-04")
        #expect(
            question
                == .question(
                    """
                    Warnings: 6 in de, 7 in fr.
                    - de, line 2: The original names XEP-9009, XEP-9012, the translation does not. \
                    Compare them. [drift-specifications]
                    - de, line 2: The original links to https://apothecary.verona.example/drawer-2, \
                    https://dispatch.verona.example/, https://dispatch.verona.example/2026/04/dispatch/ \
                    and 12 more, the translation does not. Compare them. [drift-links]
                    - de, line 2: The original has Announcements, Deferred, Libraries and tools and \
                    2 more, the translation does not. Compare them. [drift-sections]
                    … and 10 more; “check 2026-04-05-dispatch” shows them.
                    Publish en, de, fr of 2026-04-05-dispatch all the same? Answer “!yes” or “!no” \
                    within 5 minutes.
                    """
                )
        )
        #expect(try await bureau.waiting().isEmpty)
        let outcome = try await bureau.say("!yes")
        #expect(
            outcome
                == .done(
                    """
                    Publishing "The Verona Dispatch: March 2026":
                    dispatch-en, item 2026-04-05-dispatch: 2 readers
                    dispatch-de, item 2026-04-05-dispatch: 0 readers
                    dispatch-fr, item 2026-04-05-dispatch: 1 reader
                    """
                )
        )
        #expect(
            try await bureau.waiting() == [
                "dispatch-en 2026-04-05-dispatch: 2", "dispatch-de 2026-04-05-dispatch: 0",
                "dispatch-fr 2026-04-05-dispatch: 1",
            ]
        )
        #expect(bureau.bell.rings == 1)
        let item = try await bureau.newestItem(of: "dispatch-en")
        #expect(item.contains("<title type='text'>The Verona Dispatch: March 2026</title>"))
        #expect(item.contains("<name>Friar Lorenzo</name>"))
        #expect(item.contains("<uri>xmpp:dispatch@news.verona.example</uri>"))
        #expect(item.contains("hreflang='de'") && item.contains("hreflang='fr'"))
    }

    @Test("once more does nothing, and says so")
    func unchanged() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        _ = try await bureau.say("publish 2026-03")
        let outcome = try await bureau.say("publish 2026-03")
        let place = "dispatch-en, item 2026-03-05-dispatch"
        guard case .done(let text) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(text.hasPrefix("Nothing to do for \"The Verona Dispatch: "))
        #expect(text.hasSuffix("\n\(place): published already on 2026-11-16, and unchanged since"))
        #expect(try await bureau.items(of: "dispatch-en") == ["2026-03-05-dispatch"])
        // German and French chat readers have the original; their fan-outs are not doubled.
        #expect(try await bureau.waiting().count == 3)
    }

    @Test("a file that was changed since is told of, and stays what readers got")
    func changed() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(files: ["2026-04-05-x.md": smallIssue()], in: folder)
        _ = try await bureau.say("publish 2026-04")
        let before = try await bureau.newestItem(of: "dispatch-en")
        try folder.write(smallIssue(body: "Not alike at all."), to: "2026-04-05-x.md")
        #expect(
            try await bureau.say("publish 2026-04")
                == .done(
                    """
                    Nothing to do for "Two households":
                    dispatch-en, item 2026-04-05-x: published on 2026-11-16; the file has changed \
                    since: “correct 2026-04-05-x” brings the change to its readers
                    """
                )
        )
        #expect(try await bureau.newestItem(of: "dispatch-en") == before)
    }

    @Test("a renamed file is not a new issue")
    func renamed() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(files: ["2026-04-05-x.md": smallIssue()], in: folder)
        _ = try await bureau.say("publish 2026-04-05-x")
        try FileManager.default.moveItem(
            at: folder.url.appending(path: "2026-04-05-x.md"),
            to: folder.url.appending(path: "2026-04-05-y.md")
        )
        let outcome = try await bureau.say("publish 2026-04")
        #expect(
            outcome
                == .failed(
                    "Nothing was published. 2026-04-05-y.md has the very content of "
                        + "2026-04-05-x.md, which was published as 2026-04-05-x. If it was only "
                        + "renamed, give it its old name back; if it is a new issue, change its "
                        + "text."
                )
        )
        #expect(try await bureau.items(of: "dispatch-en") == ["2026-04-05-x"])
    }

    @Test("a name that fits several issues gets the candidates, one that fits none the nearest")
    func names() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        #expect(
            try await bureau.say("publish 2026")
                == .failed(
                    "Nothing was published. '2026' can mean several issues; say which: "
                        + "2026-03-05-dispatch, 2026-04-05-dispatch, 2026-05-05-dispatch."
                )
        )
        let none = try await bureau.say("publish 2025-04")
        #expect(none.text.hasPrefix("Nothing was published. There is no issue '2025-04'."))
        #expect(none.text.contains("2026-04-05-dispatch"))
        #expect(try await bureau.waiting().isEmpty)
        #expect(bureau.bell.rings == 0)
    }

    @Test("`latest` is the newest that is not dated in the future, `next` the one after it")
    func latestAndNext() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples], today: "2026-04-20")
        _ = try await bureau.say("publish latest en")
        #expect(try await bureau.items(of: "dispatch-en") == ["2026-04-05-dispatch"])
        _ = try await bureau.say("publish next")
        #expect(
            try await bureau.items(of: "dispatch-en")
                == ["2026-05-05-dispatch", "2026-04-05-dispatch"]
        )
        let late = try await Bureau(["dispatch": Self.samples], today: "2026-12-24")
        #expect(
            try await late.say("publish next").text
                == "Nothing was published. No issue is dated after today. Say which one you mean, "
                + "or 'latest'."
        )
    }

    @Test(
        "what is wrong with a file is said with its place, and nothing goes out",
        arguments: [
            ("2026-01-06", "2026-01-06-missing-title.md:"),
            ("2026-01-07", "2026-01-07-broken-yaml.md:"),
            ("2026-01-08", "2026-01-08-unclosed-shortcode.md:8:1: error: "),
            ("2026-01-09", "2026-01-09-unknown-shortcode.md:8:1: error: "),
            ("2026-01-10", "2026-01-10-not-utf8.md:6:8: error: The file is not UTF-8"),
        ]
    )
    func brokenFile(name: String, beginning: String) async throws {
        let bureau = try await Bureau(["dispatch": Self.broken])
        let outcome = try await bureau.say("publish \(name)")
        guard case .failed(let text) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(text.hasPrefix("Nothing was published.\nen: \(beginning)"), "\(text)")
        #expect(text.contains(/\.md:\d+:\d+: error: .+ \[[a-z-]+\]/))
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
        #expect(bureau.bell.rings == 0)
    }

    @Test("one broken language does not keep the others, and it is said")
    func oneBrokenLanguage() async throws {
        let folder = try IssueFolder()
        let files = [
            "2026-04-05-x.md": smallIssue(),
            "2026-04-05-x.de.md": "---\ndate: 2026-04-05\n---\nGleich an Stand.\n",
            "2026-04-05-x.fr.md": smallIssue("Deux familles"),
        ]
        let bureau = try await Bureau(files: files, in: folder)
        try await bureau.subscribe("goethe@weimar.example", to: "dispatch-de", as: .chat)
        let question = try await bureau.say("publish 2026-04")
        #expect(question.text.hasPrefix("Errors keep this back:\nde: 2026-04-05-x.de.md:"))
        #expect(question.text.contains("\nPublish en, fr of 2026-04-05-x without it?"))
        #expect(try await bureau.waiting().isEmpty)
        let outcome = try await bureau.say("yes")
        guard case .done(let text) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let lines = text.split(separator: "\n")
        #expect(lines[0] == "Publishing \"Two households\":")
        #expect(lines[1] == "dispatch-en, item 2026-04-05-x: 0 readers")
        #expect(lines[2] == "dispatch-fr, item 2026-04-05-x: 0 readers")
        #expect(lines[3].hasPrefix("not published – de: 2026-04-05-x.de.md:"))
        #expect(try await bureau.items(of: "dispatch-de").isEmpty)
        // The German file is there and will be mended, so its readers wait for it.
        #expect(
            try await bureau.waiting()
                == ["dispatch-en 2026-04-05-x: 0", "dispatch-fr 2026-04-05-x: 0"]
        )

        let again = try await bureau.say("publish 2026-04")
        #expect(again.text.hasPrefix("Nothing was published of \"Two households\":"))
        #expect(again == .failed(again.text))

        try folder.write(smallIssue("Zwei Häuser"), to: "2026-04-05-x.de.md")
        _ = try await bureau.say("publish 2026-04")
        #expect(try await bureau.items(of: "dispatch-de") == ["2026-04-05-x"])
    }

    @Test("warnings of what would not go out are not asked about, nor what is refused anyway")
    func nothingToAsk() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        for _ in 1...2 {
            let outcome = try await bureau.say("publish 2026-04 en")
            #expect(outcome == .done(outcome.text))
        }
        for line in [
            "publish 2026-04 de it", "publish 2026-04 at 1999-01-01 09:00",
            "schedule 2026-04 soonish",
        ] {
            let outcome = try await bureau.say(line)
            #expect(outcome != .question(outcome.text))
        }
        let strict = try await Bureau(
            ["dispatch": Self.samples],
            approvals: ApprovalRules(count: 1)
        )
        let refusal = try await strict.say("publish 2026-04")
        #expect(refusal == .refused(refusal.text))
    }

    @Test("whoever sets a time is asked as well, for at that time nobody is")
    func scheduled() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        for line in ["schedule 2026-04 2026-12-01 09:00", "publish 2026-04 at 09:00"] {
            let question = try await bureau.say(line).text
            #expect(question.hasPrefix("Warnings: 6 in de, 7 in fr.\n"))
            #expect(question.contains("\nSchedule en, de, fr of 2026-04-05-dispatch all the same?"))
            #expect(try await bureau.say("yes").text.hasPrefix("Scheduled: "))
            _ = try await bureau.say("unschedule 2026-04")
        }
    }

    @Test("who has errors in one language and warnings in another is asked once, about both")
    func errorsAndWarnings() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(
            files: [
                "2026-04-05-x.md": smallIssue(body: "-duels\n"),
                "2026-04-05-x.de.md": "---\ndate: 2026-04-05\n---\nGleich an Stand.\n",
            ],
            in: folder
        )
        let question = try await bureau.say("publish 2026-04").text
        let lines = question.split(separator: "\n")
        #expect(lines[0] == "Errors keep this back:")
        #expect(lines[1].hasPrefix("de: 2026-04-05-x.de.md:1:1: error: "))
        #expect(lines[2] == "Warnings: 1 in en.")
        #expect(lines[3].hasPrefix("- en, line 6: This is no item of a list"))
        #expect(lines[4].hasPrefix("Publish en of 2026-04-05-x without it? Answer"))
        #expect(lines.count == 5)
    }

    @Test("a yes to warnings is none to those that came in the meantime")
    func otherWarnings() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(
            files: ["2026-04-05-x.md": smallIssue(body: "-duels\n")],
            in: folder
        )
        _ = try await bureau.say("publish 2026-04")
        try folder.write(smallIssue(body: "Both alike.\n\n-duels\n"), to: "2026-04-05-x.md")
        let again = try await bureau.say("yes")
        #expect(again.text.contains("\n- en, line 8: This is no item of a list"))
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
        _ = try await bureau.say("yes")
        #expect(try await bureau.items(of: "dispatch-en") == ["2026-04-05-x"])
    }

    @Test("a translation whose name leads to no original joins that of its date")
    func paired() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(
            files: [
                "2026-04-05-x.md": smallIssue(), "2026-04-07-x.de.md": smallIssue("Zwei Häuser"),
            ],
            in: folder
        )
        let answer = try await bureau.insist("publish 2026-04").text
        #expect(answer.contains("\ndispatch-de, item 2026-04-05-x: 0 readers"))
        #expect(try await bureau.items(of: "dispatch-de") == ["2026-04-05-x"])
        #expect(try await bureau.newestItem(of: "dispatch-de").contains("hreflang='en'"))
    }

    @Test("a translation without any original is asked about, and goes out by itself after a yes")
    func unpaired() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(
            files: ["2026-04-05-x.de.md": smallIssue("Zwei Häuser")],
            in: folder
        )
        for line in ["publish 2026-04", "publish 2026-04 de"] {
            let question = try await bureau.say(line).text
            #expect(question.hasPrefix("2026-04-05-x has no original, only de. "))
            _ = try await bureau.say("no")
        }
        #expect(try await bureau.items(of: "dispatch-de").isEmpty)
        _ = try await bureau.say("publish 2026-04")
        _ = try await bureau.say("yes")
        #expect(try await bureau.items(of: "dispatch-de") == ["2026-04-05-x"])
    }

    @Test("an item that would be too large has summary and link instead; chat readers get it all")
    func tooLarge() async throws {
        let folder = try IssueFolder()
        let body =
            "Both alike.\n\n" + String(repeating: "A long tale, word for word.\n\n", count: 1200)
        let bureau = try await Bureau(
            files: ["2026-04-05-x.md": smallIssue(body: body)],
            in: folder
        )
        try await bureau.subscribe("nurse@verona.example", to: "dispatch-en", as: .chat)
        _ = try await bureau.insist("publish 2026-04")
        let item = try await bureau.newestItem(of: "dispatch-en")
        #expect(item.utf8.count < 3_000)
        #expect(item.contains("<content type='text'>Both alike.\n\nRead online: https://"))
        #expect(item.contains("<p>Both alike.</p><p>Read online: <a href='https://"))
        let message = try await bureau.message(.chat(.full), to: "dispatch-en")
        #expect(try #require(message).utf8.count > 20_000)
    }

    @Test("chat readers of a language without a file get the original, with a line in theirs")
    func announced() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        try await bureau.subscribe("goethe@weimar.example", to: "dispatch-de", as: .chat)
        try await bureau.subscribe("schiller@weimar.example", to: "dispatch-de", as: .event)
        let outcome = try await bureau.say("publish 2026-03")
        #expect(
            outcome.text.hasSuffix(
                "dispatch-en, item 2026-03-05-dispatch: 0 readers, and 1 reader of languages it is "
                    + "not there in"
            )
        )
        #expect(
            try await bureau.waiting().contains("dispatch-de 2026-03-05-dispatch: 1"),
            "who gets events waits for the translation"
        )
        let message = try await bureau.plainMessage(to: "dispatch-de")
        #expect(
            message.contains("Noch nicht auf Deutsch; hier ist das Original auf Englisch.")
        )
        #expect(try await bureau.items(of: "dispatch-de").isEmpty)
    }
}
