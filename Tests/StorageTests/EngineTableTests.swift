import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("What is to be done at other services, in the database")
struct EngineTableTests {
    @Test("the next reader is found without looking through those who were refused")
    func queryPlan() async throws {
        let store = try Store.inMemory()
        let plan = try await store.read { transaction in
            try transaction.rows(
                "EXPLAIN QUERY PLAN " + Transaction.nextReader(notAt: [.verse]),
                ["gazette", "pubsub.mantua.lit", "verse"]
            ) { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("engineReader USING INDEX engineReaderOnState") })
    }
}
