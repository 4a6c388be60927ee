import Commands
import Testing

@testable import Newsroom

/// `publish` with languages, and with several newsletters.
@Suite struct NewsdeskTests {
    private static let samples = Bureau.samples.appending(path: "issues")
        .path(percentEncoded: false)

    @Test("only the languages that were named go out, each once, and their entries know the rest")
    func named() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        let question = try await bureau.say("publish 2026-04 DE de")
        #expect(question.text.hasPrefix("Warnings: 6 in de.\n"))
        #expect(question.text.contains("\nPublish de of 2026-04-05-dispatch all the same?"))
        let lines = try await bureau.say("yes").text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[1] == "dispatch-de, item 2026-04-05-dispatch: 0 readers")
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
        let item = try await bureau.newestItem(of: "dispatch-de")
        #expect(item.contains("hreflang='en'") && item.contains("hreflang='fr'"))
    }

    @Test("a named language that is missing keeps the others too: it was asked for")
    func missing() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        #expect(
            try await bureau.say("publish 2026-03 en fr")
                == .failed(
                    "Nothing was published.\nfr: The issue '2026-03-05-dispatch' is not there in "
                        + "'fr', only in en."
                )
        )
        #expect(
            try await bureau.say("publish 2026-03 it").text
                == "Nothing was published.\nit: dispatch has no node for the language 'it'; the "
                + "operator can add it to 'languages' in the configuration."
        )
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
    }

    @Test("`all` means what naming none means")
    func all() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        let outcome = try await bureau.insist("publish 2026-04 all")
        #expect(outcome.text.split(separator: "\n").count { $0.hasPrefix("dispatch-") } == 3)
    }

    @Test("with several newsletters a name is one if it fits one issue of them all")
    func severalNewsletters() async throws {
        let (dispatch, gazette) = (try IssueFolder(), try IssueFolder())
        try dispatch.write(smallIssue("One"), to: "2026-04-05-dispatch.md")
        try dispatch.write(smallIssue("Two"), to: "2026-03-05-dispatch.md")
        try gazette.write(smallIssue("Three"), to: "2026-04-09-gazette.md")
        let bureau = try await Bureau(["dispatch": dispatch.path, "gazette": gazette.path])
        let candidates =
            "dispatch/2026-03-05-dispatch or dispatch/2026-04-05-dispatch or "
            + "gazette/2026-04-09-gazette"
        #expect(
            try await bureau.say("publish 2026").text
                == "Nothing was published. '2026' could be \(candidates); say which."
        )
        #expect(
            try await bureau.say("publish 2026-04").text
                == "Nothing was published. '2026-04' could be dispatch/2026-04-05-dispatch or "
                + "gazette/2026-04-09-gazette; say which."
        )
        let nowhere = try await bureau.say("publish 1999").text
        #expect(nowhere.contains("dispatch: There is no issue '1999'."))
        #expect(nowhere.contains("gazette: There is no issue '1999'."))
        #expect(try await bureau.waiting().isEmpty)

        #expect(
            try await bureau.insist("publish 2026-03").text.contains("dispatch-en, item 2026-03")
        )
        let named = try await bureau.insist("publish gazette/2026-04")
        #expect(named.text.contains("gazette-en, item 2026-04-09-gazette: 0 readers"))
        #expect(
            try await bureau.say("publish tattler/2026-04").text
                == "Nothing was published. There is no newsletter 'tattler'; there are: dispatch, "
                + "gazette."
        )
    }

    @Test("in the room of one newsletter a name is that one's")
    func ownNewsletter() async throws {
        let (dispatch, gazette) = (try IssueFolder(), try IssueFolder())
        try dispatch.write(smallIssue(), to: "2026-04-05-dispatch.md")
        try gazette.write(smallIssue(), to: "2026-04-09-gazette.md")
        let bureau = try await Bureau(["dispatch": dispatch.path, "gazette": gazette.path])
        let outcome = try await bureau.insist("publish 2026-04", newsletter: "gazette")
        #expect(outcome.text.contains("gazette-en, item 2026-04-09-gazette"))
        #expect(try await bureau.items(of: "dispatch-en").isEmpty)
    }

    @Test("a newsletter whose folder is gone is named, and nothing goes out by mistake")
    func folderGone() async throws {
        let gone = "/nowhere/in/verona"
        let bureau = try await Bureau(["dispatch": Self.samples, "gazette": gone])
        let outcome = try await bureau.say("publish 2026-04")
        #expect(outcome.text.contains("The directory of issues '\(gone)' can't be read"))
        #expect(try await bureau.waiting().isEmpty)
        let named = try await bureau.insist("publish dispatch/2026-04")
        #expect(named.text.contains("dispatch-en, item 2026-04-05-dispatch"))
    }

    @Test("two editors who publish at once publish it once")
    func atOnce() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        async let first = bureau.say("publish 2026-05")
        async let second = bureau.say("publish 2026-05")
        let texts = try await [first, second].map(\.text)
        #expect(texts.count { $0.hasPrefix("Publishing ") } == 1)
        #expect(texts.count { $0.hasPrefix("Nothing to do for ") } == 1)
        #expect(try await bureau.items(of: "dispatch-en").count == 1)
    }

    @Test("an editor who may not publish is refused politely, and a reader too")
    func rights() async throws {
        let bureau = try await Bureau(["dispatch": Self.samples])
        #expect(
            try await bureau.say("publish 2026-04", as: .editor)
                == .refused(
                    "Sorry, only publishers and operators may use “publish”; here you are an "
                        + "editor."
                )
        )
        for line in ["publish 2026-04", "issues", "preview 2026-04", "status"] {
            let outcome = try await bureau.say(line, as: .reader)
            #expect(outcome == .refused(outcome.text))
        }
        #expect(try await bureau.waiting().isEmpty)
    }
}
