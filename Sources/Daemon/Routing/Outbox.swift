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
    /// About how many bytes are made before they are written.
    var portionSize = TrafficLimits().answerBytes

    /// Sends all in one write, or in portions where there is much: what a thousand people are told at
    /// once does not wait in memory.
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
            case .subscriptionsEnded(let ended):
                for message in ended.messages {
                    answers.write(message)
                    await writePortion(&answers, to: stream)
                }
            case .fanOutStarted, .readersDue, .deliveryRecalled: isDeliveryDue = true
            }
            await writePortion(&answers, to: stream)
        }
        await write(answers, to: stream)
        if isDeliveryDue { await dispatcher.wake() }
    }

    /// Begins anew if there is enough to be written.
    private nonisolated(nonsending) func writePortion(
        _ answers: inout AnswerWriter,
        to stream: any StanzaStream
    ) async {
        guard answers.bytes.count >= portionSize else { return }
        await write(answers, to: stream)
        answers = AnswerWriter(longest: longestStanza)
    }

    private nonisolated(nonsending) func write(
        _ answers: AnswerWriter,
        to stream: any StanzaStream
    ) async {
        metrics.stanzasSent.increment(by: answers.count)
        if !answers.bytes.isEmpty { try? await stream.write(answers.bytes) }
    }
}
