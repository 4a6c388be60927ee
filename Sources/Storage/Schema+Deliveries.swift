/// How what is published reaches its readers, and how that went.
extension Schema {
    /// Deliveries: one row with a cursor each, and rows only for the readers who are exceptions.
    ///
    /// A variant's amount is empty where the form has none.
    static let fanOuts = """
        CREATE TABLE fanOut (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key BLOB NOT NULL UNIQUE,
            node INTEGER NOT NULL REFERENCES node ON DELETE CASCADE,
            scope TEXT NOT NULL,
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
        CREATE INDEX deliveryExceptionDue ON deliveryException (nextAttemptAt)
            WHERE nextAttemptAt IS NOT NULL;
        CREATE INDEX deliveryExceptionOnSubscription ON deliveryException (subscription);
        CREATE INDEX deliveryExceptionOnJID ON deliveryException (jid);
        """

    /// The messages after the first one, of a variant that is too large for one.
    ///
    /// Who counts variants, as for recipients, counts kinds and no parts.
    static let parts = """
        CREATE TABLE variantPart (
            fanOut INTEGER NOT NULL REFERENCES fanOut ON DELETE CASCADE,
            form TEXT NOT NULL,
            amount TEXT NOT NULL,
            part INTEGER NOT NULL,
            head BLOB NOT NULL,
            tail BLOB NOT NULL,
            PRIMARY KEY (fanOut, form, amount, part)
        ) STRICT;
        """

    /// How things were: readers of our nodes day by day, and how deliveries went on.
    ///
    /// A day is counted from 1970-01-01, in UTC.
    static let past = """
        CREATE TABLE readerDay (
            node INTEGER NOT NULL REFERENCES node ON DELETE CASCADE,
            day INTEGER NOT NULL,
            readers INTEGER NOT NULL,
            PRIMARY KEY (node, day)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE deliveryPoint (
            fanOut INTEGER NOT NULL REFERENCES fanOut ON DELETE CASCADE,
            at REAL NOT NULL,
            sent INTEGER NOT NULL,
            PRIMARY KEY (fanOut, at)
        ) STRICT, WITHOUT ROWID;
        """

    /// Which delivery another takes the messages back of, and what was said in rooms by which id.
    static let retractions = """
        ALTER TABLE fanOut ADD COLUMN retracts INTEGER REFERENCES fanOut ON DELETE SET NULL;
        CREATE TABLE announcement (
            newsletter TEXT NOT NULL,
            issue TEXT NOT NULL,
            language TEXT NOT NULL,
            room TEXT NOT NULL,
            message TEXT,
            PRIMARY KEY (newsletter, issue, language, room)
        ) STRICT, WITHOUT ROWID;
        """

    /// Whether a room has answered, and how many messages a reader got, which is known no more once
    /// the messages themselves are forgotten.
    static let answersAndParts = """
        ALTER TABLE announcement ADD COLUMN isAnswered INTEGER NOT NULL DEFAULT 1;
        CREATE TABLE severalMessages (
            fanOut INTEGER NOT NULL REFERENCES fanOut ON DELETE CASCADE,
            amount TEXT NOT NULL,
            parts INTEGER NOT NULL,
            PRIMARY KEY (fanOut, amount)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO severalMessages (fanOut, amount, parts)
        SELECT fanOut, amount, max(part) + 1 FROM variantPart WHERE form = 'chat'
        GROUP BY fanOut, amount;
        """

    /// By which service a delivery goes to many readers at once, empty where by none; and why that
    /// ended before the delivery did.
    static let multicast = """
        ALTER TABLE fanOut ADD COLUMN multicast TEXT;
        ALTER TABLE fanOut ADD COLUMN multicastEnd TEXT;
        """

    /// Whether anything was handed to that service; of those before nobody knows, and it was said.
    static let multicastUses = """
        ALTER TABLE fanOut ADD COLUMN usedMulticast INTEGER NOT NULL DEFAULT 0;
        UPDATE fanOut SET usedMulticast = 1 WHERE multicast <> '';
        """
}
