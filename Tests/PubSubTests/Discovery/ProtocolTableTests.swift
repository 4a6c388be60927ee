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
        let test: String

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
            guard line.hasPrefix("|"), cells.count == 4, cells[3] != "Test", cells[3] != "---"
            else { return nil }
            return Row(feature: cells[1], state: cells[2], test: cells[3])
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
    func tests() throws {
        let folder = Self.root.appending(path: "Tests/PubSubTests/Conversations")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }
        #expect(Set(rows.map(\.test)) == Set(files))
    }
}
