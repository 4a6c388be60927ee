import Component
import Synchronization
import XMPP

/// A stream that keeps what it is given, and answers nothing.
final class RecordingStream: StanzaStream {
    private let stanzas = Mutex<[Stanza]>([])
    private let parts = Mutex<[[UInt8]]>([])

    var sent: [Stanza] { stanzas.withLock { $0 } }

    /// What was said in messages, in order.
    var words: [String] {
        sent.compactMap { stanza in
            guard case .message(let message) = stanza else { return nil }
            return message.body
        }
    }

    /// What was written as it is, each time apart.
    var writes: [String] {
        parts.withLock { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    func send(_ stanza: Stanza) async throws(StreamClosed) {
        stanzas.withLock { $0.append(stanza) }
    }

    func write(_ bytes: [UInt8]) async throws(StreamClosed) {
        parts.withLock { $0.append(bytes) }
    }

    func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
        throw .timedOut
    }
}
