import Commands
import Foundation
import Storage
import Testing

@testable import Newsroom

@Suite("The command retract")
struct RetractCommandTests {
    private let folder: IssueFolder
    private let bureau: Bureau

    init() async throws {
        folder = try IssueFolder()
        bureau = try await Bureau(
            files: [
                "2026-04-05-x.md": smallIssue(),
                "2026-04-05-x.de.md": smallIssue("Zwei Häuser", body: "Gleich an Würde."),
            ],
            in: folder
        )
        try await bureau.subscribe("juliet@verona.example", to: "dispatch-en", as: .event)
        try await bureau.subscribe("nurse@verona.example", to: "dispatch-en", as: .chat)
        try await bureau.subscribe("abram@verona.example", to: "dispatch-fr", as: .chat)
        _ = try await bureau.say("publish 2026-04")
        try await bureau.deliverAll()
        bureau.clock.advance(days: 1)
    }

    private static let question = CommandOutcome.question(
        "Withdraw “Two households” (2026-04-05-x: en, de) from all its readers? "
            + "Answer “!yes” or “!no” within 5 minutes."
    )

    @Test("nothing is withdrawn before somebody has said yes")
    func asks() async throws {
        #expect(try await bureau.say("retract 2026-04") == Self.question)
        #expect(try await bureau.items(of: "dispatch-en") == ["2026-04-05-x"])
        #expect(try await bureau.say("no").text == "All right, nothing was done.")
        #expect(try await bureau.items(of: "dispatch-en") == ["2026-04-05-x"])
        #expect(try await bureau.waiting().isEmpty)
    }

    @Test("the item goes, PubSub clients delete it, chat readers are told (XEP-0060 §7.2.2)")
    func retracts() async throws {
        _ = try await bureau.say("retract 2026-04")
        let rings = bureau.bell.rings
        #expect(
            try await bureau.say("yes").text == """
                Withdrawn: "Two households"
                dispatch-en, item 2026-04-05-x: 3 readers are told
                dispatch-de, item 2026-04-05-x: 0 readers are told
                """
        )
        #expect(bureau.bell.rings == rings + 1)
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
        #expect(try await bureau.items(of: "dispatch-de").isEmpty)
        let event = try #require(try await bureau.message(.event, to: "dispatch-en"))
        #expect(event.contains("<retract id='2026-04-05-x'/>"))
        #expect(!event.contains("<body>"))
        let chat = try #require(try await bureau.message(.chat(.short), to: "dispatch-en"))
        #expect(
            chat.contains("<body>“Two households” has been withdrawn by its editors.</body>")
        )
        let german = try #require(try await bureau.message(.eventWithBody, to: "dispatch-de"))
        #expect(german.contains("„Zwei Häuser“ wurde von der Redaktion zurückgezogen."))
        // French readers had the English text, since there is no French one.
        let french = try #require(try await bureau.message(.chat(.short), to: "dispatch-fr"))
        #expect(french.contains("« Two households » a été retiré par la rédaction."))
    }

    @Test("readers whom only another service counts are not passed over")
    func elsewhere() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(
            files: ["2026-04-05-x.md": smallIssue()],
            in: folder,
            engine: "pubsub.mantua.example"
        )
        _ = try await bureau.say("publish 2026-04")
        _ = try await bureau.say("retract 2026-04")
        #expect(
            try await bureau.say("yes").text == """
                Withdrawn: "Two households"
                dispatch-en, item 2026-04-05-x: 0 readers are told
                Its PubSub readers are at pubsub.mantua.example, which alone knows how many they are.
                """
        )
    }

    @Test("one language can be withdrawn alone")
    func oneLanguage() async throws {
        let question = try await bureau.say("retract 2026-04 de").text
        #expect(question.hasPrefix("Withdraw “Zwei Häuser” (2026-04-05-x: de) from"))
        _ = try await bureau.say("yes")
        #expect(try await bureau.items(of: "dispatch-de").isEmpty)
        #expect(try await bureau.items(of: "dispatch-en") == ["2026-04-05-x"])
        let show = try await bureau.say("show 2026-04").text
        let german = "- de: 2026-04-05-x.de.md; published 2026-11-16, withdrawn 2026-11-17;"
        #expect(show.contains(german))
        #expect(show.contains("- 2026-11-17 08:30 de withdrawn by Benvolio"))
        #expect(show.contains("- en: 2026-04-05-x.md; published 2026-11-16, unchanged since;"))
    }

    @Test("what still goes out ends with it, also what readers of other languages get of it")
    func underWay() async throws {
        _ = try await bureau.insist("retract 2026-04")
        try await bureau.deliverAll()
        _ = try await bureau.say("publish 2026-04")
        #expect(try await bureau.recipients(of: "dispatch-fr") == ["abram@verona.example"])
        let published = try await bureau.waiting()
        let answer = try await bureau.insist("retract 2026-04").text
        #expect(answer.hasPrefix("Withdrawn: "))
        // As many as were on their way, but now all of them say that it is withdrawn.
        #expect(try await bureau.waiting().count == published.count)
        let notes = try await bureau.store.read { try $0.unfinishedFanOuts().map(\.note) }
        #expect(Set(notes) == ["retraction"])
    }

    @Test("what is not published is not asked about")
    func notPublished() async throws {
        _ = try await bureau.say("retract 2026-04")
        _ = try await bureau.say("yes")
        try await bureau.deliverAll()
        #expect(
            try await bureau.say("retract 2026-04") == .refused("2026-04-05-x is not published.")
        )
        #expect(
            try await bureau.say("retract 2026-04 de")
                == .refused("2026-04-05-x is not published in de.")
        )
    }

    @Test("an issue whose files are gone is withdrawn by its whole id")
    func filesGone() async throws {
        for name in ["2026-04-05-x.md", "2026-04-05-x.de.md"] {
            try FileManager.default.removeItem(at: folder.url.appending(path: name))
        }
        #expect(try await bureau.say("retract 2026-04-05-x") == Self.question)
        #expect(try await bureau.say("yes").text.hasPrefix("Withdrawn: "))
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
    }

    @Test("withdrawn, it can be published again under its first date")
    func again() async throws {
        _ = try await bureau.say("retract 2026-04 en")
        _ = try await bureau.say("yes")
        try await bureau.deliverAll()
        let text = try await bureau.say("publish 2026-04 en").text
        #expect(text.hasPrefix("Publishing \"Two households\":"))
        let item = try await bureau.newestItem(of: "dispatch-en")
        #expect(item.contains("<published>2026-11-16T08:30:00Z</published>"))
    }

    @Test("an editor may not withdraw, and is not asked either")
    func rights() async throws {
        guard case .refused = try await bureau.say("retract 2026-04", as: .editor) else {
            Issue.record("an editor may")
            return
        }
    }
}

@Suite("The commands readers, log and who")
struct OverviewCommandTests {
    private let folder: IssueFolder
    private let bureau: Bureau

    init() async throws {
        folder = try IssueFolder()
        bureau = try await Bureau(files: ["2026-04-05-x.md": smallIssue()], in: folder)
    }

    @Test("readers are counted by node and by what they get, and never named")
    func readers() async throws {
        try await bureau.subscribe("juliet@verona.example", to: "dispatch-en", as: .event)
        try await bureau.subscribe("romeo@verona.example", to: "dispatch-en", as: .event)
        try await bureau.subscribe("nurse@verona.example", to: "dispatch-en", as: .chat)
        try await bureau.subscribe("abram@verona.example", to: "dispatch-fr", as: .eventWithBody)
        #expect(
            try await bureau.say("readers", as: .editor).text == """
                The Verona Dispatch, 4 readers:
                - en, dispatch-en: 3 readers (1 in a chat, short, 2 by PubSub)
                - de, dispatch-de: 0 readers
                - fr, dispatch-fr: 1 reader (1 by PubSub with a text)
                """
        )
    }

    @Test("how many readers more there are than a month ago is told, or than were counted first")
    func growth() async throws {
        func count() async throws {
            let now = bureau.clock.now
            try await bureau.store.write { try $0.noteReaders(at: now) }
        }
        func lines(in language: String = "en") async throws -> [Substring] {
            try await bureau.say("readers", as: .editor, in: language).text.split(separator: "\n")
        }
        try await bureau.subscribe("juliet@verona.example", to: "dispatch-en", as: .event)
        try await bureau.subscribe("romeo@verona.example", to: "dispatch-de", as: .event)
        try await count()
        #expect(try await lines()[1] == "- en, dispatch-en: 1 reader (1 by PubSub)")
        bureau.clock.advance(days: 5)
        try await bureau.subscribe("nurse@verona.example", to: "dispatch-en", as: .chat)
        try await bureau.unsubscribe("romeo@verona.example", from: "dispatch-de")
        try await count()
        let now = try await lines()
        #expect(now[1].hasPrefix("- en, dispatch-en: 2 readers, +1 in 5 days (1 in a chat"))
        #expect(now[2] == "- de, dispatch-de: 0 readers, −1 in 5 days")
        #expect(now[3] == "- fr, dispatch-fr: 0 readers, ±0 in 5 days")
        // What was counted more than a month ago is no longer looked at.
        bureau.clock.advance(days: 28)
        #expect(
            try await lines(in: "de")[1].hasPrefix(
                "- en, dispatch-en: 2 Abonnements, ±0 in 28 Tagen ("
            )
        )
    }

    @Test("the log says who did what and when, newest first, and not who only looked")
    func log() async throws {
        #expect(try await bureau.say("log", as: .editor).text == "Nothing has been done yet.")
        _ = try await bureau.say("!issues")
        _ = try await bureau.say("!publish 2026-04 en")
        bureau.clock.advance(days: 1)
        _ = try await bureau.say("publish 1597", as: .operator, on: .shell)
        #expect(
            try await bureau.say("log", as: .editor).text == """
                Newest first, times in UTC:
                - 2026-11-17 08:30 Benvolio, in the shell: publish 1597 – failed
                - 2026-11-16 08:30 Benvolio, in comm-team@rooms.verona.example: \
                publish 2026-04 en – done
                """
        )
    }

    @Test("a question, and what was refused for want of rights, are not in the log")
    func onlyWhatRan() async throws {
        _ = try await bureau.say("publish 2026-04")
        try await bureau.deliverAll()
        _ = try await bureau.say("retract 2026-04")
        _ = try await bureau.say("publish 2026-04", as: .editor)
        _ = try await bureau.say("yes")
        let lines = try await bureau.say("log").text.split(separator: "\n").dropFirst()
        #expect(
            lines.map { $0.split(separator: ": ").last.map(String.init) } == [
                "retract 2026-04 – done", "publish 2026-04 – done",
            ]
        )
    }

    @Test("only so many entries are kept")
    func bound() async throws {
        let clock = bureau.clock
        for number in 1...30 {
            let entry = CommandLogEntry(
                date: clock.now,
                person: "Benvolio",
                place: "in the shell",
                newsletter: nil,
                line: "publish \(number)",
                outcome: "done"
            )
            try await bureau.store.write { try $0.log(entry, keeping: 10) }
        }
        let kept = try await bureau.store.read { try $0.commandLog(limit: 99) }
        #expect(kept.map(\.line) == (21...30).reversed().map { "publish \($0)" })
    }

    @Test("who says which affiliations give roles, who is there, and what each role may do")
    func who() async throws {
        let text = try await bureau.say("who", as: .editor).text
        #expect(
            text.hasPrefix(
                """
                In this room, owners: operator
                In this room, admins: publisher
                In this room, members: editor
                Here now as publisher: Benvolio
                Here now as editor: Mercutio
                1 person has a role by address, wherever they are.
                From editor on: issues, preview, show,
                """
            )
        )
        let duties = "From publisher on: publish, schedule, unschedule, correct, retract, "
        #expect(text.hasSuffix("\(duties)announce, hold, resume, cancel"))
        #expect(!text.contains("Tybalt"))
        #expect(!text.contains("juliet"))
    }

    @Test("outside of rooms, nobody's presence is told")
    func whoElsewhere() async throws {
        let text = try await bureau.say("who", as: .operator, on: .shell).text
        #expect(text.hasPrefix("1 person has a role by address, wherever they are.\nFrom editor"))
    }
}
