import Component
import Delivery
import PubSub
import XML
import XMPP

/// Takes what follows from requests to where it goes: answers to the stream, events to delivery.
struct Outbox: Sendable {
    let dispatcher: Dispatcher
    let metrics: ServiceMetrics

    /// Sends all in one write.
    ///
    /// If the stream is over, so is the wait of those who asked.
    nonisolated(nonsending) func carryOut(
        _ effects: [PubSubEffect],
        on stream: any StanzaStream
    ) async {
        var answers = AnswerWriter()
        var isDeliveryDue = false
        for effect in effects {
            switch effect {
            case .reply(let iq): answers.write(iq)
            case .message(let message): answers.write(message)
            case .fanOutStarted, .readersDue: isDeliveryDue = true
            }
        }
        metrics.stanzasSent.increment(by: answers.count)
        if !answers.bytes.isEmpty { try? await stream.write(answers.bytes) }
        if isDeliveryDue { await dispatcher.wake() }
    }
}

/// Writes the stanzas of one batch; what the same question is answered with is written once.
struct AnswerWriter {
    private var writer = Writer()
    /// What the answer before held, and where it stands.
    private var previous: (payload: Element, place: Range<Int>)?

    var bytes: [UInt8] { writer.bytes }
    private(set) var count = 0

    mutating func write(_ message: Message) {
        count += 1
        writer.write(message.element(), inheriting: .componentAccept)
    }

    mutating func write(_ iq: IQ) {
        count += 1
        let element = iq.element()
        guard let payload = iq.payload, iq.error == nil else {
            writer.write(element, inheriting: .componentAccept)
            return
        }
        var previous = previous
        writer.write(element, inheriting: .componentAccept) { writer, inForce in
            if let known = previous, known.payload == payload {
                writer.write(again: known.place)
            } else {
                let start = writer.bytes.count
                writer.write(payload, inheriting: inForce)
                previous = (payload, start..<writer.bytes.count)
            }
        }
        self.previous = previous
    }
}
