import Foundation
import Newsroom
import Testing

@testable import Daemon

@Suite("The operator's command that fetches files", .timeLimit(.minutes(15)))
struct RefreshCommandLineTests {
    private func command(_ words: String..., timeout: Duration = .seconds(600))
        -> RefreshCommandLine
    {
        RefreshCommandLine(
            program: words[0],
            arguments: Array(words.dropFirst()),
            folder: FileManager.default.temporaryDirectory,
            timeout: timeout
        )
    }

    @Test("its words are arguments, and no shell sees them")
    func arguments() async throws {
        let words = ["$HOME; echo", "two words", "*", "`id`"]
        let said = try await command(
            "printf",
            "%s|%s|%s|%s",
            words[0],
            words[1],
            words[2],
            words[3]
        )
        .run()
        #expect(said == words.joined(separator: "|"))
    }

    @Test("it runs in the folder of the issues, with nothing to read")
    func place() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var pwd = command("/bin/pwd", "-P")
        pwd.folder = folder
        #expect(try await pwd.run().hasSuffix("\(folder.lastPathComponent)\n"))
        #expect(try await command("cat").run() == "")
    }

    @Test("an exit status, a program that is not there, and one that takes too long are told")
    func trouble() async throws {
        await #expect(throws: RefreshError.ended(1, said: "")) { try await command("false").run() }
        await #expect {
            try await command("no-such-program-of-verona").run()
        } throws: { error in
            if case RefreshError.notRun = error { true } else { false }
        }
        let clock = ContinuousClock()
        let start = clock.now
        await #expect(throws: RefreshError.tooLong(seconds: 1)) {
            try await command("sleep", "900", timeout: .seconds(1)).run()
        }
        #expect(clock.now - start < .seconds(600))
    }

    @Test("what it has started ends with it")
    func family() async throws {
        // By such a number its processes are known.
        let time = "9000.\(UInt32.random(in: 100_000...UInt32.max))"
        await #expect(throws: RefreshError.tooLong(seconds: 2)) {
            try await command("sh", "-c", "sleep \(time) & wait", timeout: .seconds(2)).run()
        }
        while Self.isRunning(time) { try await Task.sleep(for: .milliseconds(10)) }
    }

    /// Whether there is a process, other than this one, with the word in its command line.
    private static func isRunning(_ word: String) -> Bool {
        let processes = try? FileManager.default.contentsOfDirectory(atPath: "/proc")
        return (processes ?? []).contains { process in
            let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
            return line.map { String(decoding: $0, as: UTF8.self).contains(word) } ?? false
        }
    }

    @Test("of two at once for a newsletter the second is told of the first")
    func busy() async throws {
        let refresh = IssueRefresh(["dispatch": command("sleep", "2")])
        #expect(refresh.canRefresh("dispatch") && !refresh.canRefresh("gazette"))
        async let first = refresh.refresh("dispatch")
        try await Task.sleep(for: .milliseconds(500))
        await #expect(throws: RefreshError.busy) { try await refresh.refresh("dispatch") }
        #expect(try await first == "")
        #expect(try await refresh.refresh("dispatch") == "")
    }
}
