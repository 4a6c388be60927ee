import Commands
import Foundation
import Testing
import XMPP

@testable import Newsroom

/// `news`: collecting, and keeping in order what was collected.
@Suite struct NewsCommandTests {
    private let folder: IssueFolder

    init() throws {
        folder = try IssueFolder()
    }

    @Test("what is collected is listed by section, with who told it and when")
    func collecting() async throws {
        let bureau = try await Bureau(["dispatch": folder.path])
        #expect(try await bureau.say("!news list").text.hasSuffix(": nothing is collected yet."))
        #expect(
            try await bureau.say("!news clients https://ladder.example/2 Ladder 2 is out")
                == .done("Collected as #1, XMPP Clients and Applications.")
        )
        #expect(
            try await bureau.say("!news XMPP Servers https://gate.example/ Open (by Rosaline)")
                == .done("Collected as #2, XMPP Servers.")
        )
        #expect(
            try await bureau.say("!news add https://nurse.example/")
                == .done("Collected as #3. Say where it belongs: news move 3 SECTION")
        )
        #expect(
            try await bureau.say("!news list", as: .editor)
                == .done(
                    """
                    The Verona Dispatch, 3 items:
                    XMPP Clients and Applications
                    - #1 Ladder 2 is out https://ladder.example/2 (Benvolio, 2026-11-16)
                    XMPP Servers
                    - #2 Open https://gate.example/ (Rosaline, 2026-11-16)
                    Without a section
                    - #3 https://nurse.example/ (Benvolio, 2026-11-16)
                    """
                )
        )
    }

    @Test("the same address again is refused, and says what is there")
    func duplicates() async throws {
        let bureau = try await Bureau(["dispatch": folder.path])
        _ = try await bureau.say("!news clients https://ladder.example/2 Ladder 2 is out")
        #expect(
            try await bureau.say("!news servers http://LADDER.example/2/?utm_source=x Again")
                == .refused(
                    "That address is there already: #1 “Ladder 2 is out”, collected by Benvolio "
                        + "on 2026-11-16."
                )
        )
    }

    @Test("items can be edited, moved and dropped by their numbers")
    func order() async throws {
        let bureau = try await Bureau(["dispatch": folder.path])
        _ = try await bureau.say("!news clients https://ladder.example/2 Ladder 2 is out")
        _ = try await bureau.say("!news https://gate.example/ Gate")
        #expect(
            try await bureau.say("!news edit 1 Ladder 2.0 is out")
                == .done("#1 is now: Ladder 2.0 is out https://ladder.example/2")
        )
        #expect(
            try await bureau.say("!news edit #1 https://ladder.example/2.0")
                == .done("#1 is now: Ladder 2.0 is out https://ladder.example/2.0")
        )
        let clash = try await bureau.say("!news edit 1 https://gate.example")
        #expect(clash.text.hasPrefix("That address is there already: #2"))
        #expect(
            try await bureau.say("!news move 2 servers") == .done("#2 is now in XMPP Servers.")
        )
        #expect(
            try await bureau.say("!news drop 2") == .done("Dropped #2: Gate https://gate.example/")
        )
        #expect(
            try await bureau.say("!news drop 2")
                == .refused("There is no item #2. “news list” shows them.")
        )
        let list = try await bureau.say("!news list").text
        #expect(list.contains("1 item:") && list.contains("https://ladder.example/2.0"))
    }

    @Test(
        "what can't be understood is said, and nothing is kept",
        arguments: [
            ("!news", "There is no web address in that."),
            ("!news Ladder 2 is out", "There is no web address in that."),
            ("!news javascript:alert(1) x", "There is no web address in that."),
            ("!news clinets https://a.example x", "There is no section “clinets”."),
            ("!news license https://a.example x", "There is no section “license”."),
            ("!news drop ladder", "“ladder” is no number"),
            ("!news edit 7 x", "There is no item #7"),
            ("!news move 7", "There is no item #7"),
        ]
    )
    func mistakes(line: String, answer: String) async throws {
        let bureau = try await Bureau(["dispatch": folder.path])
        let outcome = try await bureau.say(line)
        guard case .refused(let text) = outcome else {
            Testing.Issue.record("\(outcome)")
            return
        }
        #expect(text.hasPrefix(answer), "\(text)")
        #expect(try await bureau.say("!news list").text.hasSuffix("nothing is collected yet."))
    }

    @Test("a long list shows the newest, and nobody can put an article into it")
    func bounds() async throws {
        let bureau = try await Bureau(["dispatch": folder.path])
        for number in 1...62 { _ = try await bureau.say("!news https://a.example/\(number) x") }
        let list = try await bureau.say("!news list").text
        #expect(list.hasSuffix("\n… and 2 older"))
        #expect(list.contains("62 items:") && list.contains("#62 ") && !list.contains("#2 "))
        let long = String(repeating: "x", count: 601)
        let answer = try await bureau.say("!news https://b.example \(long)")
        #expect(answer.text.hasPrefix("That is too long. Tell it in at most 600 characters"))
        #expect(try await bureau.say("!news edit 1 \(long)").text == answer.text)
    }

    @Test("each newsletter has its own news; where there are several, one says which")
    func newsletters() async throws {
        let other = try IssueFolder()
        let bureau = try await Bureau(["dispatch": folder.path, "gazette": other.path])
        let unclear = try await bureau.say("!news clients https://a.example x")
        #expect(unclear.text.hasPrefix("There are several newsletters."))
        #expect(
            try await bureau.say("!news gazette/clients https://a.example x")
                == .done("Collected as #1, XMPP Clients and Applications.")
        )
        #expect(
            try await bureau.say("!news clients https://a.example x", newsletter: "dispatch")
                == .done("Collected as #2, XMPP Clients and Applications.")
        )
        #expect(
            try await bureau.say("!news drop 1", newsletter: "dispatch")
                == .refused("There is no item #1. “news list” shows them."),
            "a room of the other newsletter does not see it"
        )
    }

    @Test("readers collect nothing, and listing is not logged as a change")
    func rights() async throws {
        let bureau = try await Bureau(["dispatch": folder.path])
        guard case .refused = try await bureau.say("!news https://a.example x", as: .reader) else {
            Testing.Issue.record("a reader was obeyed")
            return
        }
        _ = try await bureau.say("!news list")
        _ = try await bureau.say("!news https://a.example x", as: .editor)
        let log = try await bureau.say("!log").text
        #expect(log.contains("news https://a.example x – done"))
        #expect(!log.contains("news list"))
    }

    @Test("nobody's address gets into an issue, but the name before it")
    func privacy() throws {
        let juliet = try JID("juliet@verona.example")
        let chat = Face.chat(contact: try JID("dispatch@news.verona.example"))
        let byAddress = Invoker(role: .editor, jid: juliet, displayName: "juliet@verona.example")
        #expect(byAddress.credit(on: chat) == "juliet")
        let byNick = Invoker(role: .editor, jid: juliet, displayName: "Jule")
        #expect(byNick.credit(on: .room(try JID("room@rooms.verona.example"))) == "Jule")
        let shell = Invoker(role: .operator, jid: nil, displayName: "the shell")
        #expect(shell.credit(on: .shell) == nil)
    }
}
