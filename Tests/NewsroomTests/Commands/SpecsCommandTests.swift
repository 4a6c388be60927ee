import Commands
import Foundation
import Testing

@testable import Newsroom

/// `specs`, as editors give it.
@Suite struct SpecsCommandTests {
    private static let old =
        "<xep-infos><xep><number>1</number><title>Feuds</title></xep></xep-infos>"
    private static let new = """
        <xep-infos><xep><number>1</number><title>Feuds</title></xep><xep><number>2</number>
        <title>Masks</title><last-revision><version>0.1</version></last-revision></xep></xep-infos>
        """

    @Test("in the room the text goes to the one who asked, elsewhere it is the answer")
    func faces() async throws {
        let folder = try IssueFolder()
        try folder.write(Self.old, to: "2026-03-01.xml")
        try folder.write(Self.new, to: "2026-04-01.xml")
        let bureau = try await Bureau(["dispatch": folder.path], lists: folder.path)
        #expect(
            try await bureau.say("!specs", as: .editor)
                == .done(
                    "From 2026-03-01.xml to 2026-04-01.xml: 1 entry. I sent you the text in a "
                        + "private message."
                )
        )
        let line = "- Version 0.1 of [XEP-0002](https://xmpp.org/extensions/xep-0002.html) (Masks)"
        #expect(bureau.whispers.all.first?.contains(line) == true)
        let answer = try await bureau.say("specs 2026-03 2026-04", on: .shell)
        #expect(answer.text.contains(line))
        #expect(answer.text.hasPrefix("## Extensions and specifications\n"))
    }

    @Test("names that lead out of the folder, and copies that are none, change nothing")
    func refusals() async throws {
        let folder = try IssueFolder()
        try folder.write(Self.old, to: "2026-03-01.xml")
        try folder.write("<html/>", to: "2026-04-01.xml")
        let bureau = try await Bureau(["dispatch": folder.path], lists: folder.path)
        let outside = try await bureau.say("!specs ../../etc/passwd 2026-03")
        #expect(
            outside.text.hasPrefix("Nothing was compared. There is no copy '../../etc/passwd'")
        )
        let broken = try await bureau.say("!specs").text
        #expect(broken.contains("is no list of specifications"))
        #expect(bureau.whispers.all.isEmpty)
    }

    @Test("without a folder the answer names the setting; readers may not ask")
    func unset() async throws {
        let folder = try IssueFolder()
        let bureau = try await Bureau(["dispatch": folder.path])
        let answer = try await bureau.say("!specs")
        #expect(answer.text.contains("'specification_lists'"))
        guard case .refused = try await bureau.say("!specs", as: .reader) else {
            Testing.Issue.record("a reader was answered")
            return
        }
    }
}
