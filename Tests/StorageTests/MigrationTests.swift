import Foundation
import GRDB
import Testing
import XMPP

@testable import Storage

@Suite("A database of an older Broadsheet")
struct MigrationTests {
    private typealias Table = (columns: [String], rows: [[DatabaseValue]])

    private static let schemas = Schema.migrator.migrations
    private let folder: TemporaryFolder
    private var path: String { folder.file("old.sqlite") }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Makes a database of that schema, with something in each table.
    private func make(_ schema: Int) throws {
        let database = try DatabaseQueue(path: path)
        defer { try? database.close() }
        try Schema.migrator.migrate(database, upTo: Self.schemas[schema - 1])
        try database.write { database in
            for sql in OldContents.statements(upTo: schema) { try database.execute(sql: sql) }
        }
    }

    /// All rows of the tables, of the columns that are named or else of all.
    private func tables(_ columns: [String: [String]] = [:]) throws -> [String: Table] {
        let database = try DatabaseQueue(path: path)
        defer { try? database.close() }
        return try database.read { database in
            let names = try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM pragma_table_list
                    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'grdb_migrations'
                    """
            )
            var tables: [String: Table] = [:]
            for name in names + ["itemText"] where columns.isEmpty || columns[name] != nil {
                let columns = try columns[name] ?? database.columns(in: name).map(\.name)
                let list = columns.joined(separator: ", ")
                let sql = "SELECT \(list) FROM \(name) ORDER BY \(list)"
                let rows = try Row.fetchAll(database, sql: sql).map { Array($0.databaseValues) }
                tables[name] = (columns, rows)
            }
            return tables
        }
    }

    private func value<Value: DatabaseValueConvertible>(_ sql: String) throws -> Value? {
        let database = try DatabaseQueue(path: path)
        defer { try? database.close() }
        return try database.read { try Value.fetchOne($0, sql: sql) }
    }

    @Test("all that was in it is in it still, and is sound", arguments: 1...schemas.count)
    func opened(schema: Int) async throws {
        try make(schema)
        let before = try tables()
        for (name, table) in before {
            #expect(!table.rows.isEmpty, "\(name) is empty, so that nothing is shown of it")
        }
        do {
            let store = try Store(path: path)
            // What is stored is not only there, but read as it was meant.
            let reader = try await store.read {
                try $0.subscription(SubscriptionRowID(rawValue: 2))
            }
            #expect(reader?.jid == .romeo)
            #expect(reader?.choice.form == .chat)
            let fanOuts = try await store.read { try $0.unfinishedFanOuts() }
            #expect(fanOuts.map(\.id.rawValue) == [2])
            #expect(
                try await store.read { try $0.node(named: .verse) }?.node.configuration.title
                    == "Verse"
            )
        }
        let after = try tables(before.mapValues(\.columns))
        for (name, table) in before {
            #expect(after[name]?.rows == table.rows, "\(name)")
        }
        #expect(try StoreInspection(path: path).findings == [])
    }

    @Test(
        "what a migration works out from the rows there are is right",
        arguments: 1...schemas.count
    )
    func derived(schema: Int) throws {
        try make(schema)
        _ = try Store(path: path)
        // A history begins with what was published before there was one.
        #expect(
            try value("SELECT issue FROM publicationVersion ORDER BY id LIMIT 1")
                == (schema < 2 ? "march" : "april")
        )
        // In how many messages an issue went out is known as long as these are.
        let parts = schema < 4 ? nil : schema < 14 ? 3 : 2
        #expect(try value("SELECT max(parts) FROM severalMessages") == parts)
        #expect(
            try value("SELECT isAnswered FROM announcement") == (schema < 10 ? nil : schema < 14)
        )
        // Who reads in a chat may have talked with us after the last issue; others don't.
        let talking = "SELECT group_concat(id) FROM subscription WHERE conversationAt IS NOT NULL"
        #expect(try value(talking) == (schema < 15 ? "2,4" : "2"))
        #expect(
            try value("SELECT count(*) FROM subscription WHERE takesTranslations")
                == (schema < 15 ? 6 : 5)
        )
        // What they get may have changed until then; whoever came later had all since.
        let changed = "SELECT group_concat(id) FROM subscription WHERE changedAfter = 2"
        #expect(try value(changed) == (schema < 18 ? "2,4" : nil))
        #expect(try value("SELECT sum(sendsChats) FROM fanOut") == (schema < 15 ? 2 : 1))
        let used = "SELECT group_concat(id) FROM fanOut WHERE usedMulticast"
        #expect(try value(used) == (schema == 24 ? "2" : nil))
    }

    @Test("its tables are those of a new one in the end", arguments: [1, 9, 13])
    func sameSchema(schema: Int) throws {
        try make(schema)
        _ = try Store(path: path)
        let sql = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master ORDER BY name)"
        let migrated: String? = try value(sql)
        let new = try Store(path: folder.file("new.sqlite"))
        let fresh = try new.readNow { try String.fetchOne($0.database, sql: sql) }
        #expect(migrated == fresh)
    }
}
