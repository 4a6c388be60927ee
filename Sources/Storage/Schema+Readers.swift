/// What readers have told us and chosen, and when they were there.
extension Schema {
    /// What is known of readers beside their subscriptions: who has which of our addresses among
    /// their contacts, and what is to begin again when.
    ///
    /// Whoever lets a subscription send again, by whichever way, ends its pause.
    static let readers = """
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

    /// Rooms among the readers are few, and looked for at each start.
    static let rooms = """
        CREATE INDEX subscriptionOfRoom ON subscription (jid) WHERE form = 'room';
        """

    /// What waits until they are over is a retry that has not been tried.
    static let quietHours = """
        CREATE TABLE quietHours (
            jid TEXT NOT NULL PRIMARY KEY,
            start INTEGER NOT NULL,
            end INTEGER NOT NULL,
            zone TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deliveryPostponed ON deliveryException (fanOut) WHERE attempts = 0;
        """

    /// Of a delivery that corrects another, which that is; and whether it sends anything to chat readers,
    /// so that what went out before is not our last message to them.
    ///
    /// Readers who do not want a translation after the original are few, and looked for when one
    /// comes. Those there are already may have talked with us after the last delivery.
    static let conversations = """
        ALTER TABLE subscription ADD COLUMN conversationAt REAL;
        UPDATE subscription SET conversationAt = unixepoch() WHERE form = 'chat';
        ALTER TABLE subscription ADD COLUMN takesTranslations INTEGER NOT NULL DEFAULT 1;
        CREATE INDEX subscriptionWithoutTranslations ON subscription (node)
            WHERE NOT takesTranslations;
        ALTER TABLE fanOut ADD COLUMN corrects INTEGER REFERENCES fanOut ON DELETE SET NULL;
        ALTER TABLE fanOut ADD COLUMN sendsChats INTEGER NOT NULL DEFAULT 1;
        """

    /// Until when somebody is not to be disturbed, as far as that is known.
    static let busyReaders = """
        CREATE TABLE doNotDisturb (
            jid TEXT NOT NULL PRIMARY KEY, until REAL
        ) STRICT, WITHOUT ROWID;
        """

    /// When a reader in a chat was seen last, and asked whether they still read.
    static let idleReaders = """
        ALTER TABLE subscription ADD COLUMN signAt REAL;
        ALTER TABLE subscription ADD COLUMN askedAt REAL;
        CREATE INDEX subscriptionAsked ON subscription (askedAt)
            WHERE askedAt IS NOT NULL;
        """

    /// What clients show of themselves, and what depends on it; and the newest delivery after which a
    /// chat reader, or what else the same person gets, was changed: what had begun by then they may
    /// not have had.
    ///
    /// Of those who are there already it is not known.
    static let presence = """
        CREATE TABLE presence (
            jid TEXT NOT NULL PRIMARY KEY,
            show TEXT,
            heardAt REAL NOT NULL,
            until REAL NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX presenceUntil ON presence (until);
        ALTER TABLE subscription ADD COLUMN showValues TEXT;
        ALTER TABLE subscription ADD COLUMN endsWithPresence INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX subscriptionByShow ON subscription (node) WHERE showValues IS NOT NULL;
        CREATE INDEX subscriptionWithPresence ON subscription (jid) WHERE endsWithPresence;

        ALTER TABLE subscription ADD COLUMN changedAfter INTEGER NOT NULL DEFAULT 0;
        UPDATE subscription SET changedAfter = (SELECT coalesce(max(id), 0) FROM fanOut)
        WHERE form = 'chat';
        CREATE TRIGGER chatChanged
        AFTER UPDATE OF state, form, isDelivered, suspendedAt, expiresAt ON subscription
        WHEN old.state <> new.state OR old.form <> new.form OR old.isDelivered <> new.isDelivered
            OR old.suspendedAt IS NOT new.suspendedAt OR old.expiresAt IS NOT new.expiresAt
        BEGIN
            UPDATE subscription SET changedAfter = (SELECT coalesce(max(id), 0) FROM fanOut)
            WHERE jid = new.jid AND form = 'chat';
        END;
        CREATE TRIGGER chatEnded AFTER DELETE ON subscription BEGIN
            UPDATE subscription SET changedAfter = (SELECT coalesce(max(id), 0) FROM fanOut)
            WHERE jid = old.jid AND form = 'chat';
        END;
        """

    /// Who adds subscriptions counts them (``AddedReaders``); those that change and end are counted by
    /// triggers as before.
    static let additions = """
        DROP TRIGGER subscriptionAdded;
        DROP TRIGGER readerAdded;
        """
}
