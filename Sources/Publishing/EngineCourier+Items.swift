import Engine
import Foundation
import PubSub
import PubSubWire
import Storage
import XMPP

/// What only an engine has of a node, on its way home.
struct ItemArrivals {
    var reading = FeedReading()
    /// Whether something was not here.
    var hasNew = false
    /// Whether it is read once more.
    var isAgain = false
    var isOver = false
}

/// Items on their way home, under their ids and dates; nobody is sent anything.
///
/// They come in portions, so that what is published meanwhile never waits for all of them.
extension EngineCourier {
    /// Whether some of them are here, and not all.
    var isFetchingItems: Bool {
        !itemArrivals.isEmpty
            && newsletter.allFeeds.contains { itemArrivals[$0.node]?.isOver != true }
    }

    /// Stores here some of what only the engine has; false if there is no more.
    func fetchItems(of move: EngineMove) async throws -> Bool {
        let feed = newsletter.allFeeds.first { itemArrivals[$0.node]?.isOver != true }
        guard let feed, let ask else { return false }
        let foreign = ForeignFeed(
            feed.node,
            at: service,
            as: newsletter.contact,
            ask: { try await ask($0) }
        )
        var arrivals = itemArrivals[feed.node] ?? ItemArrivals()
        do {
            let settled = try await store.read { [newsletter] in
                try $0.settledItems(of: newsletter, in: feed)
            }
            if let items = try await foreign.next(of: &arrivals.reading, except: settled) {
                if try await store(items, in: feed) > 0 { arrivals.hasNew = true }
            } else if arrivals.reading.extent == .part, !arrivals.isAgain {
                // Something may have been published or withdrawn while it was read.
                (arrivals.reading, arrivals.isAgain) = (FeedReading(), true)
            } else {
                try check(arrivals, of: feed.node, in: move)
                arrivals.isOver = true
            }
        } catch ForeignFeedError.refused(_, .itemNotFound, _) {
            arrivals.isOver = true
        } catch ForeignFeedError.refused(_, let condition, let text) {
            throw EngineError.refused(StanzaError(condition, text: text))
        } catch let error as ForeignFeedError {
            throw MoveTrouble.itemsUnreadable(feed.node, error)
        }
        itemArrivals[feed.node] = arrivals
        return true
    }

    /// Nodes are deleted only where all that the service has is here, as far as it says what it has.
    ///
    /// A list that is cut says so (XEP-0060 §6.5.4). That holds for the answer to who asks for all items, but
    /// nothing says so of their names, of which a service may tell the first ones only.
    private func check(
        _ arrivals: ItemArrivals,
        of node: NodeID,
        in move: EngineMove
    ) throws {
        switch arrivals.reading.extent {
        case .whole: return
        case .part where arrivals.hasNew || move.phase == .leaving:
            throw MoveTrouble.itemsLacking(node)
        case .uncounted where arrivals.hasNew: throw MoveTrouble.itemsUncounted(node)
        case .uncounted where arrivals.reading.isOneByOne && move.phase == .leaving:
            throw MoveTrouble.itemsOneByOne(node)
        case .part, .uncounted: return
        }
    }

    /// Stores those that are not here, and were not withdrawn; gives how many these are.
    private func store(_ items: [PubSubItem], in feed: Newsletter.Feed) async throws -> Int {
        guard !items.isEmpty else { return 0 }
        let (newsletter, date) = (newsletter, now())
        return try await store.write { transaction in
            guard let record = try transaction.node(named: feed.node) else { return 0 }
            let settled = try transaction.settledItems(of: newsletter, in: feed)
            var number = 0
            for item in items {
                guard let id = item.id, !settled.contains(id) else { continue }
                _ = try transaction.upsertItem(
                    id,
                    in: record.id,
                    publisher: (item.publisher ?? newsletter.contact).description,
                    payload: item.payload,
                    at: NodeTakeover.date(of: item) ?? date
                )
                number += 1
            }
            if number > 0 { try transaction.sortItems(of: record.id) }
            return number
        }
    }
}

extension Transaction {
    /// Those that are here, and those that were withdrawn.
    fileprivate func settledItems(
        of newsletter: Newsletter,
        in feed: Newsletter.Feed
    ) throws -> Set<ItemID> {
        guard let record = try node(named: feed.node) else { return [] }
        let withdrawn = try publications(newsletter: newsletter.name)
            .filter { $0.language == feed.language && $0.state != .published }
            .compactMap { ItemID(rawValue: $0.issue) }
        return Set(try itemNames(of: record.id)).union(withdrawn)
    }
}
