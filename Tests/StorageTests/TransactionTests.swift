import Testing
import XMPP

@testable import Storage

@Suite("Transactions")
struct TransactionTests {
    let store: Store

    init() throws {
        store = try Store.inMemory()
    }

    struct Refused: Error, Equatable {}

    @Test("a body that throws leaves nothing behind, and its error travels on")
    func rollback() async throws {
        await #expect(throws: Refused()) {
            try await store.write { transaction in
                try transaction.setSetting("key", to: "value")
                throw Refused()
            }
        }
        #expect(try await store.read { try $0.setting("key") } == nil)
    }

    @Test("a savepoint that throws undoes its own part only")
    func savepoint() async throws {
        try await store.write { transaction in
            try transaction.setSetting("before", to: "1")
            #expect(throws: Refused()) {
                try transaction.savepoint {
                    try transaction.setSetting("inside", to: "1")
                    throw Refused()
                }
            }
            let kept = try transaction.savepoint {
                try transaction.setSetting("after", to: "1")
                return 7
            }
            #expect(kept == 7)
        }
        let settings = try await store.read { transaction in
            try ["before", "inside", "after"].map { try transaction.setting($0) }
        }
        #expect(settings == ["1", nil, "1"])
    }

    @Test("savepoints nest")
    func nestedSavepoints() async throws {
        try await store.write { transaction in
            try transaction.savepoint {
                try transaction.setSetting("outer", to: "1")
                try? transaction.savepoint {
                    try transaction.setSetting("inner", to: "1")
                    throw Refused()
                }
            }
        }
        #expect(try await store.read { try $0.setting("outer") } == "1")
        #expect(try await store.read { try $0.setting("inner") } == nil)
    }

    @Test("an error of SQLite in a savepoint does not spoil the rest")
    func constraintInSavepoint() async throws {
        try await store.write { transaction in
            #expect(throws: (any Error).self) {
                try transaction.savepoint {
                    try transaction.run("INSERT INTO setting VALUES (NULL, 'x')")
                }
            }
            try transaction.setSetting("key", to: "value")
        }
        #expect(try await store.read { try $0.setting("key") } == "value")
    }

    @Test("what a read changes is refused, in our words")
    func readOnly() async throws {
        await #expect(throws: StoreError.self) {
            try await store.read { try $0.setSetting("key", to: "value") }
        }
    }

    @Test("writers wait for each other: none is lost")
    func concurrentWriters() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.file("news.sqlite"))
        try await withThrowingTaskGroup { group in
            for _ in 0..<200 {
                group.addTask {
                    try await store.write { transaction in
                        let count = try transaction.setting("count").flatMap { Int($0) } ?? 0
                        try transaction.setSetting("count", to: String(count + 1))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.read { try $0.setting("count") } == "200")
    }

    @Test("a cancelled task's write is stored all the same")
    func cancellation() async throws {
        let task = Task { [store] in
            withUnsafeCurrentTask { $0?.cancel() }
            try await store.write { try $0.setSetting("cursor", to: "7") }
        }
        try await task.value
        #expect(try await store.read { try $0.setting("cursor") } == "7")
    }

    @Test("a value that nobody here wrote is reported with its table")
    func unreadable() async throws {
        let node = try await store.makeNode()
        try await store.subscribe(.juliet, to: node)
        try await store.write { try $0.run("UPDATE subscription SET form = 'pigeon'") }
        await #expect(throws: StoreError.unreadable(table: "subscription", value: "pigeon")) {
            try await store.read { try $0.subscriptions(to: node) }
        }
    }

    @Test("a setting is set, changed and forgotten")
    func settings() async throws {
        try await store.write { transaction in
            #expect(try transaction.setting("key") == nil)
            try transaction.setSetting("key", to: "1")
            try transaction.setSetting("key", to: "2")
            #expect(try transaction.setting("key") == "2")
            try transaction.setSetting("key", to: nil)
            #expect(try transaction.setting("key") == nil)
        }
    }
}
