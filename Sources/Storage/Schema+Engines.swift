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

    /// Readers on their way there or back, and whole newsletters.
    ///
    /// `local` may be the id of a subscription that is over, which is what that means.
    static let engineReaders = """
        CREATE TABLE engineReader (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            newsletter TEXT NOT NULL,
            service TEXT NOT NULL,
            nodeName TEXT NOT NULL,
            jid TEXT NOT NULL,
            isSubscribed INTEGER NOT NULL,
            local INTEGER,
            isMove INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            lastOperation INTEGER NOT NULL,
            createdAt REAL NOT NULL
        ) STRICT;
        CREATE INDEX engineReaderOnJID ON engineReader (jid);
        CREATE TABLE engineMove (
            newsletter TEXT PRIMARY KEY,
            service TEXT NOT NULL,
            isLeavingHome INTEGER NOT NULL,
            phase TEXT NOT NULL,
            reason TEXT,
            nodeName TEXT,
            cursor INTEGER NOT NULL DEFAULT 0,
            moved INTEGER NOT NULL DEFAULT 0,
            startedAt REAL NOT NULL
        ) STRICT;
        """

    /// Why a move does not go on, and since when; and a way past readers who were refused, who may be
    /// many.
    static let engineObstacles = """
        ALTER TABLE engineMove ADD COLUMN obstacle TEXT;
        ALTER TABLE engineMove ADD COLUMN obstacleSince REAL;
        CREATE INDEX engineReaderOnState ON engineReader (newsletter, service, id)
            WHERE state <> 'refused';
        """
}
