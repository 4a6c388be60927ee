import Component
import Delivery
import PubSub
import XML
import XMPP

/// Takes what follows from requests to where it goes: answers to the stream, events to delivery.
struct Outbox: Sendable {
    let dispatcher: Dispatcher

    /// Sends all in one write.
    ///
    /// If the stream is over, so is the wait of those who asked.
    func carryOut(_ effects: [PubSubEffect], on stream: any StanzaStream) async {
        var writer = Writer()
        var isDeliveryDue = false
        for effect in effects {
            switch effect {
            case .reply(let iq): writer.write(iq.element(), inheriting: .componentAccept)
            case .message(let message):
                writer.write(message.element(), inheriting: .componentAccept)
            case .fanOutStarted: isDeliveryDue = true
            }
        }
        if !writer.bytes.isEmpty { try? await stream.write(writer.bytes) }
        if isDeliveryDue { await dispatcher.wake() }
    }
}
