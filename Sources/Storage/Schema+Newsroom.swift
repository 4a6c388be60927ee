/// What editors publish, and how they come to it.
extension Schema {
    /// The ledger: which issue is where, in which wording.
    ///
    /// Its node is a name, since it may be another service's.
    static let publications = """
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
    static let history = """
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

    /// Sections as items of their own: what the ledger has of them, and whose readers a delivery
    /// leaves out, since they get the whole issue.
    static let topics = """
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
    static let workflow = """
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
    static let approvals = """
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

    /// What was collected for issues to come; a number that people used is never used again.
    static let news = """
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
