internal import GRDB

/// The tables, and how an older database comes to have them.
///
/// A migration that was released is never edited: later changes are migrations of their own, and
/// their names tell an older program that it must not open the file.
///
/// Moments are seconds since 1970; addresses are in the one form RFC 7622 gives them.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 nodes, readers, publications, fan-outs") { database in
            try database.execute(sql: pubsub)
            try database.execute(sql: publications)
            try database.execute(sql: fanOuts)
        }
        return migrator
    }

    /// Nodes with what is in them and who reads them.
    ///
    /// A subscription's id is never used again (AUTOINCREMENT), since a fan-out's cursor and the
    /// ids of its stanzas stand on it.
    private static let pubsub = """
        CREATE TABLE node (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            newsletter TEXT,
            language TEXT,
            title TEXT NOT NULL,
            description TEXT NOT NULL,
            type TEXT NOT NULL,
            accessModel TEXT NOT NULL DEFAULT 'open',
            isHidden INTEGER NOT NULL DEFAULT 0,
            owner TEXT,
            createdAt REAL NOT NULL
        ) STRICT;

        CREATE TABLE item (
            id INTEGER PRIMARY KEY,
            node INTEGER NOT NULL REFERENCES node ON DELETE CASCADE,
            name TEXT NOT NULL,
            publisher TEXT NOT NULL,
            payload BLOB NOT NULL,
            publishedAt REAL NOT NULL,
            updatedAt REAL NOT NULL,
            sequence INTEGER NOT NULL,
            UNIQUE (node, name),
            UNIQUE (node, sequence)
        ) STRICT;

        CREATE TABLE subscription (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            node INTEGER NOT NULL REFERENCES node ON DELETE CASCADE,
            jid TEXT NOT NULL,
            state TEXT NOT NULL,
            form TEXT NOT NULL,
            amount TEXT NOT NULL,
            createdAt REAL NOT NULL,
            UNIQUE (jid, node)
        ) STRICT;
        CREATE INDEX subscriptionOnNode ON subscription (node, state);

        CREATE TABLE affiliation (
            node INTEGER NOT NULL REFERENCES node ON DELETE CASCADE,
            jid TEXT NOT NULL,
            affiliation TEXT NOT NULL,
            PRIMARY KEY (node, jid)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX affiliationOnJID ON affiliation (jid);

        CREATE TABLE setting (
            key TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// The ledger: which issue is where, in which wording.
    ///
    /// Its node is a name, since it may be another service's.
    private static let publications = """
        CREATE TABLE publication (
            id INTEGER PRIMARY KEY,
            newsletter TEXT NOT NULL,
            issue TEXT NOT NULL,
            language TEXT NOT NULL,
            fileName TEXT NOT NULL,
            nodeName TEXT NOT NULL,
            itemName TEXT NOT NULL,
            atomID TEXT NOT NULL,
            title TEXT NOT NULL,
            contentHash TEXT NOT NULL,
            state TEXT NOT NULL,
            publishedAt REAL NOT NULL,
            updatedAt REAL NOT NULL,
            fullText TEXT NOT NULL,
            shortText TEXT NOT NULL,
            linkText TEXT NOT NULL,
            leadText TEXT NOT NULL,
            UNIQUE (newsletter, issue, language)
        ) STRICT;
        CREATE INDEX publicationOnFileName ON publication (newsletter, fileName);
        """

    /// Deliveries: one row with a cursor each, and rows only for the readers who are exceptions.
    ///
    /// A variant's amount is empty where the form has none.
    private static let fanOuts = """
        CREATE TABLE fanOut (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key BLOB NOT NULL UNIQUE,
            node INTEGER NOT NULL REFERENCES node ON DELETE CASCADE,
            itemName TEXT NOT NULL,
            audience TEXT NOT NULL,
            cursor INTEGER NOT NULL DEFAULT 0,
            lastSubscription INTEGER NOT NULL,
            state TEXT NOT NULL,
            total INTEGER NOT NULL,
            sent INTEGER NOT NULL DEFAULT 0,
            createdAt REAL NOT NULL,
            finishedAt REAL,
            note TEXT
        ) STRICT;
        CREATE INDEX fanOutOnNode ON fanOut (node, itemName);
        CREATE INDEX fanOutUnfinished ON fanOut (id)
            WHERE state IN ('waiting', 'running', 'held');

        CREATE TABLE variant (
            fanOut INTEGER NOT NULL REFERENCES fanOut ON DELETE CASCADE,
            form TEXT NOT NULL,
            amount TEXT NOT NULL,
            head BLOB NOT NULL,
            tail BLOB NOT NULL,
            PRIMARY KEY (fanOut, form, amount)
        ) STRICT;

        CREATE TABLE acknowledgement (
            fanOut INTEGER NOT NULL REFERENCES fanOut ON DELETE CASCADE,
            cursor INTEGER NOT NULL,
            sent INTEGER NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (fanOut, cursor)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX acknowledgementAt ON acknowledgement (at);

        CREATE TABLE deliveryException (
            fanOut INTEGER NOT NULL REFERENCES fanOut ON DELETE CASCADE,
            subscription INTEGER NOT NULL,
            jid TEXT NOT NULL,
            kind TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            nextAttemptAt REAL,
            condition TEXT NOT NULL,
            recordedAt REAL NOT NULL,
            PRIMARY KEY (fanOut, subscription)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deliveryExceptionOnJID ON deliveryException (jid);
        """
}
