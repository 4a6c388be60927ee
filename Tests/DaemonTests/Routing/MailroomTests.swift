import Component
import Delivery
import Logging
import PubSub
import Storage
import Synchronization
import Testing
import XMPP

@testable import Daemon

@Suite("Answers that are written while the next requests are worked on")
struct MailroomTests {
    /// Takes nothing before it is opened.
    private final class Wire: StanzaStream {
        private let parts = Mutex<[[UInt8]]>([])
        private let (opened, opening) = AsyncStream<Void>.makeStream()

        var writes: [String] {
            parts.withLock { $0.map { String(decoding: $0, as: UTF8.self) } }
        }

        func open() {
            opening.finish()
        }

        func send(_ stanza: Stanza) async throws(StreamClosed) {}

        nonisolated(nonsending) func write(_ bytes: [UInt8]) async throws(StreamClosed) {
            for await _ in opened {}
            parts.withLock { $0.append(bytes) }
        }

        func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
            throw .timedOut
        }
    }

    @Test("nobody waits for the first, the next waits for it, and all come in order")
    func order() async throws {
        let outbox = Outbox(
            dispatcher: Dispatcher(
                store: try Store.inMemory(),
                domain: try JID("news.verona.lit"),
                pingTarget: try JID("verona.lit"),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ),
            metrics: ServiceMetrics(),
            longestStanza: 100_000
        )
        let mailroom = Mailroom(outbox, executor: StreamExecutor())
        let (wire, reader) = (Wire(), try JID("romeo@verona.lit"))
        await mailroom.carryOut([.message(Message(.chat, id: "0", to: reader))], on: wire)
        #expect(wire.writes.isEmpty)
        let others = Task {
            for number in 1...3 {
                let message = Message(.chat, id: "\(number)", to: reader)
                await mailroom.carryOut([.message(message)], on: wire)
            }
            await mailroom.finish()
        }
        wire.open()
        await others.value
        #expect(wire.writes.count == 4)
        for (number, text) in wire.writes.enumerated() {
            #expect(text.contains("id='\(number)'"))
        }
        await mailroom.finish()
    }
}
