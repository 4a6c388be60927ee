public import Foundation
import Newsroom
import Subprocess

/// The operator's command that brings the files of a newsletter up to date, such as `git pull`.
public struct RefreshCommandLine: Hashable, Sendable {
    /// More of what it says is not read; it is stopped then.
    private static let outputLimit = 65_536
    /// How long it may take to end once it was asked to.
    private static let farewell = Duration.seconds(5)

    /// The program, which is looked for in `PATH` unless it is a path.
    public var program: String
    public var arguments: [String]
    /// Where it runs, and which files it is about.
    public var folder: URL
    public var timeout: Duration

    public init(program: String, arguments: [String], folder: URL, timeout: Duration) {
        self.program = program
        self.arguments = arguments
        self.folder = folder
        self.timeout = timeout
    }

    /// Runs it without a shell and without anything to read; returns what it said.
    ///
    /// All that it started ends with it, when its time is over.
    ///
    /// - Throws: ``RefreshError``.
    func run() async throws -> String {
        try await withThrowingTaskGroup { group in
            group.addTask { try await carryOut() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw RefreshError.tooLong(seconds: Int(timeout / .seconds(1)))
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ""
        }
    }

    private func carryOut() async throws -> String {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.farewell)
        ]
        let executable: Executable =
            program.contains("/") ? .path(.init(program)) : .name(program)
        let said: String
        let code: Int?
        do {
            let result = try await Subprocess.run(
                executable,
                arguments: Arguments(arguments),
                workingDirectory: .init(folder.path(percentEncoded: false)),
                platformOptions: options,
                output: .string(limit: Self.outputLimit),
                error: .combinedWithOutput
            )
            said = result.standardOutput
            if case .exited(let status) = result.terminationStatus {
                code = Int(status)
            } else {
                code = nil
            }
        } catch is CancellationError {
            throw RefreshError.stopped(said: "")
        } catch {
            throw RefreshError.notRun("\(error)")
        }
        guard let code else { throw RefreshError.stopped(said: said) }
        guard code == 0 else { throw RefreshError.ended(code, said: said) }
        return said
    }
}

/// Runs the commands of the newsletters, one at a time for each.
actor IssueRefresh: IssueSources {
    private let commands: [String: RefreshCommandLine]
    private var running: Set<String> = []

    /// The commands by the newsletter's name.
    init(_ commands: [String: RefreshCommandLine]) {
        self.commands = commands
    }

    nonisolated func canRefresh(_ newsletter: String) -> Bool {
        commands[newsletter] != nil
    }

    func refresh(_ newsletter: String) async throws -> String {
        guard let command = commands[newsletter] else { return "" }
        guard running.insert(newsletter).inserted else { throw RefreshError.busy }
        defer { running.remove(newsletter) }
        return try await command.run()
    }
}
