/// Whose last message from us is one of a certain fan-out, so that it can be corrected (XEP-0308 §5).
///
/// There is no record of who got what when: it follows from the fan-outs, from when each reader and we
/// have talked last, and from what was the newest fan-out when anything changed in what they get.
/// Where it is not certain it is not so, and the reader is told of the correction in a message of its
/// own: nor is it of those who are left out by what they have chosen, of whom nothing is kept for long.
enum LastMessage {
    /// The recipients of fan-out ?6 at node ?1 up to ?2 and after ?5, which corrects ?7, which began at
    /// ?9 and reached those up to ?8; the amount of those is that of a replacement whose last message
    /// it is.
    ///
    /// Busy are nodes of which anything else went out to chat readers since.
    static let recipientsPage = """
        WITH busy (node) AS MATERIALIZED (
            SELECT DISTINCT node FROM fanOut
            WHERE sendsChats AND id NOT IN (?6, ?7) AND (finishedAt IS NULL OR finishedAt >= ?9))
        SELECT id, jid, form, iif(
            \(isOfCorrected), '\(VariantKind.replacing)' || amount, amount) AS amount
        FROM subscription AS reader
        WHERE node = ?1 AND state = 'subscribed' AND id > ?5 AND id <= ?2 AND isDelivered
            AND suspendedAt IS NULL
            AND (expiresAt IS NULL OR expiresAt > ?3)
            AND NOT (\(Transaction.getsTheWhole))
        ORDER BY id
        """

    private static let isOfCorrected = """
        form = 'chat' AND id <= ?8 AND changedAfter < ?7 AND showValues IS NULL
            AND takesTranslations AND (conversationAt IS NULL OR conversationAt < ?9)
            AND (askedAt IS NULL OR askedAt < ?9)
            AND EXISTS (
                SELECT 1 FROM variant WHERE variant.fanOut = ?6 AND variant.form = 'chat'
                    AND variant.amount = '\(VariantKind.replacing)' || reader.amount)
            AND NOT EXISTS (
                SELECT 1 FROM deliveryException AS late
                WHERE late.jid = reader.jid AND (late.fanOut = ?7 OR late.triedAgainAt >= ?9))
            AND NOT EXISTS (
                SELECT 1 FROM subscription AS other
                WHERE other.jid = reader.jid AND other.form = 'chat'
                    AND other.node IN (SELECT node FROM busy))
        """
}
