public import Foundation
internal import GRDB
public import XMPP

/// What the owner of a node decides: the form `pubsub#node_config` (XEP-0060 §16.4.4).
public struct NodeConfiguration: Hashable, Sendable {
    public var title = ""
    public var description = ""
    public var language: String?
    /// What the items are: a namespace (`pubsub#type`).
    public var type = ""
    /// Whom to ask about the node.
    public var contacts: [JID] = []
    public var accessModel = AccessModel.open
    public var publishModel = PublishModel.publishers
    /// How many items are kept; nil for as many as the service allows (`max`).
    public var maxItems: Int?
    /// What happens to one more than that.
    public var fullNodePolicy = FullNodePolicy.retractOldest
    /// Seconds after which an item goes by itself; nil for never.
    public var itemExpiry: Int?
    /// In bytes; nil for as much as the service allows.
    public var maxPayloadSize: Int?
    public var persistsItems = true
    public var deliversNotifications = true
    public var deliversPayloads = true
    public var eventPayload = EventPayload.full
    public var notificationType = NotificationType.normal
    public var lastItemPolicy = LastItemPolicy.never
    public var itemReply = ItemReplyTarget.publisher
    public var notifiesOfConfiguration = false
    public var notifiesOfDeletion = true
    public var notifiesOfRetraction = true
    /// Whether owners are told who comes and goes.
    public var notifiesOwners = false

    public init(
        title: String = "",
        description: String = "",
        language: String? = nil,
        type: String = ""
    ) {
        self.title = title
        self.description = description
        self.language = language
        self.type = type
    }

    /// The oldest moment of publication that an item may have; nil if items stay.
    public func expiryHorizon(at date: Date) -> Date? {
        itemExpiry.map { date - TimeInterval($0) }
    }
}

// MARK: - Columns

extension NodeConfiguration {
    static let columns = [
        "title", "description", "language", "type", "contacts", "accessModel", "publishModel",
        "maxItems", "fullNodePolicy", "itemExpiry", "maxPayloadSize", "persistsItems",
        "deliversNotifications", "deliversPayloads", "eventPayload",
        "notificationType", "lastItemPolicy", "itemReply",
        "notifiesOfConfiguration", "notifiesOfDeletion", "notifiesOfRetraction", "notifiesOwners",
    ]

    /// The values of ``columns``, in their order.
    var values: [(any DatabaseValueConvertible)?] {
        [
            title, description, language, type,
            contacts.map(\.description).joined(separator: "\n"), accessModel.rawValue,
            publishModel.rawValue, maxItems, fullNodePolicy.rawValue, itemExpiry, maxPayloadSize,
            persistsItems, deliversNotifications, deliversPayloads, eventPayload.rawValue,
            notificationType.rawValue, lastItemPolicy.rawValue, itemReply.rawValue,
            notifiesOfConfiguration,
            notifiesOfDeletion, notifiesOfRetraction, notifiesOwners,
        ]
    }

    init(_ row: Row) throws {
        self.init(
            title: row.text("title"),
            description: row.text("description"),
            language: row.optionalText("language"),
            type: row.text("type")
        )
        contacts = try row.text("contacts").split(separator: "\n").map { line in
            guard let jid = try? JID(String(line)) else {
                throw StoreError.unreadable(table: "node", value: String(line))
            }
            return jid
        }
        accessModel = try row.word("accessModel", of: "node")
        publishModel = try row.word("publishModel", of: "node")
        maxItems = row["maxItems"]
        fullNodePolicy = try row.word("fullNodePolicy", of: "node")
        itemExpiry = row["itemExpiry"]
        maxPayloadSize = row["maxPayloadSize"]
        persistsItems = row["persistsItems"]
        deliversNotifications = row["deliversNotifications"]
        deliversPayloads = row["deliversPayloads"]
        eventPayload = try row.word("eventPayload", of: "node")
        notificationType = try row.word("notificationType", of: "node")
        lastItemPolicy = try row.word("lastItemPolicy", of: "node")
        itemReply = try row.word("itemReply", of: "node")
        notifiesOfConfiguration = row["notifiesOfConfiguration"]
        notifiesOfDeletion = row["notifiesOfDeletion"]
        notifiesOfRetraction = row["notifiesOfRetraction"]
        notifiesOwners = row["notifiesOwners"]
    }
}
