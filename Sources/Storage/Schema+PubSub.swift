/// What makes a PubSub service.
extension Schema {
    /// Nodes with what is in them and who reads them.
    ///
    /// A name is free again as soon as its node is deleted, though the row may stay for the notice
    /// of that. What is asked for often is counted as it changes, by triggers, so no way in can
    /// forget it: subscribers and items of a node, and those of its readers who are sent something, by
    /// the variant they get. (Later on, whoever adds readers counts them: ``AddedReaders``.)
    ///
    /// A subscription's id is never used again (AUTOINCREMENT), since a fan-out's cursor and the
    /// ids of its stanzas stand on it.
    static let pubsub = """
        CREATE TABLE node (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            newsletter TEXT,
            isHidden INTEGER NOT NULL,
            creator TEXT,
            createdAt REAL NOT NULL,
            deletedAt REAL,
            title TEXT NOT NULL,
            description TEXT NOT NULL,
            language TEXT,
            type TEXT NOT NULL,
            contacts TEXT NOT NULL,
            accessModel TEXT NOT NULL,
            publishModel TEXT NOT NULL,
            maxItems INTEGER,
            fullNodePolicy TEXT NOT NULL,
            itemExpiry INTEGER,
            maxPayloadSize INTEGER,
            persistsItems INTEGER NOT NULL,
            deliversNotifications INTEGER NOT NULL,
            deliversPayloads INTEGER NOT NULL,
            notificationType TEXT NOT NULL,
            lastItemPolicy TEXT NOT NULL,
            itemReply TEXT NOT NULL,
            notifiesOfConfiguration INTEGER NOT NULL,
            notifiesOfDeletion INTEGER NOT NULL,
            notifiesOfRetraction INTEGER NOT NULL,
            notifiesOwners INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX nodeName ON node (name) WHERE deletedAt IS NULL;
        CREATE INDEX nodeCreator ON node (creator) WHERE creator IS NOT NULL;
        CREATE INDEX nodeDeleted ON node (deletedAt) WHERE deletedAt IS NOT NULL;

        CREATE TABLE redirect (
            name TEXT NOT NULL PRIMARY KEY,
            uri TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

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
        CREATE INDEX itemOnCreation ON item (node, id);
        CREATE VIRTUAL TABLE itemText USING fts5 (
            words, tokenize = 'unicode61 remove_diacritics 2'
        );

        CREATE TABLE subscription (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            node INTEGER NOT NULL REFERENCES node ON DELETE CASCADE,
            jid TEXT NOT NULL,
            state TEXT NOT NULL,
            form TEXT NOT NULL,
            amount TEXT NOT NULL,
            isDelivered INTEGER NOT NULL,
            expiresAt REAL,
            isPublic INTEGER NOT NULL DEFAULT 0,
            suspendedAt REAL,
            createdAt REAL NOT NULL,
            UNIQUE (jid, node)
        ) STRICT;
        CREATE INDEX subscriptionOnNode ON subscription (node, state);
        CREATE INDEX subscriptionExpiry ON subscription (expiresAt) WHERE expiresAt IS NOT NULL;
        CREATE INDEX subscriptionSuspended ON subscription (node) WHERE suspendedAt IS NOT NULL;
        CREATE INDEX subscriptionPublic ON subscription (node) WHERE isPublic;

        CREATE TABLE nodeCount (
            node INTEGER PRIMARY KEY REFERENCES node ON DELETE CASCADE,
            subscribers INTEGER NOT NULL DEFAULT 0,
            items INTEGER NOT NULL DEFAULT 0,
            lastSequence INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TRIGGER subscriptionAdded AFTER INSERT ON subscription
        WHEN new.state = 'subscribed' BEGIN
            UPDATE nodeCount SET subscribers = subscribers + 1 WHERE node = new.node;
        END;
        CREATE TRIGGER subscriptionEnded AFTER DELETE ON subscription
        WHEN old.state = 'subscribed' BEGIN
            UPDATE nodeCount SET subscribers = subscribers - 1 WHERE node = old.node;
        END;
        CREATE TRIGGER subscriptionMoved AFTER UPDATE OF state ON subscription
        WHEN (old.state = 'subscribed') <> (new.state = 'subscribed') BEGIN
            UPDATE nodeCount SET subscribers = subscribers + iif(new.state = 'subscribed', 1, -1)
            WHERE node = new.node;
        END;
        CREATE TABLE readerCount (
            node INTEGER NOT NULL REFERENCES node ON DELETE CASCADE,
            form TEXT NOT NULL,
            amount TEXT NOT NULL,
            readers INTEGER NOT NULL,
            PRIMARY KEY (node, form, amount)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER readerAdded AFTER INSERT ON subscription
        WHEN new.state = 'subscribed' AND new.isDelivered AND new.suspendedAt IS NULL BEGIN
            INSERT INTO readerCount
            VALUES (new.node, new.form, iif(new.form = 'chat', new.amount, ''), 1)
            ON CONFLICT DO UPDATE SET readers = readers + 1;
        END;
        CREATE TRIGGER readerEnded AFTER DELETE ON subscription
        WHEN old.state = 'subscribed' AND old.isDelivered AND old.suspendedAt IS NULL BEGIN
            UPDATE readerCount SET readers = readers - 1
            WHERE node = old.node AND form = old.form
                AND amount = iif(old.form = 'chat', old.amount, '');
        END;
        CREATE TRIGGER readerChanged
        AFTER UPDATE OF state, form, amount, isDelivered, suspendedAt ON subscription BEGIN
            UPDATE readerCount SET readers = readers - 1
            WHERE old.state = 'subscribed' AND old.isDelivered AND old.suspendedAt IS NULL
                AND node = old.node AND form = old.form
                AND amount = iif(old.form = 'chat', old.amount, '');
            INSERT INTO readerCount
            SELECT new.node, new.form, iif(new.form = 'chat', new.amount, ''), 1
            WHERE new.state = 'subscribed' AND new.isDelivered AND new.suspendedAt IS NULL
            ON CONFLICT DO UPDATE SET readers = readers + 1;
        END;
        CREATE TRIGGER itemAdded AFTER INSERT ON item BEGIN
            UPDATE nodeCount SET items = items + 1 WHERE node = new.node;
        END;
        CREATE TRIGGER itemRemoved AFTER DELETE ON item BEGIN
            DELETE FROM itemText WHERE rowid = old.id;
            UPDATE nodeCount SET items = items - 1 WHERE node = old.node;
        END;

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
}
