public import XML

/// When a stanza was first sent, on one that was kept (XEP-0203).
public struct Delay: Hashable, Sendable {
    public var stamp: DateTime
    public var from: JID?

    public init(stamp: DateTime, from: JID? = nil) {
        self.stamp = stamp
        self.from = from
    }

    public var element: Element {
        Element("delay", in: .delay, ["from": from?.description, "stamp": stamp.description])
    }
}

extension Message {
    /// Whether the message was kept somewhere before it was delivered.
    ///
    /// A stamp that can't be read still says so.
    public var isDelayed: Bool {
        child("delay", in: .delay) != nil
    }
}
