internal import GRDB
public import XMPP

/// What deliveries have left behind of a reader.
extension Transaction {
    /// How often something could not be delivered to this address or its resources.
    public func exceptionCount(of reader: JID) throws -> Int {
        try count(
            "SELECT COUNT(*) FROM deliveryException WHERE kind = 'failed' AND \(Self.isOfReader)",
            [reader.bare.description]
        )
    }

    /// Forgets that.
    public func forgetExceptions(of reader: JID) throws {
        try run(
            "DELETE FROM deliveryException WHERE \(Self.isOfReader)",
            [reader.bare.description]
        )
    }

    /// Whether a row's `jid` is the bare address ?1 or one of its resources: '0' is the character
    /// after '/'.
    static let isOfReader = "(jid = ?1 OR jid > ?1 || '/' AND jid < ?1 || '0')"
}
