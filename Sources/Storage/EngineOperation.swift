public import Foundation
internal import GRDB
public import XML
public import XMPP

/// What is to be done to an item at another PubSub service (table `engineOperation`).
///
/// Those at a node are done in the order of their ids.
public struct EngineOperation: Hashable, Sendable {
    public enum State: String, Sendable, CaseIterable {
        /// Nothing of it has left.
        case waiting
        /// It has, or was about to: whether the service has done it is not known.
        case sent
        /// The service has said that it did it.
        case accepted
        /// The service will never do it, and the others go on.
        case refused
    }

    public let id: Int64
    public let target: EngineTarget
    public let state: State
    /// Why it is not done yet; nil if there was no reason so far.
    public let reason: String?
    public let createdAt: Date
    /// Whether it is about an item that was published before there was a node over there.
    public let isEarlier: Bool
    private let bytes: [UInt8]?

    /// Whether the item is to be taken back.
    public var isRetraction: Bool { bytes == nil }

    /// What is to be published; nil to take the item back.
    public func payload() throws -> Element? {
        try bytes.map { try Element(xml: String(decoding: $0, as: UTF8.self)) }
    }
}

/// Which item of which newsletter is meant, and where it is.
public struct EngineTarget: Hashable, Sendable {
    public var newsletter: String
    public var service: JID
    public var node: NodeID
    public var item: ItemID

    public init(newsletter: String, service: JID, node: NodeID, item: ItemID) {
        self.newsletter = newsletter
        self.service = service
        self.node = node
        self.item = item
    }
}

/// What is left to do at a service for a newsletter.
public struct EngineBacklog: Hashable, Sendable {
    public let newsletter: String
    public let service: JID
    /// How many are to be done yet.
    public let waiting: Int
    /// How many the service will never do.
    public let refused: Int
    /// When the oldest of those to be done was asked for.
    public let since: Date?
    /// Why the first of those to be done is not done yet; of those refused, if there are no others.
    public let reason: String?
}

extension EngineOperation {
    init(_ row: Row) throws {
        id = row["id"]
        target = EngineTarget(
            newsletter: row.text("newsletter"),
            service: try row.jid("service", of: "engineOperation"),
            node: try row.word("nodeName", of: "engineOperation"),
            item: try row.word("itemName", of: "engineOperation")
        )
        state = try row.word("state", of: "engineOperation")
        reason = row.optionalText("reason")
        createdAt = row.date("createdAt")
        isEarlier = row["isEarlier"]
        let data: Data? = row["payload"]
        bytes = data.map { Array($0) }
    }
}
