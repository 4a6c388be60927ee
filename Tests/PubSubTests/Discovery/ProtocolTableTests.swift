import Foundation
import PubSubWire
import Testing

@testable import PubSub

/// `docs/protocol.md`, held against what the service says of itself and against the tests there are.
@Suite("The table of the protocol")
struct ProtocolTableTests {
    private struct Row {
        let feature: String
        let state: String
        /// A file of conversations, and one of tests behind real servers; nil if there is none.
        let conversation, interop: String?

        /// The feature's name on the wire, if it has one.
        var name: String? {
            feature.firstMatch(of: /`([^`]+)`/).map { String($0.1) }
        }
    }

    private let rows: [Row]
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    init() throws {
        let file = Self.root.appending(path: "docs/protocol.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        rows = page.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard line.hasPrefix("|"), cells.count == 5, cells[0] != "---", cells[1] != "Feature"
            else { return nil }
            let tests = cells[3...].map { $0 == "–" ? nil : $0 }
            return Row(
                feature: cells[1],
                state: cells[2],
                conversation: tests[0],
                interop: tests[1]
            )
        }
    }

    /// What is in a folder of tests, by the names of the files without their extension.
    private static func files(in folder: String, _ suffix: String) throws -> [String: String] {
        let folder = root.appending(path: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasSuffix(suffix) }.reduce(into: [:]) { files, name in
            let file = folder.appending(path: name)
            files[String(name.dropLast(suffix.count))] = try String(
                contentsOf: file,
                encoding: .utf8
            )
        }
    }

    /// The name as the table has it: without the prefix that XEP-0060's features share.
    private static func shortName(_ name: String) -> String {
        let prefix = "http://jabber.org/protocol/pubsub#"
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    @Test("what is advertised is in the table as such, each feature once, and nothing else is")
    func advertised() {
        let listed = rows.filter { $0.state == "advertised" }.compactMap(\.name)
        let said = ServiceFeatures.all.map { Self.shortName($0.rawValue) }
        #expect(listed.sorted() == said.sorted())
    }

    @Test("each feature that XEP-0060 has is spoken of")
    func complete() {
        let names = Set(rows.compactMap(\.name))
        #expect(PubSubFeature.allCases.map(\.rawValue).filter { !names.contains($0) } == [])
    }

    @Test("every row has a state that exists")
    func states() {
        #expect(rows.count > 60)
        let states: Set = ["advertised", "works", "partly", "not offered"]
        #expect(rows.filter { !states.contains($0.state) }.map(\.feature) == [])
    }

    @Test("every conversation is named in the table, and what the table names is there")
    func conversations() throws {
        let files = try Self.files(in: "Tests/PubSubTests/Conversations", ".swift")
        #expect(Set(rows.compactMap(\.conversation)) == Set(files.keys))
    }

    @Test("what is advertised is proved by a conversation and behind real servers")
    func proofs() {
        let unproved = rows.filter { row in
            row.state == "advertised" && (row.conversation == nil || row.interop == nil)
        }
        #expect(unproved.map(\.feature) == [])
    }

    @Test("tests behind real servers are there, and name the features they prove")
    func interop() throws {
        let files = try Self.files(in: "Tests/Interop", ".py")
        for row in rows {
            guard let test = row.interop else { continue }
            let text = try #require(files[test], "\(test).py is not there")
            #expect(text.contains("    async def test_"))
            guard row.state == "advertised", let name = row.name else { continue }
            #expect(text.contains(name), "\(test).py does not name \(name)")
        }
    }
}
