import Component
import Delivery
import PubSub
import XMPP

/// Takes what follows from requests to where it goes: answers to the stream, events to delivery.
struct Outbox: Sendable {
    let dispatcher: Dispatcher
    let metrics: ServiceMetrics
    /// In bytes; the server would end the stream for a longer one.
    let longestStanza: Int

    /// Sends all in one write.
    ///
    /// If the stream is over, so is the wait of those who asked.
    nonisolated(nonsending) func carryOut(
        _ effects: [PubSubEffect],
        on stream: any StanzaStream
    ) async {
        var answers = AnswerWriter(longest: longestStanza)
        var isDeliveryDue = false
        for effect in effects {
            switch effect {
            case .reply(let iq): answers.write(iq)
            case .message(let message): answers.write(message)
            case .fanOutStarted, .readersDue, .deliveryRecalled: isDeliveryDue = true
            }
        }
        metrics.stanzasSent.increment(by: answers.count)
        if !answers.bytes.isEmpty { try? await stream.write(answers.bytes) }
        if isDeliveryDue { await dispatcher.wake() }
    }
}
