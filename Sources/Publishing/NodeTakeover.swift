public import Foundation
import PubSubWire
public import Storage
import XML
public import XMPP

/// Takes the items of an existing feed over into a node of ours, under the ids they have.
///
/// Nobody is sent anything: readers have had them.
public struct NodeTakeover: Sendable {
    public struct Outcome: Codable, Hashable, Sendable {
        public var taken = 0
        /// They were here already, and stay as they are.
        public var known = 0
        /// Whether the feed has some, and no others as far as its service says.
        public var isWhole = false
    }

    private let node: NodeID
    private let store: Store
    private let now: @Sendable () -> Date

    public init(
        into node: NodeID,
        store: Store,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.node = node
        self.store = store
        self.now = now
    }

    /// Stores those that are not here yet, the oldest first; all of them or none.
    ///
    /// - Parameters:
    ///   - content: its items by their dates if all have one, otherwise in the order of the service.
    ///   - publisher: who is shown as the publisher of those that name nobody.
    /// - Returns: How many were new.
    /// - Throws: ``TakeoverError`` if the node has items that the feed does not have: what is taken over
    ///   would come to stand before them as newer.
    public func take(_ content: ForeignFeed.Content, publisher: JID) async throws -> Outcome {
        let items = content.items
        let dated = Self.inOrder(items.filter { $0.id != nil })
        return try await store.write { [node, now] transaction in
            guard let record = try transaction.node(named: node) else {
                throw TakeoverError.noNode(node)
            }
            let known = Set(try transaction.itemNames(of: record.id))
            let own = known.subtracting(items.compactMap(\.id))
            guard own.isEmpty else { throw TakeoverError.hasOwnItems(node, own.count) }
            var outcome = Outcome(
                known: known.count,
                isWhole: content.isWhole && !content.items.isEmpty
            )
            for (item, date) in dated {
                guard let id = item.id, !known.contains(id) else { continue }
                _ = try transaction.upsertItem(
                    id,
                    in: record.id,
                    publisher: (item.publisher ?? publisher).description,
                    payload: item.payload,
                    at: date ?? now()
                )
                outcome.taken += 1
            }
            return outcome
        }
    }

    private static func inOrder(_ items: [PubSubItem]) -> [(item: PubSubItem, date: Date?)] {
        let dated = items.map { (item: $0, date: date(of: $0)) }
        guard dated.allSatisfy({ $0.date != nil }) else { return dated }
        // Swift's sort keeps the order of those that are the same.
        return dated.sorted { ($0.date ?? .distantPast) < ($1.date ?? .distantPast) }
    }

    /// When an Atom entry (RFC 4287) was published.
    static func date(of item: PubSubItem) -> Date? {
        let entry = item.payload
        let text = ["published", "updated"].lazy.compactMap { entry?.child($0)?.text }.first
        return text.flatMap { DateTime($0)?.date }
    }
}

/// Why a feed can't be taken over into a node.
public enum TakeoverError: Error, Hashable, CustomStringConvertible {
    case noNode(NodeID)
    case hasOwnItems(NodeID, Int)

    public var description: String {
        switch self {
        case .noNode(let node):
            "There is no node '\(node)' here. 'broadsheet nodes' lists those there are."
        case .hasOwnItems(let node, let count):
            "'\(node)' has \(count) items that the feed does not have; what is taken over would stand "
                + "before them as newer. Take a feed over before the first issue is published here."
        }
    }
}
