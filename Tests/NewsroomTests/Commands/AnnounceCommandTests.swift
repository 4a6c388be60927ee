import Commands
import Foundation
import Storage
import Testing
import XMPP

@testable import Newsroom

@Suite("Announcing issues, and their translations")
struct AnnounceCommandTests {
    private let folder: IssueFolder
    private let bureau: Bureau
    private let address = "https://dispatch.verona.example/2026/04/05/x/"

    init() async throws {
        folder = try IssueFolder()
        let files = ["2026-04-05-x.md": smallIssue(), "2026-04-05-x.de.md": smallIssue("Häuser")]
        bureau = try await Bureau(files: files, in: folder)
    }

    @Test("a published issue is told in the rooms set for it, once, with texts for elsewhere")
    func rooms() async throws {
        #expect(
            try await bureau.say("announce 2026-04")
                == .refused("2026-04-05-x is not published in en.")
        )
        _ = try await bureau.say("publish 2026-04 en")
        let first = try await bureau.say("announce 2026-04").text
        let room = "square@rooms.verona.example"
        let later = "If one of them does not take it after all, the newsroom is told, and "
        #expect(
            first.hasPrefix(
                "Announced in \(room).\n\(later)“status 2026-04-05-x” says so.\n\nFor Mastodon, "
            )
        )
        #expect(first.contains("of 500 characters:\nTwo households\n\nBoth alike.\n\nhttps://"))
        #expect(first.contains("\n\nFor Bluesky, "))
        #expect(bureau.square.heard.count == 1)
        #expect(bureau.square.heard[0].hasPrefix("Two households\n\nBoth alike.\n\nRead online"))
        let second = try await bureau.say("announce 2026-04", on: .shell).text
        #expect(second.hasPrefix("\(room) knows since 2026-11-16 08:30 UTC, by Benvolio."))
        #expect(bureau.square.heard.count == 1)
        #expect(
            try await bureau.say("status 2026-04").text.hasSuffix(
                "- 2026-11-16 08:30 announced in \(room), en, by Benvolio in "
                    + "comm-team@rooms.verona.example"
            )
        )
    }

    @Test("a room that could not hear it is told of, and hears it the next time")
    func deaf() async throws {
        _ = try await bureau.say("publish 2026-04")
        bureau.square.close()
        let first = try await bureau.say("announce 2026-04").text
        #expect(first.hasPrefix("Not announced in square@rooms.verona.example: "))
        bureau.square.open()
        #expect(try await bureau.say("announce 2026-04").text.hasPrefix("Announced in"))
        #expect(bureau.square.heard.count == 1)
    }

    private let square = "square@rooms.verona.example"

    /// What the newsroom is to hear unasked, in its own language.
    private func notices() async throws -> [String] {
        try await bureau.store.read { try $0.notices() }.map(\.text)
    }

    @Test(
        "a room that refuses it once it is sent: the newsroom hears of it, whoever said so where",
        arguments: [Face.shell, .adHoc, .room(try JID("comm-team@rooms.verona.example"))]
    )
    func refused(face: Face) async throws {
        _ = try await bureau.say("publish 2026-04")
        let error = StanzaError(.forbidden, text: "Not now,\nplease")
        bureau.square.behave(.refuses(error))
        let answer = try await bureau.say("announce 2026-04", on: face, in: "de").text
        #expect(answer.contains("erfährt es die Redaktion, und „status 2026-04-05-x“ sagt es."))
        #expect(
            try await notices() == [
                """
                \(square) did not take the announcement of 2026-04-05-x, en: Not now, please. \
                To try again: “announce 2026-04-05-x en”.
                """
            ]
        )
        #expect(try await left().isEmpty)
        let status = try await bureau.say("status 2026-04").text
        #expect(
            status.contains("not announced in \(square), en: Not now, please, by Broadsheet")
                && !status.contains(" announced in \(square), en, by")
        )
        bureau.square.behave(.tellsAll)
        #expect(try await bureau.say("announce 2026-04").text.hasPrefix("Announced in"))
        #expect(try await left() == ["s1"])
    }

    private let doubt = """
        It is not known whether square@rooms.verona.example heard of 2026-04-05-x, en: it had not \
        answered when the connection ended. Look there, please; “announce 2026-04-05-x en” tells it \
        again.
        """

    @Test("a stream that ends before the room answers: the newsroom decides, and can take it back")
    func lost() async throws {
        _ = try await bureau.say("publish 2026-04")
        bureau.square.behave(.isLost)
        _ = try await bureau.say("announce 2026-04")
        #expect(try await notices() == [doubt])
        bureau.square.behave(.tellsAll)
        #expect(try await bureau.say("announce 2026-04").text.hasPrefix("Announced in"))
        #expect(bureau.square.heard.count == 2)
        #expect(try await left() == ["s2"])
    }

    @Test("a process that died before the room answered: the next one says so once, and goes on")
    func restarted() async throws {
        _ = try await bureau.say("publish 2026-04")
        bureau.square.behave(.saysNothing)
        _ = try await bureau.say("announce 2026-04")
        #expect(try await notices().isEmpty)
        for _ in 1...2 {
            let (book, desks) = (bureau.book, bureau.newsdesk.desks)
            try await bureau.store.write { try book.settleAnnouncements(at: desks, in: $0) }
            #expect(try await notices() == [doubt])
        }
        #expect(
            try await bureau.say("status 2026-04").text.hasSuffix(
                "perhaps announced in \(square), en: the room has not answered, by Broadsheet"
            )
        )
        _ = try await bureau.insist("retract 2026-04")
        #expect(bureau.square.heard.last?.hasPrefix("none: “Two households”") == true)
    }

    @Test("what a room has not sent back yet is noted, and told by words that it is withdrawn")
    func unanswered() async throws {
        _ = try await bureau.say("publish 2026-04")
        bureau.square.behave(.saysNothing)
        #expect(try await bureau.say("announce 2026-04").text.hasPrefix("Announced in"))
        #expect(try await left() == [nil])
        _ = try await bureau.insist("retract 2026-04")
        #expect(bureau.square.heard.last?.hasPrefix("none: “Two households”") == true)
    }

    /// The ids of the announcements that are noted.
    private func left() async throws -> [String?] {
        let key = IssueKey(newsletter: "dispatch", issue: "2026-04-05-x")
        return try await bureau.store.read { try $0.announcements(of: key) }.map(\.message)
    }

    @Test("with the issue its announcement is taken back, and can be made anew")
    func withdrawn() async throws {
        for message in ["s1", "s3"] {
            _ = try await bureau.say("publish 2026-04")
            #expect(try await bureau.say("announce 2026-04").text.hasPrefix("Announced in"))
            try await bureau.deliverAll()
            let answer = try await bureau.insist("retract 2026-04").text
            #expect(answer.hasSuffix("\nTaken back in square@rooms.verona.example."))
            let notice = "“Two households” has been withdrawn by its editors."
            #expect(bureau.square.heard.last == "\(message): \(notice)")
            try await bureau.deliverAll()
        }
        // The German edition was told to nobody.
        #expect(bureau.square.heard.count == 4)
    }

    @Test("a room that could not hear of the withdrawal is told of, and hears of it the next time")
    func deafToWithdrawal() async throws {
        _ = try await bureau.say("publish 2026-04 en")
        _ = try await bureau.say("announce 2026-04")
        try await bureau.deliverAll()
        bureau.square.close()
        let answer = try await bureau.insist("retract 2026-04").text
        let room = "square@rooms.verona.example"
        #expect(answer.hasPrefix("Withdrawn: \"Two households\"\ndispatch-en, item "))
        #expect(answer.contains("\nNot taken back in \(room): The room is closed. To try again"))
        #expect(try await left() == ["s1"])
        bureau.square.open()
        try await bureau.deliverAll()
        let refusal = CommandOutcome.refused("2026-04-05-x is not published in de.")
        #expect(try await bureau.say("retract 2026-04 de") == refusal)
        let second = try await bureau.say("retract 2026-04")
        #expect(second == .done("Withdrawn: \"Two households\"\nTaken back in \(room)."))
        #expect(bureau.square.heard.last?.hasPrefix("s1: “Two households” has been") == true)
        #expect(try await bureau.waiting().isEmpty)
        let third = CommandOutcome.refused("2026-04-05-x is not published.")
        #expect(try await bureau.say("retract 2026-04") == third)
    }

    @Test(
        "a post fits its network, cut between words, with its link whole",
        arguments: NetworkPost.Network.allCases
    )
    func posts(network: NetworkPost.Network) {
        let words = Array(repeating: "households", count: 100).joined(separator: " ")
        for title in ["Two households", words] {
            for summary in ["", "Both alike.", words] {
                let post = NetworkPost(network, title: title, summary: summary, link: address)
                #expect(post.length <= network.limit)
                #expect(post.text.hasSuffix("\n\n\(address)"))
                #expect(!post.text.contains("household …") && !post.text.contains("\n\n\n"))
            }
        }
        let long = NetworkPost(network, title: "Two", summary: words, link: address)
        #expect(long.length > network.limit - 15 && long.text.contains("households …\n\nhttps"))
    }

    @Test("`translations` says which languages there are, in draft or out, and which lag")
    func translations() async throws {
        #expect(
            try await bureau.say("translations 2026-04").text == """
                2026-04-05-x, original in en: in draft.
                - de: in draft
                - fr: none
                """
        )
        _ = try await bureau.say("publish 2026-04")
        try folder.write(
            smallIssue(body: "See [rules](https://verona.example/duels)."),
            to: "2026-04-05-x.md"
        )
        bureau.clock.advance(days: 1)
        try await bureau.deliverAll()
        _ = try await bureau.say("correct 2026-04")
        try folder.write(smallIssue("Maisons"), to: "2026-04-05-x.it.md")
        #expect(
            try await bureau.say("translations 2026-04").text == """
                2026-04-05-x, original in en: published 2026-11-16.
                - de: published 2026-11-16; the original was corrected since, on 2026-11-17; \
                1 difference from the original: “check 2026-04-05-x de”
                - fr: none
                - it: in draft, with no node for it; 1 difference from the original: \
                “check 2026-04-05-x it”
                """
        )
    }
}
