public import Storage
public import XMPP

/// What follows from a request, to be done once its transaction is committed.
public enum PubSubEffect: Hashable, Sendable {
    case reply(IQ)
    case message(Message)
    /// There are readers to send something to.
    case fanOutStarted(FanOutRowID)
    /// There are some who waited, and are to be sent it now.
    case readersDue
    /// Somebody is not to get any more what may be on its way to them: what was read of it already
    /// is to be read anew.
    case deliveryRecalled
}
