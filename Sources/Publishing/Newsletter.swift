public import XMPP

/// A newsletter as its readers meet it: a contact to chat with, and a node for each language.
public struct Newsletter: Hashable, Sendable {
    /// One language the newsletter appears in, and the node of its issues, or of one section of them.
    public struct Feed: Hashable, Sendable {
        /// A section that has nodes of its own.
        public struct Topic: Hashable, Sendable {
            /// What the taxonomy calls it, `specifications`.
            public let section: String
            /// Its title in the feed's language.
            public let title: String
            /// The node of the whole issues.
            public let wholeNode: NodeID

            public init(section: String, title: String, wholeNode: NodeID) {
                self.section = section
                self.title = title
                self.wholeNode = wholeNode
            }
        }

        /// A language tag (BCP 47) in lower case, as the names of files have it: `en`, `pt-br`.
        public let language: String
        public let node: NodeID
        /// Nil for the feed of whole issues.
        public let topic: Topic?
        /// How much of an issue goes with the event about it.
        public var eventPayload = EventPayload.full

        public init(language: String, node: NodeID, topic: Topic? = nil) {
            self.language = language.lowercased()
            self.node = node
            self.topic = topic
        }

        /// The hidden node in which its editors see drafts.
        public var draftNode: NodeID { node.appending("-draft") }

        /// What tells it from the newsletter's other feeds, in words.
        public var label: String { topic.map { "\(language) \($0.title)" } ?? language }
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
    /// The feeds of single sections, in each of the languages.
    public let topicFeeds: [Feed]
    /// Who stands as the author of an issue that names none.
    public let author: String
    /// The licence of the issues, such as `CC BY-SA 4.0`.
    public let rights: String?
    /// The PubSub service that has its items and PubSub readers; nil for our own.
    public var engine: JID?

    public init(
        name: String,
        title: String,
        contact: JID,
        defaultFeed: Feed,
        otherFeeds: [Feed] = [],
        topicFeeds: [Feed] = [],
        author: String,
        rights: String? = nil
    ) {
        self.name = name
        self.title = title
        self.contact = contact
        self.defaultFeed = defaultFeed
        self.otherFeeds = otherFeeds
        self.topicFeeds = topicFeeds
        self.author = author
        self.rights = rights
    }

    /// Who it is in rooms that read it: its title is its nick there.
    public var roomAddress: JID? {
        (try? contact.with(resourcepart: title)) ?? (try? contact.with(resourcepart: name))
    }

    /// The feeds of whole issues, that of the default language first.
    public var feeds: [Feed] { [defaultFeed] + otherFeeds }

    /// Those of whole issues, then those of sections.
    public var allFeeds: [Feed] { feeds + topicFeeds }

    /// The feeds of sections in a language.
    public func topics(in language: String) -> [Feed] {
        topicFeeds.filter { $0.language == language.lowercased() }
    }

    /// The feed of a section in a language.
    public func topic(_ section: String, in language: String) -> Feed? {
        topics(in: language).first { $0.topic?.section == section }
    }

    public var languages: [String] { feeds.map(\.language) }

    /// The feed of a language, in whatever capitals its tag is written (RFC 5646 §2.1.1).
    public func feed(for language: String) -> Feed? {
        feeds.first { $0.language == language.lowercased() }
    }
}
