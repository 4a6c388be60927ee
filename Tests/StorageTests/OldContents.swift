/// What a database held when it was made by an older Broadsheet: a row at least for each table, by the
/// number of the schema that brought it.
///
/// Written as SQL, since the code of that time is gone, and frozen like the schemas themselves.
enum OldContents {
    /// What can be written into a database of that schema, in order.
    static func statements(upTo schema: Int) -> [String] {
        statements.filter { $0.since <= schema }.map(\.sql)
    }

    private static let statements: [(since: Int, sql: String)] = [
        (1, nodes), (1, readers), (1, deliveries), (1, publications), (2, history), (3, contacts),
        (4, parts), (5, topics), (6, workflows), (7, approvals), (8, news), (9, past),
        (10, retractions), (12, quietHours), (13, triedAgain), (14, severalMessages),
        (15, conversations), (16, busyReaders), (17, idleReaders), (18, presence),
        (19, engines), (20, eventPayload), (21, counts), (22, engineReaders),
        (23, obstacles), (24, multicast),
    ]

    private static let nodes = """
        INSERT INTO node (id, name, newsletter, isHidden, creator, createdAt, deletedAt, title,
            description, language, type, contacts, accessModel, publishModel, maxItems, fullNodePolicy,
            itemExpiry, maxPayloadSize, persistsItems, deliversNotifications, deliversPayloads,
            notificationType, lastItemPolicy, itemReply, notifiesOfConfiguration, notifiesOfDeletion,
            notifiesOfRetraction, notifiesOwners) VALUES (
            1, 'verse', 'gazette', 0, 'friar@verona.lit', 1e9, NULL, 'Verse', 'All verse', 'it',
            'http://www.w3.org/2005/Atom', 'friar@verona.lit', 'open', 'publishers', 20, 'retract-oldest', NULL,
            NULL, 1, 1, 1, 'normal', 'never', 'owner', 0, 1, 1, 0);
        INSERT INTO nodeCount (node, lastSequence) VALUES (1, 2);
        INSERT INTO redirect VALUES ('prose', 'xmpp:news.verona.lit?;node=verse');
        INSERT INTO item VALUES
            (1, 1, 'march', 'friar@verona.lit', x'3c612f3e', 1e9, 1e9, 1),
            (2, 1, 'april', 'friar@verona.lit', x'3c622f3e', 1e9 + 5, 1e9 + 6, 2);
        INSERT INTO itemText (rowid, words) VALUES (1, 'lark'), (2, 'nightingale');
        INSERT INTO affiliation VALUES (1, 'friar@verona.lit', 'owner');
        INSERT INTO setting VALUES ('hasBeenOnline', 'yes');
        """

    /// One by PubSub, two in chats of whom one pauses, a room, one who waits and one who is suspended.
    private static let readers = """
        INSERT INTO subscription (id, node, jid, state, form, amount, isDelivered, expiresAt, isPublic,
            suspendedAt, createdAt) VALUES
            (1, 1, 'juliet@verona.lit', 'subscribed', 'event', '', 1, NULL, 1, NULL, 1e9),
            (2, 1, 'romeo@verona.lit', 'subscribed', 'chat', 'full', 1, NULL, 0, NULL, 1e9),
            (4, 1, 'nurse@verona.lit', 'subscribed', 'chat', 'short', 0, 2e9, 0, NULL, 1e9),
            (5, 1, 'orchard@rooms.lit', 'subscribed', 'room', 'short', 1, NULL, 0, NULL, 1e9),
            (6, 1, 'paris@verona.lit', 'pending', 'event', '', 1, NULL, 0, NULL, 1e9),
            (7, 1, 'tybalt@verona.lit', 'subscribed', 'event', '', 1, NULL, 0, 1e9, 1e9);
        """

    /// What triggers did before.
    private static let counts = """
        UPDATE nodeCount SET subscribers = 5;
        INSERT INTO readerCount VALUES
            (1, 'event', '', 1), (1, 'chat', 'full', 1), (1, 'room', '', 1);
        """

    /// One that is over and may be gone back into, and one under way with somebody to try again.
    private static let deliveries = """
        INSERT INTO fanOut (id, key, node, scope, itemName, audience, cursor, lastSubscription, state,
            total, sent, createdAt, finishedAt, note) VALUES
            (1, x'01', 1, 'item', 'march', 'all', 7, 7, 'finished', 3, 3, 1e9, 1e9 + 9, NULL),
            (2, x'02', 1, 'item', 'april', 'all', 1, 7, 'running', 3, 1, 1e9 + 20, NULL, 'correction');
        INSERT INTO variant VALUES
            (1, 'chat', 'full', x'3c', x'2f3e'), (2, 'chat', 'full', x'3c', x'2f3e'),
            (2, 'event', '', x'3c', x'2f3e');
        INSERT INTO acknowledgement VALUES (1, 7, 3, 1e9 + 9), (2, 1, 1, 1e9 + 21);
        INSERT INTO deliveryException (fanOut, subscription, jid, kind, attempts, nextAttemptAt,
            condition, recordedAt) VALUES
            (1, 2, 'romeo@verona.lit', 'retry', 2, 2e9, 'remote-server-timeout', 1e9 + 9),
            (1, 1, 'juliet@verona.lit', 'failed', 1, NULL, 'service-unavailable', 1e9 + 9);
        """

    private static let publications = """
        INSERT INTO publication VALUES (
            1, 'gazette', 'march', 'it', 'march.md', 'verse', 'march', 'urn:uuid:1', 'March', 'hash',
            'published', 1e9, 1e9 + 7, 'all of it', 'some of it', 'a link', 'a lead');
        """

    private static let history = """
        INSERT INTO publicationVersion
            (newsletter, issue, language, kind, at, title, contentHash, fullText, person, note)
        VALUES ('gazette', 'april', 'it', 'published', 1e9 + 20, 'April', 'hash', 'all', 'friar', 'ok');
        INSERT INTO commandLog VALUES (1, 1e9, 'friar', 'crypt', 'gazette', 'publish march', 'done');
        """

    private static let contacts = """
        INSERT INTO contact VALUES ('romeo@verona.lit', 'gazette@news.verona.lit', 1e9);
        INSERT INTO pause VALUES (4, 2e9);
        """

    private static let parts = """
        INSERT INTO variantPart VALUES
            (1, 'chat', 'full', 1, x'3c', x'2f3e'), (1, 'chat', 'full', 2, x'3c', x'2f3e');
        """

    private static let topics = """
        INSERT INTO topicPublication VALUES (
            1, 'gazette', 'march', 'it', 'birds', 'march.md', 'verse/birds', 'march', 'urn:uuid:2',
            'Birds', 'hash', 'published', 1e9, 1e9, 'all', 'some', 'a link', 'a lead');
        UPDATE fanOut SET wholeNode = 1 WHERE id = 1;
        """

    private static let workflows = """
        INSERT INTO workflow VALUES ('gazette', 'may', 'scheduled', 'approved', 'files', 2e9,
            'Europe/Rome', 'it', 'friar', 'crypt', 'friar@verona.lit');
        INSERT INTO workflowStep VALUES
            (1, 'gazette', 'may', 1e9, 'friar', 'crypt', 'approved', 'scheduled', NULL);
        INSERT INTO roomNotice VALUES (1, 'gazette', 'May is scheduled.');
        """

    private static let approvals = """
        INSERT INTO approval VALUES
            ('gazette', 'may', 'it', 'friar@verona.lit', 'Friar Lorenzo', 'hash', 1e9);
        """

    private static let news = """
        INSERT INTO newsItem VALUES (1, 'gazette', 'birds', 'https://lark.example/', 'lark.example',
            'A lark was heard', 'Romeo', 'romeo@verona.lit', 1e9, 'may');
        """

    private static let past = """
        INSERT INTO readerDay VALUES (1, 19000, 4);
        INSERT INTO deliveryPoint VALUES (1, 1e9 + 9, 3);
        """

    private static let retractions = """
        UPDATE fanOut SET retracts = 1 WHERE id = 2;
        INSERT INTO announcement (newsletter, issue, language, room, message)
        VALUES ('gazette', 'march', 'it', 'crypt@rooms.lit', 'm1');
        """

    private static let quietHours = """
        INSERT INTO quietHours VALUES ('romeo@verona.lit', 1320, 420, 'Europe/Rome');
        """

    private static let triedAgain = """
        UPDATE deliveryException SET triedAgainAt = 1e9 + 9 WHERE subscription = 2;
        """

    private static let severalMessages = """
        UPDATE announcement SET isAnswered = 0;
        INSERT INTO severalMessages VALUES (2, 'full', 2);
        """

    private static let conversations = """
        UPDATE subscription SET conversationAt = 1e9 + 1, takesTranslations = 0 WHERE id = 2;
        UPDATE fanOut SET corrects = 1, sendsChats = 0 WHERE id = 2;
        """

    private static let busyReaders = """
        INSERT INTO doNotDisturb VALUES ('romeo@verona.lit', 2e9);
        """

    private static let idleReaders = """
        UPDATE subscription SET signAt = 1e9 + 2, askedAt = 1e9 + 3 WHERE id = 2;
        """

    private static let presence = """
        INSERT INTO presence VALUES ('juliet@verona.lit/balcony', 'away', 1e9, 2e9);
        UPDATE subscription SET showValues = 'chat online', endsWithPresence = 1 WHERE id = 1;
        """

    private static let engines = """
        INSERT INTO engineOperation VALUES (1, 'gazette', 'pubsub.mantua.lit', 'verse', 'march',
            NULL, 'sent', 'No answer came in time.', 1e9, 0);
        """

    private static let eventPayload = """
        UPDATE node SET eventPayload = 'summary';
        """

    private static let engineReaders = """
        INSERT INTO engineReader (id, newsletter, service, nodeName, jid, isSubscribed, local, isMove,
            state, reason, lastOperation, createdAt) VALUES (1, 'gazette', 'pubsub.mantua.lit', 'verse',
            'juliet@verona.lit', 1, 1, 1, 'sent', NULL, 1, 1e9);
        INSERT INTO engineMove (newsletter, service, isLeavingHome, phase, reason, nodeName, cursor,
            moved, startedAt)
            VALUES ('gazette', 'pubsub.mantua.lit', 1, 'moving', NULL, 'verse', 1, 0, 1e9);
        """

    private static let obstacles = """
        UPDATE engineMove SET obstacle = 'No answer came in time.', obstacleSince = 1e9 + 5;
        """

    private static let multicast = """
        UPDATE fanOut SET multicast = 'multicast.verona.lit' WHERE id = 2;
        UPDATE fanOut SET multicast = '' WHERE id = 1;
        """
}
