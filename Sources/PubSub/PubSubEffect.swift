public import Storage
import XML
public import XMPP

/// What follows from a request, to be done once its transaction is committed.
public enum PubSubEffect: Hashable, Sendable {
    case reply(IQ)
    case message(Message)
    /// Those are told whose subscriptions have ended all at once.
    case subscriptionsEnded(EndedSubscriptions)
    /// There are readers to send something to.
    case fanOutStarted(FanOutRowID)
    /// There are some who waited, and are to be sent it now.
    case readersDue
    /// Somebody is not to get any more what may be on its way to them: what was read of it already
    /// is to be read anew.
    case deliveryRecalled
}

extension PubSubEffect {
    /// About how many bytes are sent with it to those who have not asked; how large a reply is says
    /// who made it.
    public var size: Int {
        switch self {
        case .message(let message): message.size
        case .subscriptionsEnded(let ended): ended.size
        case .reply, .fanOutStarted, .readersDue, .deliveryRecalled: 0
        }
    }
}

extension EndedSubscriptions {
    fileprivate var size: Int {
        let one = messages.first { _ in true }
        return (one?.size ?? 0) * readers.count * (1 + owners.count)
    }
}

extension Message {
    fileprivate var size: Int { children.reduce(0) { $0 + $1.size } }
}

extension Element {
    /// About how many bytes are written for it.
    fileprivate var size: Int {
        var size = 2 * name.utf8.count + 5
        for attribute in attributes {
            size += attribute.name.rawValue.utf8.count + attribute.value.utf8.count + 4
        }
        for child in children {
            switch child {
            case .text(let text): size += text.utf8.count
            case .element(let element): size += element.size
            }
        }
        return size
    }
}
