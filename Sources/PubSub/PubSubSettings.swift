public import XML
public import XMPP

/// What differs from one service to another.
public struct PubSubSettings: Sendable, Hashable {
    /// The service's name in disco#info.
    public var name: String
    /// What is answered to XEP-0092.
    public var version: SoftwareVersion
    /// Domains of group chats; their occupants' addresses are never subscribed.
    public var roomDomains: Set<String>
    /// What other parts of the program answer at the domain, for disco#info.
    public var furtherFeatures: [Namespace]
    /// What the domain is beside a PubSub service, for disco#info.
    public var furtherIdentities: [DiscoInfo.Identity] = []
    /// What else is to be known of the service, for disco#info (XEP-0128).
    public var furtherForms: [DataForm] = []
    /// The bytes of items in an answer, after which the rest is left to a further page.
    ///
    /// A server ends the stream of a component that sends it too large a stanza, so this stays
    /// well below the 512 kB that ejabberd and Prosody take. One item always goes.
    public var maximumAnswerSize: Int
    /// The entries in an answer to disco#items, after which the rest is left to a further page.
    public var maximumListLength: Int
    /// The items in an answer from the archive, after which the rest is left to a further page.
    public var maximumArchivePage: Int
    /// Whom people may turn to, for disco#info.
    public var contacts: ContactAddresses
    /// Who may create nodes.
    public var creators: NodeCreators
    /// What they may not call their nodes.
    public var reservedNames = ReservedNames()
    /// How many nodes each of them may have.
    public var maximumNodesPerCreator: Int
    /// How many subscriptions for single clients, by full address, each person may have.
    public var maximumClientSubscriptions: Int
    /// Whether owners may subscribe others who have not asked, and have those told of a node who have
    /// nothing to do with it.
    ///
    /// If so, whoever may create nodes can have anything sent to anybody.
    public var ownersAddReaders: Bool
    /// Nodes whose items are at another service, and which that is: here are only those of their
    /// readers who read in a chat.
    public var elsewhere: [NodeID: JID] = [:]
    /// How many new readers are taken.
    public var signUps = SignUpLimits()
    /// After how long the subscription of a suspended reader ends; nil if never.
    public var suspendedExpiry: Duration?
    /// How long it is believed that a client is there which has said so: that it is gone may never
    /// reach us.
    public var presenceExpiry = Duration.seconds(2_592_000)
    /// How many readers of a node may wait for its owners to approve them.
    public var maximumPendingSubscriptions: Int
    /// How many items a node keeps at most, which is what `max` means.
    public var maximumItems: Int
    /// The largest stanza that the server takes, in bytes: it ends the stream for a larger one.
    public var maximumStanzaSize = 500_000
    /// The largest payload that is taken over the wire, in bytes; ``largestPayload`` at most.
    public var maximumPayloadSize: Int
    /// How often is looked for what is due without a request, such as the end of a lease.
    public var upkeepInterval: Duration

    public init(
        name: String = "Broadsheet",
        version: SoftwareVersion = SoftwareVersion(name: "Broadsheet", version: ""),
        roomDomains: Set<String> = [],
        furtherFeatures: [Namespace] = [],
        maximumAnswerSize: Int = 200_000,
        maximumListLength: Int = 1_000,
        maximumArchivePage: Int = 50,
        contacts: ContactAddresses = ContactAddresses(),
        creators: NodeCreators = NodeCreators(),
        maximumNodesPerCreator: Int = 100,
        maximumClientSubscriptions: Int = 100,
        ownersAddReaders: Bool = false,
        maximumPendingSubscriptions: Int = 1_000,
        maximumItems: Int = 10_000,
        maximumPayloadSize: Int = 200_000,
        upkeepInterval: Duration = .seconds(60)
    ) {
        self.name = name
        self.version = version
        self.roomDomains = roomDomains
        self.furtherFeatures = furtherFeatures
        self.maximumAnswerSize = maximumAnswerSize
        self.maximumListLength = maximumListLength
        self.maximumArchivePage = maximumArchivePage
        self.contacts = contacts
        self.creators = creators
        self.maximumNodesPerCreator = maximumNodesPerCreator
        self.maximumClientSubscriptions = maximumClientSubscriptions
        self.ownersAddReaders = ownersAddReaders
        self.maximumPendingSubscriptions = maximumPendingSubscriptions
        self.maximumItems = maximumItems
        self.maximumPayloadSize = maximumPayloadSize
        self.upkeepInterval = upkeepInterval
    }

    /// The largest payload that can be sent to readers: names, addresses and a text for people come
    /// beside it, with half of a small stanza left for them.
    public var largestPayload: Int {
        max(maximumStanzaSize - 100_000, maximumStanzaSize / 2)
    }
}
