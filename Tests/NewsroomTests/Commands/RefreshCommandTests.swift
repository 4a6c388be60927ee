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
        let first = await watch.look(at: desk)
        #expect(first?.offer == nil && first?.settled.count == 2)
        try folder.write(smallIssue("Maisons"), to: "2026-04-05-x.fr.md")
        try folder.write(smallIssue(), to: "2026-05-05-x.md")
        #expect(await watch.look(at: desk) == nil)
        let second = await watch.look(at: desk)
        #expect(second?.offer == offer)
        #expect(second?.settled.count == 4)
        #expect(await watch.look(at: desk) == nil)
        #expect(await TranslationWatch().look(at: desk)?.offer == nil)
    }

    private let offer = """
        New: 2026-04-05-x.fr.md. “check 2026-04-05-x fr” looks at it, “publish 2026-04-05-x fr” \
        publishes it.
        """

    @Test(
        "a translation that comes while nobody looks, or was only seen, is offered after a restart"
    )
    func translationsMissed() async throws {
        let bureau = try await Bureau(files: ["2026-04-05-x.md": smallIssue()], in: folder)
        func notices() async throws -> [String] {
            try await bureau.store.read { try $0.notices() }.map(\.text)
        }
        /// A service that was just started and looks so often, while no room hears it.
        func start(rounds: Int) async {
            let keeper = ScheduleKeeper(
                newsdesk: bureau.newsdesk,
                publisher: bureau.publisher,
                book: bureau.book,
                grace: .seconds(300),
                wake: {},
                say: { _, _ in false },
                report: { Issue.record($0) }
            )
            for _ in 0..<rounds { await keeper.round() }
        }
        await start(rounds: 1)
        try folder.write(smallIssue("Maisons"), to: "2026-04-05-x.fr.md")
        await start(rounds: 1)
        #expect(try await notices().isEmpty)
        await start(rounds: 3)
        #expect(try await notices() == [offer])
        await start(rounds: 3)
        #expect(try await notices() == [offer])
        try folder.write(smallIssue("Häuser"), to: "2026-04-05-x.de.md")
        await start(rounds: 2)
        #expect(try await notices().count == 2)
    }
}
