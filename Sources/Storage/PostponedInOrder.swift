internal import GRDB

/// Who is not among a fan-out's recipients, since they get it later or not at all, read along with
/// these in the order of their subscriptions: each once, however many pages there are.
struct PostponedInOrder {
    private let rows: RowCursor
    private var next: Int64?

    init(of fanOut: FanOutRowID, after cursor: SubscriptionRowID, in database: Database) throws {
        rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT subscription FROM deliveryException
                    WHERE fanOut = ? AND subscription > ? AND attempts = 0 ORDER BY subscription
                    """
            ),
            arguments: [fanOut.rawValue, cursor.rawValue]
        )
        try advance()
    }

    /// Whether anybody comes who was not asked for yet.
    var isAnybodyLeft: Bool { next != nil }

    /// Whether it is one of them; to be asked with one greater number after the other.
    mutating func contains(_ subscription: Int64) throws -> Bool {
        while let each = next, each < subscription { try advance() }
        return next == subscription
    }

    private mutating func advance() throws {
        next = try rows.next().map { $0[0] }
    }
}
