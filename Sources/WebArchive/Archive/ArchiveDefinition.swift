public import Issues

/// What an operator sets about the web archive of a newsletter.
public struct ArchiveDefinition: Sendable {
    /// The newsletter's short name, as it stands in the ids of entries.
    public var name: String
    public var title: String

    /// The address of the archive, and how issues get theirs.
    public var site: WebSite

    /// Who stands as the author of issues that name none.
    public var author: String
    public var rights: String?

    /// The address readers chat with, and the service with the nodes; nil without a service.
    public var contact: String?
    public var service: String?

    /// The PubSub node of each language.
    public var nodes: [String: String]

    /// The nodes of single sections, in all languages.
    public var topicNodes: [TopicNode]

    /// The folder of the images that issues address from the root of the site.
    public var images: String?

    /// Entries in a page of a feed that is full (RFC 5005 §4).
    public var feedPageSize: Int

    /// A section of the issues that one can subscribe to on its own.
    public struct TopicNode: Hashable, Sendable {
        /// What the taxonomy calls it.
        public var section: String
        public var title: String
        public var language: String
        public var node: String

        public init(section: String, title: String, language: String, node: String) {
            self.section = section
            self.title = title
            self.language = language
            self.node = node
        }
    }

    public static let standardFeedPageSize = 10

    public init(
        name: String,
        title: String,
        site: WebSite,
        author: String? = nil,
        rights: String? = nil,
        contact: String? = nil,
        service: String? = nil,
        nodes: [String: String] = [:],
        topicNodes: [TopicNode] = [],
        images: String? = nil,
        feedPageSize: Int = standardFeedPageSize
    ) {
        self.name = name
        self.title = title
        self.site = site
        self.author = author ?? title
        self.rights = rights
        self.contact = contact
        self.service = service
        self.nodes = nodes
        self.topicNodes = topicNodes
        self.images = images
        self.feedPageSize = max(1, feedPageSize)
    }
}
