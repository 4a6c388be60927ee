import Storage

/// The ids that readers share where one stanza goes to many of them (XEP-0033).
///
/// What readers share follows from their subscriptions alone, so that a second copy has the id of the
/// first one however the stanzas were put together, and whether by a service or not; and an id leads
/// back to a few readers, one of whom an error must come from.
extension StanzaIDCodec.Place {
    /// Readers whose subscriptions differ in so many last bits share an id.
    ///
    /// Where one subscription of five is the node's, as many as this still fill three stanzas of 20.
    private static let sharedBits: Int64 = 8
    /// No subscription has such a number: the word has 56 bits for it.
    private static let mark: Int64 = 1 << 55

    /// The place of all who share an id with that reader.
    static func shared(by reader: SubscriptionRowID) -> Self {
        Self(subscription: SubscriptionRowID(rawValue: mark | reader.rawValue >> sharedBits))
    }

    /// The subscriptions that share the place; nil if it is a single one's.
    var sharers: ClosedRange<Int64>? {
        let number = subscription.rawValue
        guard number & Self.mark != 0, part == 0 else { return nil }
        let group = number & ~Self.mark
        guard group < 1 << (55 - Self.sharedBits) else { return nil }
        let first = group << Self.sharedBits
        return first...(first + (1 << Self.sharedBits) - 1)
    }
}
