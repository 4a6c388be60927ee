public import XMPP

/// A newsletter as its readers meet it: a contact to chat with, and a node for each language.
public struct Newsletter: Hashable, Sendable {
    /// One language the newsletter appears in, and the node of its issues.
    public struct Feed: Hashable, Sendable {
        /// A language tag (BCP 47) in lower case, as the names of files have it: `en`, `pt-br`.
        public let language: String
        public let node: NodeID

        public init(language: String, node: NodeID) {
            self.language = language.lowercased()
            self.node = node
        }
    }

    /// The short name, which is the contact's localpart and starts the nodes' names.
    public let name: String
    public let title: String
    /// The address readers chat with, and the publisher of its items.
    public let contact: JID
    /// The feed of the default language, that of files without a language in their name.
    public let defaultFeed: Feed
    /// The feeds of the other languages.
    public let otherFeeds: [Feed]
    /// Who stands as the author of an issue that names none.
    public let author: String
    /// The licence of the issues, such as `CC BY-SA 4.0`.
    public let rights: String?

    public init(
        name: String,
        title: String,
        contact: JID,
        defaultFeed: Feed,
        otherFeeds: [Feed] = [],
        author: String,
        rights: String? = nil
    ) {
        self.name = name
        self.title = title
        self.contact = contact
        self.defaultFeed = defaultFeed
        self.otherFeeds = otherFeeds
        self.author = author
        self.rights = rights
    }

    /// All feeds, that of the default language first.
    public var feeds: [Feed] { [defaultFeed] + otherFeeds }

    public var languages: [String] { feeds.map(\.language) }

    /// The feed of a language, in whatever capitals its tag is written (RFC 5646 §2.1.1).
    public func feed(for language: String) -> Feed? {
        feeds.first { $0.language == language.lowercased() }
    }
}
