import Foundation
import GRDB
import Testing
import XMPP

@testable import Storage

@Suite("A database as a file")
struct StoreFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("a.sqlite") }
    private var backup: String { folder.file("backup.sqlite") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    /// A node with two readers, and a delivery under way to them.
    private func fill(_ store: Store) async throws {
        let node = try await store.makeNode()
        try await store.subscribe(.juliet, to: node)
        try await store.subscribe(.romeo, to: node, as: .chat)
        try await store.write { transaction in
            _ = try transaction.startFanOut(
                NewFanOut(node: node, item: .first, variants: [.sample(.event)]),
                at: moment()
            )
        }
    }

    /// Runs SQL as a program would that knows nothing of us.
    private func meddle(_ sql: String, in file: String) throws {
        try DatabaseQueue(path: file).write { try $0.execute(sql: sql) }
    }

    @Test("a backup is made beside the running service, complete and for its owner only")
    func backUp() async throws {
        let store = try Store(path: path)
        try await fill(store)
        try StoreFile.backUp(path, to: backup)
        let inspection = try StoreInspection(path: backup)
        #expect(inspection.findings == [])
        #expect(inspection.nodes == 1 && inspection.subscriptions == 2)
        #expect(inspection.unfinishedDeliveries == 1)
        let attributes = try FileManager.default.attributesOfItem(atPath: backup)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        // The service goes on, and the backup stays as it was.
        let node = try await store.makeNode(.prose)
        try await store.subscribe(.nurse, to: node)
        #expect(try StoreInspection(path: path).subscriptions == 3)
        #expect(try StoreInspection(path: backup).subscriptions == 2)
    }

    @Test("a backup replaces no file, and leaves no half of one")
    func noReplacing() async throws {
        try await fill(try Store(path: path))
        try StoreFile.backUp(path, to: backup)
        #expect(throws: StoreError.exists(path: backup)) { try StoreFile.backUp(path, to: backup) }
        let other = folder.file("other.sqlite")
        #expect(throws: StoreError.self) {
            try StoreFile.backUp(folder.file("none.sqlite"), to: other)
        }
        #expect(!exists(other) && !exists(other + ".part"))
    }

    @Test("what was there stays beside what is restored, and its deliveries wait to be let go on")
    func restore() async throws {
        do {
            let store = try Store(path: path)
            try await fill(store)
            try StoreFile.backUp(path, to: backup)
            try await store.subscribe(.nurse, to: try await store.makeNode(.prose))
        }
        let former = try #require(try StoreFile.restore(backup, to: path, at: moment()))
        #expect(former == path + ".replaced-1700000000")
        #expect(try StoreInspection(path: former).subscriptions == 3)
        let store = try Store(path: path)
        let fanOuts = try await store.read { try $0.unfinishedFanOuts() }
        #expect(fanOuts.map(\.state) == [.held])
        #expect(try StoreInspection(path: path).subscriptions == 2)
        #expect(!exists(path + ".restored") && !exists(path + ".restored.part"))
    }

    @Test("on a new machine there is nothing to keep")
    func restoreAnew() async throws {
        try await fill(try Store(path: path))
        let new = folder.file("new.sqlite")
        #expect(try StoreFile.restore(path, to: new) == nil)
        #expect(try StoreInspection(path: new).findings == [])
    }

    @Test("nothing is restored while a service runs")
    func restoreWhileRunning() async throws {
        let store = try Store(path: path)
        try await fill(store)
        try StoreFile.backUp(path, to: backup)
        #expect(throws: StoreError.inUse(path: path, pid: getpid())) {
            try StoreFile.restore(backup, to: path)
        }
        #expect(try StoreInspection(path: path).subscriptions == 2)
        withExtendedLifetime(store) {}
    }

    @Test("what is no backup of ours, is damaged or newer is not restored, and nothing is touched")
    func badBackups() async throws {
        try await fill(try Store(path: path))
        try Data("not a database, but long enough to be looked at".utf8)
            .write(to: URL(filePath: backup))
        #expect(throws: StoreError.notADatabase(path: backup)) {
            try StoreFile.restore(backup, to: path)
        }
        let strange = folder.file("strange.sqlite")
        try meddle("CREATE TABLE thing (id INTEGER)", in: strange)
        #expect(throws: StoreError.notADatabase(path: strange)) {
            try StoreFile.restore(strange, to: path)
        }
        let newer = folder.file("newer.sqlite")
        try StoreFile.backUp(path, to: newer)
        try meddle("INSERT INTO grdb_migrations VALUES ('99 telepathy')", in: newer)
        #expect(throws: StoreError.newerSchema(path: newer, unknown: ["99 telepathy"])) {
            try StoreFile.restore(newer, to: path)
        }
        let wrong = folder.file("wrong.sqlite")
        try StoreFile.backUp(path, to: wrong)
        try meddle("UPDATE nodeCount SET subscribers = 7", in: wrong)
        #expect(throws: StoreError.self) { try StoreFile.restore(wrong, to: path) }
        #expect(try StoreInspection(path: path).findings == [])
    }

    @Test(
        "what contradicts itself is found",
        arguments: [
            ("UPDATE nodeCount SET items = 3", "Nodes whose subscribers or items"),
            ("DELETE FROM nodeCount", "Nodes whose subscribers or items"),
            ("UPDATE readerCount SET readers = 9 WHERE form = 'chat'", "Kinds of readers"),
            ("DELETE FROM readerCount", "Kinds of readers that are not as many as was counted: 2."),
            ("UPDATE fanOut SET cursor = lastSubscription + 1", "Deliveries that are further"),
            ("DELETE FROM variant", "Deliveries that have not ended and have nothing to send: 1."),
            ("INSERT INTO pause SELECT id, 1 FROM subscription", "Pauses of readers"),
            ("INSERT INTO itemText (rowid, words) VALUES (99, 'x')", "Words kept for the search"),
            (
                "PRAGMA foreign_keys = OFF; DELETE FROM node",
                "6 rows belong to others that are not there."
            ),
        ]
    )
    func contradictions(sql: String, beginning: String) async throws {
        try await fill(try Store(path: path))
        #expect(try StoreInspection(path: path).findings == [])
        try await DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: sql) }
        let findings = try StoreInspection(path: path).findings
        #expect(findings.contains { $0.hasPrefix(beginning) }, "\(findings)")
    }

    @Test("a damaged file is called damaged")
    func damage() async throws {
        try await fill(try Store(path: path))
        try StoreFile.backUp(path, to: backup)
        let handle = try FileHandle(forUpdating: URL(filePath: backup))
        // The second page is the root of some table.
        try handle.seek(toOffset: 4096)
        try handle.write(contentsOf: Data(repeating: 0x55, count: 4096 * 4))
        try handle.close()
        let findings: [String]
        do {
            findings = try StoreInspection(path: backup).findings
        } catch {
            findings = ["\(error)"]
        }
        #expect(findings.contains { $0.contains("damaged") }, "\(findings)")
    }
}
