import Foundation
import NIOCore
import NIOPosix

/// Somebody else's server as a process of a test, ended with it.
struct ChildServer {
    let executable: String
    let arguments: [String]
    /// What it says when it does not start.
    let log: String
    /// A file for its standard output, if somebody wants that.
    var output: String?
    let isReady: () async -> Bool

    /// Starts the server, and ends it when the body is through.
    func run(_ body: () async throws -> Void) async throws {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.standardOutput =
            output.flatMap { FileHandle(forWritingAtPath: $0) } ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try start(process)
        do {
            try await waitUntilItIsReady(process)
            try await body()
        } catch {
            await end(process)
            throw error
        }
        await end(process)
    }

    /// Whether somebody listens there on 127.0.0.1.
    static func hasListener(at port: Int) async -> Bool {
        let connecting = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port)
        guard let channel = try? await connecting.get() else { return false }
        try? await channel.close()
        return true
    }

    struct DidNotStart: Error {
        let log: String
    }
}

// MARK: - The process

extension ChildServer {
    /// Starts the process with a signal mask that lets it be ended.
    ///
    /// A child inherits the mask of the thread that makes it, and those that run tasks block
    /// nearly all signals.
    private func start(_ process: Process) throws {
        var ending = sigset_t()
        var before = sigset_t()
        sigemptyset(&ending)
        sigaddset(&ending, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &ending, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    /// Asks the process to end, and makes it if it does not.
    private func end(_ process: Process) async {
        process.terminate()
        for _ in 0..<500 where process.isRunning {
            try? await Task.sleep(for: .milliseconds(10))
        }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private func waitUntilItIsReady(_ process: Process) async throws {
        for _ in 0..<600 where process.isRunning {
            if await isReady() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw DidNotStart(log: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "no log")
    }
}
