import Foundation
import Testing

@testable import Newsroom

@Suite("The command check")
struct CheckCommandTests {
    private let folder: IssueFolder

    init() throws {
        folder = try IssueFolder()
    }

    /// What is answered to a command, where the folder holds files of these texts.
    private func answer(_ command: String, _ files: [String: String]) async throws -> String {
        try await Bureau(files: files, in: folder).say(command).text
    }

    @Test("findings are said by language, errors first, with their places")
    func findings() async throws {
        let files = [
            "2026-04-05-dispatch.md": smallIssue(
                body: "-duels\n\nSee [rules] (https://verona.example/duels)."
            ),
            "2026-04-05-dispatch.de.md": smallIssue("Zwei Häuser", body: "Gleich an Würde."),
        ]
        #expect(
            try await answer("check 2026-04 en", files) == """
                en, 2026-04-05-dispatch.md: 1 error, 1 warning
                - line 8, column 5: error: This is no link: nothing may stand between ']' and '('. \
                Delete the blank. [link-broken]
                  instead: [rules](https://verona.example/duels)
                - line 6, column 1: warning: This is no item of a list, but a part of the line above. \
                Begin it with '- '. [bullet-glued]
                  instead: - duels
                """
        )
        #expect(
            try await answer("check 2026-04", files).contains("\nde, 2026-04-05-dispatch.de.md")
        )
    }

    @Test("an issue that is fine is said to be")
    func nothing() async throws {
        let files = [
            "2026-04-05-dispatch.md": smallIssue(),
            "2026-04-05-dispatch.de.md": smallIssue("Zwei Häuser", body: "Gleich an Würde."),
        ]
        #expect(
            try await answer("check latest", files) == "en: nothing found.\nde: nothing found."
        )
        #expect(
            try await answer("check latest fr", files).hasPrefix(
                "Nothing was checked. The issue '2026-04-05-dispatch' is not there in 'fr'"
            )
        )
    }

    @Test("a language with errors is told of before the others are published")
    func publish() async throws {
        let files = [
            "2026-04-05-dispatch.md": smallIssue(
                body: "See [rules] (https://verona.example/duels)."
            ),
            "2026-04-05-dispatch.de.md": smallIssue("Zwei Häuser", body: "Gleich an Würde."),
        ]
        let text = try await answer("publish 2026-04", files)
        #expect(text.contains("\nen: 2026-04-05-dispatch.md:6:5: error: This is no link"))
        #expect(text.contains("\nPublish de of 2026-04-05-dispatch without it?"))
    }
}
