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
        migrator.registerMigration("2 history of publications, log of commands") { database in
            try database.execute(sql: history)
        }
        migrator.registerMigration("3 contacts and pauses of readers") { database in
            try database.execute(sql: readers)
        }
        migrator.registerMigration("4 messages in several parts") { database in
            try database.execute(sql: parts)
        }
        migrator.registerMigration("5 sections as items of their own") { database in
            try database.execute(sql: topics)
        }
        migrator.registerMigration("6 workflow of issues") { database in
            try database.execute(sql: workflow)
        }
        migrator.registerMigration("7 approvals of issues") { database in
            try database.execute(sql: approvals)
        }
        migrator.registerMigration("8 collected news") { database in
            try database.execute(sql: news)
        }
        migrator.registerMigration("9 days of readers, points of deliveries") { database in
            try database.execute(sql: past)
        }
        migrator.registerMigration("10 what deliveries take back, announcements") { database in
            try database.execute(sql: retractions)
        }
        migrator.registerMigration("11 rooms that read") { database in
            try database.execute(sql: rooms)
        }
        migrator.registerMigration("12 quiet hours of readers") { database in
            try database.execute(sql: quietHours)
        }
        migrator.registerMigration("13 when readers were tried again") { database in
            try database.execute(sql: "ALTER TABLE deliveryException ADD COLUMN triedAgainAt REAL")
        }
        migrator.registerMigration("14 answers to announcements, parts of messages") { database in
            try database.execute(sql: answersAndParts)
        }
        migrator.registerMigration("15 conversations, corrections, later translations") {
            database in
            try database.execute(sql: conversations)
        }
        migrator.registerMigration("16 readers who are busy") { database in
            try database.execute(sql: busyReaders)
        }
        migrator.registerMigration("17 idle readers") { database in
            try database.execute(sql: idleReaders)
        }
        migrator.registerMigration("18 presence, and since when readers are sent something") {
            database in
            try database.execute(sql: presence)
        }
        migrator.registerMigration("19 operations at other services") { database in
            try database.execute(sql: engineOperations)
        }
        return migrator
    }

    /// Nodes with what is in them and who reads them.
    ///
    /// A name is free again as soon as its node is deleted, though the row may stay for the notice
    /// of that. What is asked for often is counted as it changes, by triggers, so no way in can
    /// forget it: subscribers and items of a node, and those of its readers who are sent something, by
    /// the variant they get.
    ///
    /// A subscription's id is never used again (AUTOINCREMENT), since a fan-out's cursor and the
    /// ids of its stanzas stand on it.
    private static let pubsub = """
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

    /// What is known of readers beside their subscriptions: who has which of our addresses among
    /// their contacts, and what is to begin again when.
    ///
    /// Whoever lets a subscription send again, by whichever way, ends its pause.
    private static let readers = """
        CREATE TABLE contact (
            jid TEXT NOT NULL,
            address TEXT NOT NULL,
            addedAt REAL NOT NULL,
            PRIMARY KEY (jid, address)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE pause (
            subscription INTEGER PRIMARY KEY REFERENCES subscription ON DELETE CASCADE,
            until REAL NOT NULL
        ) STRICT;
        CREATE INDEX pauseUntil ON pause (until);
        CREATE TRIGGER pauseEnded AFTER UPDATE OF isDelivered ON subscription
        WHEN new.isDelivered BEGIN
            DELETE FROM pause WHERE subscription = new.id;
        END;
        """

    /// How things were: readers of our nodes day by day, and how deliveries went on.
    ///
    /// A day is counted from 1970-01-01, in UTC.
    private static let past = """
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

    /// The messages after the first one, of a variant that is too large for one.
    ///
    /// Who counts variants, as for recipients, counts kinds and no parts.
    private static let parts = """
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

    /// Sections as items of their own: what the ledger has of them, and whose readers a delivery
    /// leaves out, since they get the whole issue.
    private static let topics = """
        CREATE TABLE topicPublication (
            id INTEGER PRIMARY KEY,
            newsletter TEXT NOT NULL,
            issue TEXT NOT NULL,
            language TEXT NOT NULL,
            section TEXT NOT NULL,
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
            UNIQUE (newsletter, issue, language, section)
        ) STRICT;
        ALTER TABLE fanOut ADD COLUMN wholeNode INTEGER REFERENCES node ON DELETE SET NULL;
        """

    /// How far each issue has come, how it came there, and what rooms are to hear of it.
    ///
    /// What was published is in the ledger alone; an issue without a row is as far as that says.
    private static let workflow = """
        CREATE TABLE workflow (
            newsletter TEXT NOT NULL,
            issue TEXT NOT NULL,
            state TEXT NOT NULL,
            resumes TEXT,
            files TEXT,
            dueAt REAL,
            zone TEXT,
            languages TEXT,
            person TEXT,
            place TEXT,
            identity TEXT,
            PRIMARY KEY (newsletter, issue),
            CHECK ((state = 'scheduled') = (dueAt IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX workflowState ON workflow (state, dueAt);

        CREATE TABLE workflowStep (
            id INTEGER PRIMARY KEY,
            newsletter TEXT NOT NULL,
            issue TEXT NOT NULL,
            at REAL NOT NULL,
            person TEXT NOT NULL,
            place TEXT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            note TEXT
        ) STRICT;
        CREATE INDEX workflowStepOnIssue ON workflowStep (newsletter, issue);

        CREATE TABLE roomNotice (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            newsletter TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        """

    /// Who lets which file go out as it is.
    private static let approvals = """
        CREATE TABLE approval (
            newsletter TEXT NOT NULL,
            issue TEXT NOT NULL,
            language TEXT NOT NULL,
            identity TEXT NOT NULL,
            name TEXT NOT NULL,
            contentHash TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (newsletter, issue, language, identity)
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

    /// What editors did: to each publication, and by commands of any kind.
    ///
    /// Of what was published before there was a history, the last version begins it.
    private static let history = """
        CREATE TABLE publicationVersion (
            id INTEGER PRIMARY KEY,
            newsletter TEXT NOT NULL,
            issue TEXT NOT NULL,
            language TEXT NOT NULL,
            kind TEXT NOT NULL,
            at REAL NOT NULL,
            title TEXT NOT NULL,
            contentHash TEXT NOT NULL,
            fullText TEXT NOT NULL,
            person TEXT,
            note TEXT
        ) STRICT;
        CREATE INDEX publicationVersionOnIssue ON publicationVersion (newsletter, issue);
        INSERT INTO publicationVersion
            (newsletter, issue, language, kind, at, title, contentHash, fullText)
        SELECT newsletter, issue, language, state, updatedAt, title, contentHash, fullText
        FROM publication ORDER BY updatedAt, id;

        CREATE TABLE commandLog (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at REAL NOT NULL,
            person TEXT NOT NULL,
            place TEXT NOT NULL,
            newsletter TEXT,
            line TEXT NOT NULL,
            outcome TEXT NOT NULL
        ) STRICT;
        """

    /// Deliveries: one row with a cursor each, and rows only for the readers who are exceptions.
    ///
    /// A variant's amount is empty where the form has none.
    private static let fanOuts = """
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

    /// What was collected for issues to come; a number that people used is never used again.
    private static let news = """
        CREATE TABLE newsItem (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            newsletter TEXT NOT NULL,
            section TEXT,
            address TEXT NOT NULL,
            addressKey TEXT NOT NULL,
            text TEXT NOT NULL,
            contributor TEXT,
            collector TEXT NOT NULL,
            collectedAt REAL NOT NULL,
            issue TEXT,
            UNIQUE (newsletter, addressKey)
        ) STRICT;
        """
}
