import Foundation
import Testing

/// A real stunnel of the test's own, that speaks TLS in front of a server that does not.
struct Stunnel {
    private static let program = "/usr/bin/stunnel4"
    private static let tree = ServerTree("stunnel4", program: program)
    static var isInstalled: Bool { tree != nil }

    let port: Int
    private let folder: TestFolder
    private let configuration: String

    /// `version` is what stunnel calls it: `TLSv1.2`.
    init(before plainPort: Int, identity: TestIdentity, version: String) async throws {
        port = try FreePorts.take()
        folder = try TestFolder()
        let certificate = try folder.write(identity.certificate + identity.key, to: "both.pem")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: certificate)
        configuration = try folder.write(
            """
            foreground = yes
            pid =
            output = \(folder.path)/stunnel.log
            [component]
            accept = 127.0.0.1:\(port)
            connect = 127.0.0.1:\(plainPort)
            cert = \(certificate)
            sslVersionMin = \(version)
            sslVersionMax = \(version)

            """,
            to: "stunnel.conf"
        )
    }

    func run(_ body: () async throws -> Void) async throws {
        let server = ChildServer(
            executable: try #require(Self.tree).root + Self.program,
            arguments: [configuration],
            log: "\(folder.path)/stunnel.log",
            isReady: { await ChildServer.hasListener(at: port) }
        )
        try await server.run(body)
    }
}
