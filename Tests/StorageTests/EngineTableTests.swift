import CSQLite
import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("What is to be done at other services, in the database")
struct EngineTableTests {
    private static let service = "pubsub.mantua.lit"
    private let store: Store

    init() throws {
        store = try Store.inMemory()
    }

    private func plan(_ sql: String, _ values: [String]) async throws -> [String] {
        try await store.read { transaction in
            try transaction.rows("EXPLAIN QUERY PLAN " + sql, .init(values)) {
                $0["detail"] as String
            }
        }
    }

    @Test("the next reader is found without looking through those refused, or those who come later")
    func readerPlan() async throws {
        let plan = try await plan(
            Transaction.nextReader(notAt: [.verse]),
            ["gazette", Self.service, "1", "verse"]
        )
        #expect(plan.contains { $0.contains("engineReader USING INDEX engineReaderOnState") })
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test("the next operation is found without sorting those that come later")
    func operationPlan() async throws {
        let plan = try await plan(
            Transaction.nextOperation(notAt: [.verse]),
            ["gazette", Self.service, "verse"]
        )
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
    }

    @Test("the next reader is found as soon among a thousand as among ten")
    func readerSteps() async throws {
        var steps: [Int32] = []
        for number in [10, 990] {
            try await leave((0..<number).map { "reader\($0 + number)@verona.lit" })
            steps.append(
                try await store.read { transaction in
                    let sql = Transaction.nextReader(notAt: [])
                    let row = try transaction.row(sql, ["gazette", Self.service, Int64.max]) {
                        $0["jid"] as String
                    }
                    #expect(row == "reader10@verona.lit")
                    let statement = try transaction.statement(sql).sqliteStatement
                    return sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1)
                }
            )
        }
        #expect(steps[0] > 0)
        #expect(steps[0] == steps[1])
    }

    private func leave(_ readers: [String], isToldOf: Bool = false, at date: Date = moment())
        async throws
    {
        try await store.write { transaction in
            for reader in readers {
                let wish = EngineReaderWish(
                    newsletter: "gazette",
                    service: try JID(Self.service),
                    node: .verse,
                    reader: try JID(reader),
                    isSubscribed: false,
                    turn: .afterItems(isToldOf: isToldOf)
                )
                try transaction.addEngineReader(wish, at: date)
            }
        }
    }

    @Test("who leaves, and is refused, is kept for who has asked, for a while, and for nobody else")
    func refused() async throws {
        let (juliet, romeo) = (try JID("juliet@verona.lit"), try JID("romeo@verona.lit"))
        try await leave(["juliet@verona.lit"], isToldOf: true)
        try await leave(["romeo@verona.lit"])
        let service = try JID(Self.service)
        let left = try await store.write { transaction in
            while case .reader(let reader)? = try transaction.nextEngineStep(
                of: "gazette",
                at: service
            ) {
                guard let begun = try transaction.beginEngineReader(reader) else { continue }
                try transaction.refuseEngineReader(begun, reason: "It answers forbidden.")
            }
            return try (transaction.engineReaders(of: juliet), transaction.engineReaders(of: romeo))
        }
        #expect(left.0.map(\.state) == [.refused])
        #expect(left.1 == [])
        let kept = try await store.write { transaction in
            try [moment(), moment(1)].map { date in
                try transaction.forgetRefusedEngineLeavings(askedBefore: date)
                return try transaction.engineReaders(of: juliet).count
            }
        }
        #expect(kept == [1, 0])
    }

    @Test("who waits to leave a service, after what is published there, counts, and nobody else")
    func leavings() async throws {
        try await leave(["juliet@verona.lit", "romeo@verona.lit"])
        let service = try JID(Self.service)
        let answers = try await store.write { transaction in
            let wish = EngineReaderWish(
                newsletter: "gazette",
                service: service,
                node: .verse,
                reader: try JID("tybalt@verona.lit"),
                isSubscribed: false
            )
            try transaction.addEngineReader(wish, at: moment())
            return try [0, 2, 3].map {
                try transaction.hasEngineLeavings($0, of: "gazette", at: service)
            }
        }
        #expect(answers == [true, true, false])
    }
}
