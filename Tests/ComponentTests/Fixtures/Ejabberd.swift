import Foundation
import Testing
import XMPP

@testable import Component

/// A real ejabberd of the test's own, run by the script that the interoperability tests use.
struct Ejabberd {
    static let python = "/usr/bin/python3"
    static var isInstalled: Bool {
        ServerTree("ejabberd", program: "/usr/sbin/ejabberdctl") != nil
            && FileManager.default.isExecutableFile(atPath: python)
    }

    private static let script = URL(filePath: #filePath)
        .appending(path: "../../../Support/Servers/ejabberd.py").standardizedFileURL.path

    /// How the component reaches it, with TLS or without.
    struct Access {
        let port: Int
        let tlsPort: Int
        let secret: String
        let authorities: String

        func connecting(
            secret: String? = nil,
            security: StreamSecurity
        ) throws -> StreamConfiguration {
            StreamConfiguration(
                domain: try JID("news.localhost"),
                host: "127.0.0.1",
                port: security == .plain ? port : tlsPort,
                secret: Secret(secret ?? self.secret),
                security: security,
                timings: .brisk
            )
        }
    }

    /// Starts the server, and ends it when the body is through.
    static func run(_ body: (Access) async throws -> Void) async throws {
        let folder = try TestFolder()
        let output = try folder.write("", to: "output")
        let server = ChildServer(
            executable: python,
            arguments: [script, "--serve", folder.path],
            log: "\(folder.path)/ejabberd.log",
            output: output,
            isReady: { words(of: output)["log"] != nil }
        )
        try await server.run {
            let words = words(of: output)
            let access = Access(
                port: try port(words["component_port"]),
                tlsPort: try port(words["component_tls_port"]),
                secret: try #require(
                    words["component"]?.split(separator: " ").last.map(String.init)
                ),
                authorities: "\(folder.path)/certificates/authority.crt"
            )
            try await body(access)
        }
    }

    /// What the script prints: a word, blanks, and what it means.
    private static func words(of file: String) -> [String: String] {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        let pairs = text.split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return (String(parts[0]), (parts.last ?? "").trimmingCharacters(in: .whitespaces))
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func port(_ address: String?) throws -> Int {
        try #require(address?.split(separator: ":").last.flatMap { Int($0) })
    }
}
