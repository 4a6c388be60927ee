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
    /// If the stream is over, so is the wait of those who asked, and nobody else is told any more.
    nonisolated(nonsending) func carryOut(
        _ effects: [PubSubEffect],
        on stream: any StanzaStream
    ) async {
        // What is not for somebody any more is not to go out while they are told so.
        if effects.contains(.deliveryRecalled) { await dispatcher.wake() }
        await write(effects, to: stream)
        let isDeliveryDue = effects.contains { effect in
            switch effect {
            case .fanOutStarted, .readersDue: true
            case .reply, .message, .subscriptionsEnded, .deliveryRecalled: false
            }
        }
        if isDeliveryDue { await dispatcher.wake() }
    }

    private nonisolated(nonsending) func write(
        _ effects: [PubSubEffect],
        to stream: any StanzaStream
    ) async {
        var answers = AnswerWriter(longest: longestStanza)
        for effect in effects {
            switch effect {
            case .reply(let iq): answers.write(iq)
            case .message(let message): answers.write(message)
            case .subscriptionsEnded(let ended):
                for message in ended.messages {
                    answers.write(message)
                    guard await writePortion(&answers, to: stream) else { return }
                }
            case .fanOutStarted, .readersDue, .deliveryRecalled: break
            }
            guard await writePortion(&answers, to: stream) else { return }
        }
        _ = await write(answers, to: stream)
    }

    /// Begins anew if there is enough to be written; false if the stream is over.
    private nonisolated(nonsending) func writePortion(
        _ answers: inout AnswerWriter,
        to stream: any StanzaStream
    ) async -> Bool {
        guard answers.bytes.count >= portionSize else { return true }
        defer { answers = AnswerWriter(longest: longestStanza) }
        return await write(answers, to: stream)
    }

    private nonisolated(nonsending) func write(
        _ answers: AnswerWriter,
        to stream: any StanzaStream
    ) async -> Bool {
        guard !answers.bytes.isEmpty else { return true }
        do {
            try await stream.write(answers.bytes)
        } catch {
            return false
        }
        metrics.stanzasSent.increment(by: answers.count)
        return true
    }
}
