import Foundation
import PubSubWire
import Storage
public import XMPP

/// Subscriptions to a node that have ended at once, be they all it had; and who is told of it.
///
/// It holds addresses. What is sent is made of them one after the other, and never all of it at a time.
public struct EndedSubscriptions: Hashable, Sendable {
    let node: NodeID
    /// Whose node it is.
    let domain: JID
    /// The owners who are told of each (`notify_sub`); none of them is among the readers, since owners
    /// stay.
    let owners: [JID]
    /// Whose subscriptions these were, each of whom is told.
    var readers: [JID] = []

    init(at node: NodeID, of domain: JID, owners: [JID]) {
        self.node = node
        self.domain = domain
        self.owners = owners
    }

    /// What all of them are told (XEP-0060 §12.14), made as it is asked for: a second time, the same with
    /// other stanza ids.
    public var messages: some Sequence<Message> {
        readers.lazy.flatMap { reader in
            [notice(of: reader, to: reader)] + owners.map { notice(of: reader, to: $0) }
        }
    }

    private func notice(of reader: JID, to person: JID) -> Message {
        let event = PubSubEvent.subscription(
            PubSubSubscription(node: node, jid: reader, state: .none)
        )
        return Message(notifying: person, of: [event.element], from: domain)
    }
}
