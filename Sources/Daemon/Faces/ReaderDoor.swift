import Component
import Readers
import XMPP

/// How readers come and go without a word: by adding a contact, and by registering.
struct ReaderDoor: Sendable {
    let contactBook: ContactBook
    let registration: Registration
    /// Is told who was there.
    let noteSign: @Sendable (_ person: JID) async -> Void
    /// Bytes of what may wait.
    let maximumLength: Int
    let queue: WorkQueue

    /// Takes it into the queue, behind what the same reader has written before.
    ///
    /// Presence that finds no place there, or is overlong, is lost; servers ask again.
    func receive(_ presence: Presence, at address: JID, on stream: any StanzaStream) {
        guard Stanza.presence(presence).holds(atMost: maximumLength) else { return }
        _ = queue.add {
            if let person = presence.from { await noteSign(person) }
            for stanza in await contactBook.receive(presence, at: address) {
                try? await stream.send(stanza)
            }
        }
    }

    /// Takes the request into the queue; returns the answer if there is no place in it.
    func receive(_ iq: IQ, at address: JID, on stream: any StanzaStream) -> Stanza? {
        guard Stanza.iq(iq).holds(atMost: maximumLength) else {
            return .iq(iq.reply(error: .commandTooLong(maximumLength)))
        }
        let isTaken = queue.add {
            if let person = iq.from { await noteSign(person) }
            // If the stream is over, so is the wait of those who asked.
            try? await stream.send(.iq(await registration.answer(iq, at: address)))
        }
        guard !isTaken else { return nil }
        return .iq(iq.reply(error: StanzaError(.resourceConstraint, type: .wait)))
    }
}
