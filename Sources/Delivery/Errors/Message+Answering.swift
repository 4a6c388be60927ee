public import XMPP

extension Message {
    /// Whether it has an id as our deliveries have, so that it may be an error that came back; it
    /// proves nothing.
    public var mayAnswerDelivery: Bool {
        id.map(StanzaIDCodec.canBeOurs) == true
    }
}
