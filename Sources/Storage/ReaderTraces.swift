internal import GRDB
public import XMPP

/// What deliveries have left behind of a reader.
extension Transaction {
    /// How often something could not be delivered to this address or its resources.
    public func exceptionCount(of reader: JID) throws -> Int {
        let bare = reader.bare.description
        return try count(
            """
            SELECT COUNT(*) FROM deliveryException
            WHERE kind = 'failed' AND (jid = ?1 OR (jid > ?2 AND jid < ?3))
            """,
            [bare, bare + "/", bare + "0"]
        )
    }

    /// Forgets that.
    public func forgetExceptions(of reader: JID) throws {
        let bare = reader.bare.description
        try run(
            "DELETE FROM deliveryException WHERE jid = ?1 OR (jid > ?2 AND jid < ?3)",
            [bare, bare + "/", bare + "0"]
        )
    }
}
