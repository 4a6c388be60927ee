/// What is to be done at other PubSub services.
extension Schema {
    /// Without a payload an item is to be taken back.
    static let engineOperations = """
        CREATE TABLE engineOperation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            newsletter TEXT NOT NULL,
            service TEXT NOT NULL,
            nodeName TEXT NOT NULL,
            itemName TEXT NOT NULL,
            payload BLOB,
            state TEXT NOT NULL,
            reason TEXT,
            createdAt REAL NOT NULL,
            isEarlier INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX engineOperationOnItem
            ON engineOperation (newsletter, service, nodeName, itemName);
        """

    /// How much of an item goes with the event about it.
    static let eventPayload = """
        ALTER TABLE node ADD COLUMN eventPayload TEXT NOT NULL DEFAULT 'full';
        """
}
