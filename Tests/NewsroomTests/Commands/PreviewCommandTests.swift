import Commands
import Issues
import Storage
import Testing
import XMPP

@testable import Newsroom

@Suite struct PreviewCommandTests {
    private static let samples = Bureau.samples.appending(path: "issues")
        .path(percentEncoded: false)

    @Test("in the room only the one who asks sees the issue")
    func inTheRoom() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        let answer = try await bureau.say("!preview 2026-04 de", as: .editor).text
        let pattern =
            /I sent you 2026-04-05-dispatch \(de, short; (\d+) bytes as an item\) in a private message\./
        let size = try #require(answer.wholeMatch(of: pattern)).output.1
        #expect(try (5_000...60_000).contains(#require(Int(size))))
        let whisper = try #require(bureau.whispers.all.first)
        #expect(bureau.whispers.all.count == 1)
        #expect(whisper.hasPrefix("Benvolio: "))
        #expect(whisper.contains("\nIm Web lesen: https://dispatch.verona.example/de/"))
        #expect(try await bureau.waiting().isEmpty)
        #expect(try await bureau.items(of: "dispatch-de").isEmpty)
    }

    @Test("elsewhere the answer is the issue, just as chat readers get it")
    func elsewhere() async throws {
        let folder = try IssueFolder()
        let files = ["2026-04-05-x.md": smallIssue(body: "From forth the fatal loins.")]
        let bureau = try await Bureau(files: files, in: folder, onTheWeb: false)
        let uri = "xmpp:news.verona.example?;node=dispatch-en;item=2026-04-05-x"
        let text =
            "Two households\n\nFrom forth the fatal loins.\n\nRead online: \(uri)"
        #expect(try await bureau.say("preview 2026-04", on: .shell) == .done(text))
        #expect(bureau.whispers.all.isEmpty)
        _ = try await bureau.say("publish 2026-04")
        #expect(try await bureau.plainMessage(to: "dispatch-en").contains(text))
    }

    @Test("the amount may be chosen, with a language or without")
    func amounts() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        let link = try await bureau.say("preview 2026-04 link", on: .shell).text
        let short = try await bureau.say("preview 2026-04", on: .shell).text
        let full = try await bureau.say("preview 2026-04 en full", on: .shell).text
        #expect(link.split(separator: "\n").count == 2)
        #expect(link.count < short.count && short.count < full.count)
        #expect(full.contains("good to see you here again"))
    }

    @Test("warnings are shown wherever one asks")
    func warnings() async throws {
        let folder = try IssueFolder()
        let text = "---\ntitle: Two households\ndate: 2026-04-05\nsumary: Alike\n---\n\nBoth.\n"
        let bureau = try await Bureau(files: ["2026-04-05-x.md": text], in: folder)
        let warning = "2026-04-05-x.md:4:1: warning: "
        let inRoom = try await bureau.say("preview 2026-04").text
        #expect(inRoom.contains("in a private message.\n\(warning)"))
        #expect(bureau.whispers.all.first?.contains("warning") == false, "readers see none")
        let contact = try JID("dispatch@news.verona.example")
        let inChat = try await bureau.say("preview 2026-04", on: .chat(contact: contact)).text
        #expect(inChat.hasPrefix("Two households\n"))
        #expect(inChat.contains("\n\n\(warning)"))
    }

    @Test("what can't be shown is explained")
    func nothing() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        #expect(
            try await bureau.say("preview 2026-03 fr")
                == .failed(
                    "There is no preview. The issue '2026-03-05-dispatch' is not there in 'fr', "
                        + "only in en."
                )
        )
        #expect(
            try await bureau.say("preview 1999").text
                .hasPrefix("There is no preview. There is no issue '1999'.")
        )
        let broken = Bureau.samples.appending(path: "broken").path(percentEncoded: false)
        let other = try await Bureau(["dispatch": broken])
        let outcome = try await other.say("preview 2026-01-10")
        #expect(outcome.text.contains("2026-01-10-not-utf8.md:6:8: error: "))
        #expect(bureau.whispers.all.isEmpty && other.whispers.all.isEmpty)
    }

    @Test("as pubsub it is the item that would go out, in a node for those who asked alone")
    func asItem() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        let juliet = try JID("juliet@verona.example")
        let answer = try await bureau.say("preview 2026-04 de as pubsub", jid: juliet).text
        let uri = "xmpp:news.verona.example?;node=dispatch-de-draft;item=2026-04-05-dispatch"
        #expect(answer.hasPrefix("2026-04-05-dispatch (de) is in a node that looks missing to "))
        #expect(answer.hasSuffix(": \(uri)"))
        let draft = try await bureau.newestItem(of: "dispatch-de-draft")
        #expect(try await bureau.affiliates(of: "dispatch-de-draft") == [juliet])
        // Readers get nothing, and the ledger knows nothing of it.
        #expect(try await bureau.items(of: "dispatch-de").isEmpty)
        #expect(try await bureau.say("show 2026-04").text.contains("de.md; not published;"))
        _ = try await bureau.say("publish 2026-04 de")
        _ = try await bureau.say("yes")
        let item = try await bureau.newestItem(of: "dispatch-de")
        let changed = draft.replacing("/de/draft<", with: "/de<")
            .replacing("dispatch-de-draft", with: "dispatch-de")
        #expect(changed == item)
    }

    @Test("a draft ends when its issue is out, and the right to see drafts with the last of them")
    func endOfDrafts() async throws {
        let folder = try IssueFolder()
        let files = ["2026-04-05-x.md": smallIssue(), "2026-05-05-x.md": smallIssue("Three")]
        let bureau = try await Bureau(files: files, in: folder)
        let juliet = try JID("juliet@verona.example")
        func preview(_ issue: String) async throws {
            _ = try await bureau.say("preview \(issue) as pubsub", jid: juliet)
        }
        let drafts = try #require(NodeID(rawValue: "dispatch-en-draft"))
        func isThere() async throws -> Bool {
            try await bureau.store.read { try $0.node(named: drafts) != nil }
        }
        try await preview("2026-04")
        try await preview("2026-05")
        _ = try await bureau.insist("publish 2026-04")
        #expect(try await bureau.items(of: "dispatch-en-draft") == ["2026-05-05-x"])
        #expect(try await bureau.affiliates(of: "dispatch-en-draft") == [juliet])
        _ = try await bureau.insist("publish 2026-05")
        #expect(try await !isThere())
        // What is published can be seen as it will be corrected.
        try await bureau.deliverAll()
        try folder.write(smallIssue("Four"), to: "2026-05-05-x.md")
        try await preview("2026-05")
        #expect(try await isThere())
        _ = try await bureau.insist("correct 2026-05")
        #expect(try await !isThere())
        #expect(try await bureau.items(of: "dispatch-en").count == 2)
    }

    @Test(
        "a draft needs an address to be shown to, a node beside which it is, and a place on the web"
    )
    func whereItCannotBe() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        let hidden = try await bureau.say("preview 2026-04 as pubsub", occupantID: "1").text
        #expect(hidden.hasPrefix("A draft is shown to an address alone"))
        #expect(
            try await bureau.say("preview 2026-04 as web").text
                == "There is no place for pages of drafts. The operator can set "
                + "newsletters.dispatch.site.drafts_output and drafts_web."
        )
        let node = try #require(NodeID(rawValue: "dispatch-en-draft"))
        #expect(try await bureau.store.read { try $0.node(named: node) == nil })
    }

    @Test("as web its address is answered once the page is written")
    func asPage() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples], drafts: OnePage())
        #expect(
            try await bureau.say("preview 2026-04 de as web", on: .shell).text
                == "2026-04-05-dispatch (de) is at https://drafts.example/dispatch/"
                + "2026-04-05-dispatch/de/"
        )
    }
}

/// A place for pages that are never looked at.
private struct OnePage: DraftPages {
    func write(_ issue: IssueID, in language: String, of newsletter: String) async -> String? {
        "https://drafts.example/\(newsletter)/\(issue)/\(language)/"
    }
}
