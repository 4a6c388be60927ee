import Foundation
import Testing
import XMPP

@testable import Component

/// A real Prosody of the test's own, on loopback, with one component.
///
/// It lives in a temporary folder and is ended by its process; the system's Prosody is not touched.
struct Prosody {
    private static let program = "/usr/bin/prosody"
    private static let tree = ServerTree("prosody", program: program)
    static var isInstalled: Bool { tree != nil }

    let folder: URL
    let port: Int

    init() async throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "component-tests-\(UUID().uuidString)")
        port = try FreePorts.take()
        let data = folder.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try configuration.write(to: configurationFile, atomically: true, encoding: .utf8)
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    func connecting(
        to domain: String = "news.localhost",
        secret: String = "opensesame",
        port: Int? = nil,
        security: StreamSecurity = .plain
    ) throws -> StreamConfiguration {
        StreamConfiguration(
            domain: try JID(domain),
            host: "127.0.0.1",
            port: port ?? self.port,
            secret: Secret(secret),
            security: security,
            timings: .brisk
        )
    }

    /// Starts the server, and ends it when the body is through.
    func run(_ body: () async throws -> Void) async throws {
        let command = try command()
        let server = ChildServer(
            executable: command[0],
            arguments: command.dropFirst() + ["--config", configurationFile.path, "-F"],
            log: folder.appending(path: "prosody.log").path,
            isReady: { await ChildServer.hasListener(at: port) }
        )
        try await server.run(body)
    }

    /// The system's program as it is; one unpacked elsewhere is told where it lies now.
    private func command() throws -> [String] {
        let root = try #require(Self.tree).root
        guard !root.isEmpty else { return [Self.program] }
        let library = "\(root)/usr/lib/prosody"
        let places = [
            "CFG_SOURCEDIR": library, "CFG_CONFIGDIR": folder.path,
            "CFG_PLUGINDIR": "\(library)/modules/", "CFG_DATADIR": "\(folder.path)/data",
        ]
        let text = try String(contentsOfFile: root + Self.program, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let name = String(line.prefix { $0 != "=" })
            return places[name].map { "\(name)='\($0)';" } ?? String(line)
        }
        let launcher = folder.appending(path: "prosody.lua")
        try lines.joined(separator: "\n").write(to: launcher, atomically: true, encoding: .utf8)
        let interpreter = try #require(lines.first?.split(separator: " ").last)
        return ["/usr/bin/env", String(interpreter.trimmingPrefix("#!")), launcher.path]
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
}
