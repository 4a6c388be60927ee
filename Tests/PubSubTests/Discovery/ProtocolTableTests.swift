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
        /// The conversation, and the scenario behind real servers; nil if there is none.
        let conversation, interop: Proof?

        /// The feature's name on the wire, if it has one.
        var name: String? {
            feature.firstMatch(of: /`([^`]+)`/).map { String($0.1) }
        }
    }

    /// A test by its file, without extension, and its function: `FILE.FUNCTION`.
    private struct Proof: Hashable {
        let file, function: String

        init?(_ cell: String) {
            let parts = cell.split(separator: ".").map(String.init)
            guard parts.count == 2 else { return nil }
            (file, function) = (parts[0], parts[1])
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
            let tests = cells[3...].map(Proof.init)
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

    @Test("a proof is a test by name, or there is none and a dash says so")
    func cells() throws {
        let file = Self.root.appending(path: "docs/protocol.md")
        let dashes = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("|") }
            .flatMap { $0.split(separator: "|").dropFirst(3) }
            .count { $0.trimmingCharacters(in: .whitespaces) == "–" }
        #expect(dashes == rows.flatMap { [$0.conversation, $0.interop] }.count { $0 == nil })
    }

    @Test("every file of conversations is in the table, and each that it names is a test there")
    func conversations() throws {
        let files = try Self.files(in: "Tests/PubSubTests/Conversations", ".swift")
        let proofs = rows.compactMap(\.conversation)
        #expect(Set(proofs.map(\.file)) == Set(files.keys))
        for proof in proofs {
            let isThere = files[proof.file]?.contains("    func \(proof.function)(") == true
            #expect(isThere, "\(proof.file).swift has no \(proof.function)")
        }
    }

    @Test("what is advertised is proved by a conversation and behind real servers")
    func proofs() {
        let unproved = rows.filter { row in
            row.state == "advertised" && (row.conversation == nil || row.interop == nil)
        }
        #expect(unproved.map(\.feature) == [])
    }

    @Test("scenarios are there, are played behind both servers, and name the features they prove")
    func interop() throws {
        let files = try Self.files(in: "Tests/Interop", ".py")
        for row in rows {
            guard let proof = row.interop else { continue }
            let scenario = try #require(
                files[proof.file].flatMap { Self.scenario(proof.function, in: $0) },
                "\(proof.file).py has no test_\(proof.function)"
            )
            #expect(!scenario.contains("skipTest"), "\(proof) is not for every server")
            guard row.state == "advertised", let name = row.name else { continue }
            #expect(scenario.contains(name), "\(proof) does not name \(name)")
        }
    }

    /// The text of a scenario: all up to the next function.
    private static func scenario(_ name: String, in file: String) -> Substring? {
        guard let start = file.firstRange(of: "    async def test_\(name)(") else { return nil }
        let rest = file[start.upperBound...]
        let ends = ["\n    async def ", "\n    def ", "\nclass ", "\n@"].compactMap {
            rest.firstRange(of: $0)?.lowerBound
        }
        return rest[..<(ends.min() ?? rest.endIndex)]
    }
}
