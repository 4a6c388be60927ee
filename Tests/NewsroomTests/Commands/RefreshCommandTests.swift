import Commands
import Foundation
import Synchronization
import Testing

@testable import Newsroom

@Suite("Fetching the files anew, and noticing new ones")
struct RefreshCommandTests {
    private let folder: IssueFolder

    init() throws {
        folder = try IssueFolder()
    }

    /// Does to the folder what a test wants.
    private struct Source: IssueSources {
        let work: @Sendable () throws -> Void

        func canRefresh(_ newsletter: String) -> Bool { newsletter == "dispatch" }

        func refresh(_ newsletter: String) async throws -> String {
            try work()
            return ""
        }
    }

    private func refresh(_ work: @escaping @Sendable () throws -> Void) async throws
        -> CommandOutcome
    {
        let files = ["2026-04-05-x.md": smallIssue(), "2026-04-05-x.de.md": smallIssue("Häuser")]
        let bureau = try await Bureau(files: files, in: folder, sources: Source(work: work))
        return try await bureau.say("refresh", as: .editor)
    }

    @Test("what is new, changed or gone is said by name")
    func news() async throws {
        let folder = folder
        let outcome = try await refresh {
            try folder.write(smallIssue(body: "Not alike."), to: "2026-04-05-x.md")
            try folder.write(smallIssue("Maisons"), to: "2026-04-05-x.fr.md")
            try folder.write("Not an issue", to: "README")
            try FileManager.default.removeItem(at: folder.url.appending(path: "2026-04-05-x.de.md"))
        }
        #expect(
            outcome
                == .done(
                    "The Verona Dispatch: new: 2026-04-05-x.fr.md; changed: 2026-04-05-x.md; "
                        + "gone: 2026-04-05-x.de.md."
                )
        )
        #expect(try await refresh {} == .done("The Verona Dispatch: nothing has changed."))
    }

    @Test("what the command had to complain of is said, its last lines alone")
    func trouble() async throws {
        let said = (1...20).map { "line \($0)" }.joined(separator: "\n")
        #expect(
            try await refresh { throw RefreshError.ended(128, said: said) }
                == .failed(
                    "The Verona Dispatch: The command ended with 128.\n"
                        + "  line 16\n  line 17\n  line 18\n  line 19\n  line 20"
                )
        )
    }

    @Test("without a command it says so")
    func notSet() async throws {
        let bureau = try await Bureau(["gazette": folder.path])
        #expect(try await bureau.say("refresh").text.contains("newsletters.NAME.refresh"))
    }

    @Test("a translation that comes is offered once, when it has been there for a round")
    func translations() async throws {
        let files = ["2026-04-05-x.md": smallIssue(), "2026-04-05-x.de.md": smallIssue("Häuser")]
        let bureau = try await Bureau(files: files, in: folder)
        let watch = TranslationWatch()
        let desk = bureau.newsdesk.desks[0]
        #expect(await watch.look(at: desk) == nil)
        try folder.write(smallIssue("Maisons"), to: "2026-04-05-x.fr.md")
        try folder.write(smallIssue(), to: "2026-05-05-x.md")
        #expect(await watch.look(at: desk) == nil)
        #expect(
            await watch.look(at: desk)
                == "New: 2026-04-05-x.fr.md. “check 2026-04-05-x fr” looks at it, "
                + "“publish 2026-04-05-x fr” publishes it."
        )
        #expect(await watch.look(at: desk) == nil)
        #expect(await TranslationWatch().look(at: desk) == nil)
    }
}
