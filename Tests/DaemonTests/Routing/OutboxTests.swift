import Component
import Delivery
import Logging
import PubSub
import Storage
import Testing
import XMPP

@testable import Daemon

@Suite("What follows from requests")
struct OutboxTests {
    private func writes(_ effects: [PubSubEffect], portionSize: Int) async throws -> [String] {
        let domain = try JID("news.verona.lit")
        let outbox = Outbox(
            dispatcher: Dispatcher(
                store: try Store.inMemory(),
                domain: domain,
                pingTarget: try JID("verona.lit"),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ),
            metrics: ServiceMetrics(),
            longestStanza: 100_000,
            portionSize: portionSize
        )
        let stream = RecordingStream()
        await outbox.carryOut(effects, on: stream)
        return stream.writes
    }

    @Test("what many are told at once is written in portions, in the same order")
    func portions() async throws {
        let reader = try JID("romeo@verona.lit")
        let body = String(repeating: "o", count: 400)
        let effects = (0..<10).map { number in
            PubSubEffect.message(Message(.chat, id: "\(number)", to: reader, body: body))
        }
        let whole = try await writes(effects, portionSize: 1_000_000)
        #expect(whole.count == 1)
        let portions = try await writes(effects, portionSize: 1_000)
        #expect(portions.count >= 4)
        #expect(portions.allSatisfy { $0.utf8.count < 2_000 })
        #expect(portions.joined() == whole.joined())
        #expect(try await writes([], portionSize: 1_000).isEmpty)
    }
}
