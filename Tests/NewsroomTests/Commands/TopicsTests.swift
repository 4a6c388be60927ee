import Foundation
import Storage
import Testing
import XMPP

@testable import Newsroom

/// Sections of an issue as items of nodes of their own.
@Suite("Topics")
struct TopicsTests {
    private let folder: IssueFolder
    private let bureau: Bureau
    private let specifications = "dispatch-en-specifications"
    private let software = "dispatch-en-software"

    /// Says what each section holds; one without a text is not there.
    private static func issue(
        software: String? = "- Capulet 2.0",
        updated: String = "Version 1.1 of [XEP-0500](https://xmpp.org/extensions/xep-0500.html)",
        heading: String = "Extensions and specifications"
    ) -> String {
        smallIssue(
            body: """
                Both alike in dignity.

                \(software.map { "## Software News\n\n\($0)\n" } ?? "")
                ## \(heading)

                ### New

                - No new XEPs this month

                ### Updated

                - \(updated)

                ### Deferred

                - None this month
                """
        )
    }

    init() async throws {
        folder = try IssueFolder()
        bureau = try await Bureau(
            files: ["2026-04-05-x.md": Self.issue()],
            in: folder,
            topics: ["software", "specifications", "events"]
        )
        // Romeo reads it all, and one topic as well; Juliet and the nurse that topic alone.
        try await bureau.subscribe("romeo@verona.example", to: "dispatch-en", as: .chat)
        try await bureau.subscribe("romeo@verona.example", to: specifications, as: .chat)
        try await bureau.subscribe("juliet@verona.example", to: specifications, as: .chat)
        try await bureau.subscribe("nurse@verona.example", to: specifications, as: .event)
        // Tybalt's client follows both nodes, each a feed of its own there.
        try await bureau.subscribe("tybalt@verona.example", to: "dispatch-en", as: .event)
        try await bureau.subscribe("tybalt@verona.example", to: specifications, as: .event)
    }

    private func recipients(of node: String) async throws -> [String] {
        try await bureau.recipients(of: node)
    }

    private func correct(_ text: String, note: String = "") async throws -> String {
        try await bureau.deliverAll()
        bureau.clock.advance(days: 1)
        try folder.write(text, to: "2026-04-05-x.md")
        return try await bureau.say("correct 2026-04\(note)").text
    }

    @Test("publish brings each section to its node, and says so with what was left out")
    func publish() async throws {
        #expect(
            try await bureau.insist("publish 2026-04").text == """
                Publishing "Two households":
                dispatch-en, item 2026-04-05-x: 2 readers
                  topics: software (0 readers), \
                specifications (3 readers, 2 empty states left out)
                """
        )
        #expect(try await bureau.items(of: specifications) == ["2026-04-05-x"])
        #expect(try await bureau.items(of: software) == ["2026-04-05-x"])
        #expect(try await bureau.items(of: "dispatch-en-events").isEmpty)
        let item = try await bureau.newestItem(of: specifications)
        #expect(item.contains("<title type='text'>Extensions and specifications – Two households<"))
        #expect(item.contains(":dispatch/2026-04-05-x/en/specifications</id>"))
        #expect(item.contains("XEP-0500"))
        #expect(!item.contains("No new XEPs"))
        #expect(!item.contains("Capulet"))
    }

    @Test(
        "whoever gets the whole issue as a message gets no part of it once more; clients get both"
    )
    func neverTwice() async throws {
        _ = try await bureau.insist("publish 2026-04")
        #expect(
            try await recipients(of: "dispatch-en")
                == ["romeo@verona.example", "tybalt@verona.example"]
        )
        #expect(
            try await recipients(of: specifications) == [
                "juliet@verona.example", "nurse@verona.example", "tybalt@verona.example",
            ]
        )
        // The count that was told is the number of those who get it.
        #expect(try await bureau.waiting().contains("\(specifications) 2026-04-05-x: 3"))
    }

    @Test("who leaves the whole issue in the middle of the delivery gets the topic")
    func leavesTheWhole() async throws {
        _ = try await bureau.insist("publish 2026-04")
        try await bureau.unsubscribe("romeo@verona.example", from: "dispatch-en")
        #expect(try await recipients(of: specifications).contains("romeo@verona.example"))
    }

    @Test("who takes the whole issue in the middle of the delivery still gets the topic")
    func joinsTheWhole() async throws {
        _ = try await bureau.insist("publish 2026-04")
        try await bureau.subscribe("juliet@verona.example", to: "dispatch-en", as: .chat)
        #expect(try await !recipients(of: "dispatch-en").contains("juliet@verona.example"))
        #expect(try await recipients(of: specifications).contains("juliet@verona.example"))
    }

    @Test("a heading whose typo is corrected keeps node, item and entry")
    func typo() async throws {
        try folder.write(Self.issue(heading: "Extensions and specificatons"), to: "2026-04-05-x.md")
        _ = try await bureau.insist("publish 2026-04")
        let before = try await bureau.newestItem(of: specifications)
        let answer = try await correct(Self.issue())
        #expect(answer.contains("topics: specifications (corrected, "))
        #expect(try await bureau.items(of: specifications) == ["2026-04-05-x"])
        let after = try await bureau.newestItem(of: specifications)
        #expect(before.contains("specificatons"))
        #expect(!after.contains("specificatons"))
        for item in [before, after] {
            #expect(item.contains(":dispatch/2026-04-05-x/en/specifications</id>"))
            #expect(item.contains("<published>2026-11-16T08:30:00Z</published>"))
        }
        #expect(after.contains("<updated>2026-11-17T08:30:00Z</updated>"))
    }

    @Test("a correction goes to the readers of the sections it changes, and to no others")
    func correction() async throws {
        _ = try await bureau.insist("publish 2026-04")
        let changed = Self.issue(
            updated: "Version 1.2 of [XEP-0500](https://xmpp.org/extensions/xep-0500.html)"
        )
        #expect(
            try await correct(changed, note: " It is 1.2.") == """
                Correcting "Two households":
                dispatch-en, item 2026-04-05-x: 2 readers
                  topics: specifications (corrected, 3 readers, 2 empty states left out)
                """
        )
        #expect(
            try await bureau.message(.chat(.short), to: specifications)?
                .contains("<body>Correction: It is 1.2.\n\nExtensions and specifications") == true
        )
        #expect(try await bureau.newestItem(of: specifications).contains("Version 1.2"))
    }

    @Test("a section that a correction adds is published, one that it drops is withdrawn")
    func sectionsComeAndGo() async throws {
        try await bureau.subscribe("nurse@verona.example", to: software, as: .event)
        _ = try await bureau.insist("publish 2026-04")
        let without = try await correct(Self.issue(software: nil), note: " No software.")
        #expect(without.contains("software (withdrawn, 1 reader)"))
        #expect(try await bureau.items(of: software).isEmpty)
        let again = try await correct(Self.issue())
        #expect(again.contains("software (1 reader)"))
        #expect(try await bureau.items(of: software) == ["2026-04-05-x"])
        #expect(try await bureau.newestItem(of: software).contains("T08:30:00Z</updated>"))
    }

    @Test("an issue is withdrawn with its sections, and comes back with them under the first ids")
    func retraction() async throws {
        _ = try await bureau.insist("publish 2026-04")
        let first = try await bureau.newestItem(of: specifications)
        try await bureau.deliverAll()
        _ = try await bureau.say("retract 2026-04")
        let answer = try await bureau.say("yes").text
        #expect(answer.contains("dispatch-en, item 2026-04-05-x: 2 readers are told, "))
        #expect(answer.contains("and 3 readers of its topics"))
        #expect(try await bureau.items(of: specifications).isEmpty)
        #expect(try await bureau.items(of: software).isEmpty)
        #expect(
            try await bureau.message(.chat(.short), to: specifications)?
                .contains("“Extensions and specifications – Two households” has been withdrawn")
                == true
        )
        try await bureau.deliverAll()
        #expect(
            try await bureau.insist("publish 2026-04").text.contains("specifications (3 readers")
        )
        let second = try await bureau.newestItem(of: specifications)
        for part in ["/en/specifications</id>", "<published>2026-11-16T08:30:00Z</published>"] {
            #expect(first.contains(part) && second.contains(part))
        }
    }

    @Test("chat readers of a topic in a language without a file get that section of the original")
    func announced() async throws {
        try await bureau.subscribe("abram@verona.example", to: "dispatch-fr-software", as: .chat)
        #expect(try await bureau.insist("publish 2026-04").text.contains("software (1 reader)"))
        let text = try await bureau.message(.chat(.short), to: "dispatch-fr-software")
        #expect(text?.contains("Software News – Two households") == true)
        #expect(try await bureau.items(of: "dispatch-fr-software").isEmpty)
    }

    @Test("an issue from before there were topics is corrected without them")
    func before() async throws {
        let plain = try await Bureau(files: ["2026-04-05-x.md": Self.issue()], in: folder)
        #expect(
            try await plain.insist("publish 2026-04").text == """
                Publishing "Two households":
                dispatch-en, item 2026-04-05-x: 0 readers
                """
        )
        try await plain.deliverAll()
        let later = try await Bureau(
            files: ["2026-04-05-x.md": Self.issue(software: "- Capulet 3.0")],
            in: folder,
            topics: ["software"],
            store: plain.store
        )
        #expect(
            try await later.say("correct 2026-04").text == """
                Correcting "Two households":
                dispatch-en, item 2026-04-05-x: 0 readers; chat readers get nothing without a note
                """
        )
    }
}
