import Commands
import Daemon
import Foundation
import Testing

/// The documents that describe the configuration, held against the code.
@Suite("Configuration reference")
struct ReferenceTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    @Test("docs/configuration.md names every key with its default, and no other")
    func documentation() throws {
        let rows = try text("docs/configuration.md").split(separator: "\n").filter {
            $0.hasPrefix("| `")
        }
        let documented = rows.map { row in
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: [" ", "`"]) }
            return "\(cells[0]) = \(cells[1])"
        }
        let known = Configuration.knownKeys().map { "\($0.path) = \($0.standard ?? "–")" }
        #expect(Set(documented) == Set(known))
        #expect(documented.count == known.count)
    }

    @Test("config/broadsheet.yaml shows every key")
    func example() throws {
        let example = try text("config/broadsheet.yaml")
        for key in Configuration.knownKeys() {
            let name = key.path.split(separator: ".").last ?? ""
            #expect(example.contains("\(name):"), "\(key.path) is missing")
        }
    }

    @Test("config/broadsheet.yaml is accepted as it stands")
    func exampleIsAccepted() throws {
        let sample = try ConfigurationSample(try text("config/broadsheet.yaml"))
        defer { sample.remove() }
        #expect(throws: Never.self) { try Configuration(file: sample.file) }
    }
}
