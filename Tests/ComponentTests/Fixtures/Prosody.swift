import Foundation
import NIOCore
import NIOPosix
import Testing
import XMPP

@testable import Component

/// A real Prosody of the test's own, on loopback, with one component.
///
/// It lives in a temporary folder and is ended by its process; the system's Prosody is not touched.
struct Prosody {
    static let executable = "/usr/bin/prosody"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: executable) }

    let folder: URL
    let port: Int

    init() async throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "component-tests-\(UUID().uuidString)")
        port = try await Self.freePort()
        let data = folder.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try configuration.write(to: configurationFile, atomically: true, encoding: .utf8)
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    func connecting(
        to domain: String = "news.localhost",
        secret: String = "opensesame"
    ) throws -> StreamConfiguration {
        StreamConfiguration(
            domain: try JID(domain),
            host: "127.0.0.1",
            port: port,
            secret: Secret(secret),
            timings: .brisk
        )
    }

    /// Starts the server, and ends it when the body is through.
    func run(_ body: () async throws -> Void) async throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.executable)
        process.arguments = ["--config", configurationFile.path, "-F"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try start(process)
        do {
            try await waitUntilItListens(process)
            try await body()
        } catch {
            await end(process)
            throw error
        }
        await end(process)
    }

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

    private var configurationFile: URL { folder.appending(path: "prosody.cfg.lua") }

    private var configuration: String {
        """
        run_as_root = true
        pidfile = "\(folder.path)/prosody.pid"
        data_path = "\(folder.path)/data"
        log = { info = "\(folder.path)/prosody.log" }
        interfaces = { "127.0.0.1" }
        c2s_ports = {}
        s2s_ports = {}
        component_interfaces = { "127.0.0.1" }
        component_ports = { \(port) }
        modules_enabled = { "disco", "ping", "posix" }
        modules_disabled = { "s2s", "c2s", "tls" }
        VirtualHost "localhost"
        Component "news.localhost"
            component_secret = "opensesame"

        """
    }

    private func waitUntilItListens(_ process: Process) async throws {
        for _ in 0..<200 {
            guard process.isRunning else { break }
            if let channel = try? await Self.connect(port) {
                try await channel.close()
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        let log = try? String(contentsOf: folder.appending(path: "prosody.log"), encoding: .utf8)
        throw DidNotStart(log: log ?? "no log")
    }

    private static func connect(_ port: Int) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
    }

    private static func freePort() async throws -> Int {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await listener.close()
        return port
    }

    struct DidNotStart: Error {
        let log: String
    }
}
