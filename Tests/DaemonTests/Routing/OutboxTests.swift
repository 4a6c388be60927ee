import Component
import Delivery
import Logging
import PubSub
import Storage
import Synchronization
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("What follows from requests")
struct OutboxTests {
    /// Is over when something has been written to it.
    private final class Ending: StanzaStream {
        let attempts = Mutex(0)

        func send(_ stanza: Stanza) async throws(StreamClosed) {}

        func write(_ bytes: [UInt8]) async throws(StreamClosed) {
            let isOver = attempts.withLock { attempts in
                attempts += 1
                return attempts > 1
            }
            if isOver { throw StreamClosed(end: .closedByServer) }
        }

        func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
            throw .timedOut
        }
    }

    private func outbox(portionSize: Int) throws -> Outbox {
        let domain = try JID("news.verona.lit")
        return Outbox(
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
    }

    private func writes(_ effects: [PubSubEffect], portionSize: Int) async throws -> [String] {
        let outbox = try outbox(portionSize: portionSize)
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

    @Test("nothing more is made for a stream that is over")
    func streamOver() async throws {
        let reader = try JID("romeo@verona.lit")
        let body = String(repeating: "o", count: 1_000)
        let effects = (0..<10).map { number in
            PubSubEffect.message(Message(.chat, id: "\(number)", to: reader, body: body))
        }
        let (outbox, stream) = (try outbox(portionSize: 1_000), Ending())
        await outbox.carryOut(effects, on: stream)
        #expect(stream.attempts.withLock { $0 } == 2)
    }

    @Test("all whose subscriptions end at once are told in portions, too")
    func ended() async throws {
        let juliet = try JID("juliet@verona.lit")
        let service = PubSubService(
            domain: try JID("news.verona.lit"),
            settings: PubSubSettings(creators: NodeCreators(jids: [juliet]))
        )
        let store = try Store.inMemory()
        func ask(_ sender: JID, _ action: String, in namespace: String) async throws
            -> [PubSubEffect]
        {
            let payload = try Element(
                xml: "<pubsub xmlns='http://jabber.org/protocol/\(namespace)'>\(action)</pubsub>"
            )
            let iq = IQ(.set, id: "1", from: sender, to: service.domain, payload: payload)
            return try await store.write { try service.handle(iq, in: $0) }
        }
        _ = try await ask(juliet, "<create node='sonnet'/>", in: "pubsub")
        let readers = try (0..<30).map { try JID("r\($0)@verona.lit") }
        for reader in readers {
            let action = "<subscribe node='sonnet' jid='\(reader)'/>"
            _ = try await ask(reader, action, in: "pubsub")
        }
        let effects = try await ask(
            juliet,
            """
            <configure node='sonnet'><x xmlns='jabber:x:data' type='submit'>
              <field var='pubsub#access_model'><value>whitelist</value></field></x></configure>
            """,
            in: "pubsub#owner"
        )
        let portions = try await writes(effects, portionSize: 1_000)
        #expect(portions.count > 5)
        #expect(portions.allSatisfy { $0.utf8.count < 2_000 })
        let told = portions.joined().matches(of: /<message[^>]* to=.([^\s'"]+)/).map { "\($0.1)" }
        #expect(told == readers.map(\.description))
    }
}
