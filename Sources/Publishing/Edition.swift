public import Foundation
public import XML
public import XMPP

/// An issue in one language, ready to be published.
///
/// What is in it was read from a file by the floors above. The Atom entry is made only when the
/// ledger has said which id and which dates it bears.
public struct Edition: Sendable {
    public let feed: Newsletter.Feed
    /// The issue's id, which is the item's id in the node of every language.
    public let issue: ItemID
    /// The name of the file it was read from.
    public let fileName: String
    public let title: String
    /// Changes when the file does.
    public let contentHash: String
    public let render: @Sendable (PublicationStamp) -> EditionRendering
    /// Where else its plain messages go.
    public let announcements: [Announcement]
    /// The sections that are items of their own as well, each at the feed of its topic.
    public let topics: [Edition]
    /// How many states of specifications were left out of a section since nothing came into them.
    public let emptyStates: Int

    public init(
        feed: Newsletter.Feed,
        issue: ItemID,
        fileName: String,
        title: String,
        contentHash: String,
        announcements: [Announcement] = [],
        topics: [Edition] = [],
        emptyStates: Int = 0,
        render: @escaping @Sendable (PublicationStamp) -> EditionRendering
    ) {
        self.feed = feed
        self.issue = issue
        self.fileName = fileName
        self.title = title
        self.contentHash = contentHash
        self.announcements = announcements
        self.topics = topics
        self.emptyStates = emptyStates
        self.render = render
    }

    /// The plain messages of an edition for the chat readers of a language that has none.
    public struct Announcement: Sendable {
        public let feed: Newsletter.Feed
        /// The messages, with a line that says why they are not in the reader's language.
        public let render: @Sendable (PublicationStamp) -> [ChatAmount: String]

        public init(
            feed: Newsletter.Feed,
            render: @escaping @Sendable (PublicationStamp) -> [ChatAmount: String]
        ) {
            self.feed = feed
            self.render = render
        }
    }
}

/// What the ledger decides about an entry: it never changes with the text.
public struct PublicationStamp: Hashable, Sendable {
    /// `tag:AUTHORITY,YYYY-MM-DD:newsletter/issue/language`, with `/section` behind it for a section
    /// (RFC 4151).
    public var atomID: String
    /// The address of the item, `xmpp:SERVICE?;node=NODE;item=ITEM` (XEP-0060 §12.22).
    public var itemURI: String
    public var publishedAt: Date
    public var updatedAt: Date
}

/// An edition in each of the forms readers get.
public struct EditionRendering: Hashable, Sendable {
    /// The item's payload.
    public var payload: Element
    /// The body that goes with an event to clients that don't know PubSub.
    public var body: String
    /// The plain message, by how much of the issue a reader wants.
    public var chat: [ChatAmount: String]

    public init(payload: Element, body: String, chat: [ChatAmount: String]) {
        self.payload = payload
        self.body = body
        self.chat = chat
    }
}
