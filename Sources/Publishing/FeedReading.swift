import Engine
import PubSubWire
import XMPP

/// How far a feed of another service has been read, so that something else can be done in between.
struct FeedReading: Sendable {
    fileprivate enum State {
        case pages(ResultSetRequest)
        /// What is still to be asked for, each alone.
        case names([ItemID])
        case ended
    }

    fileprivate var state = State.pages(ResultSetRequest(max: ForeignFeed.pageSize))
    /// The ids of what was given in pages.
    fileprivate var known: Set<ItemID> = []
    /// How many of these there were, with those that have no id.
    fileprivate var number = 0
    /// Whether what was given is all there is; tells nothing before the end.
    fileprivate(set) var extent = ListExtent.uncounted
    /// Whether all of it is too large for one answer.
    fileprivate(set) var isOneByOne = false
}

extension ForeignFeed {
    /// So many items are asked for before something else may be done.
    static let pageSize = 50

    /// Asks for the next items, page by page (XEP-0059).
    ///
    /// If such an answer is larger than a stanza may be, they come one by one. After an error the same are
    /// asked for again.
    ///
    /// - Parameters:
    ///   - reading: how far it has come.
    ///   - settled: those that need not be given; they count as if they were.
    /// - Returns: Them, maybe none; nil if there are no more.
    /// - Throws: ``ForeignFeedError``, or what asking throws.
    func next(
        of reading: inout FeedReading,
        except settled: Set<ItemID> = []
    ) async throws -> [PubSubItem]? {
        switch reading.state {
        case .pages(let page):
            do {
                return try await nextPage(page, of: &reading)
            } catch ForeignFeedError.tooLarge(_, let reason) {
                // A service that knows no pages gives all of them in one.
                let names = try await names(reason)
                (reading.isOneByOne, reading.extent) = (true, names.extent)
                reading.state = .names(names.ids)
                return []
            }
        case .names(let names):
            return try await nextItems(names.filter { !settled.contains($0) }, of: &reading)
        case .ended: return nil
        }
    }

    private func nextPage(
        _ page: ResultSetRequest,
        of reading: inout FeedReading
    ) async throws -> [PubSubItem] {
        let reply = try await reply(to: ItemsRequest(node: node, page: page))
        // Some services begin anew behind the end.
        let new = reply.items.filter { $0.id.map { reading.known.insert($0).inserted } ?? true }
        let hasNew = new.contains { $0.id != nil }
        reading.number += new.count
        guard reading.number <= Self.mostItems else { throw ForeignFeedError.tooMany(node) }
        guard hasNew, let last = reply.page?.last, reading.number < reply.page?.count ?? .max else {
            reading.state = .ended
            reading.extent =
                reading.known.count < reading.number
                ? .part : ListExtent(of: reading.number, counted: reply.page?.count)
            return new
        }
        reading.state = .pages(ResultSetRequest(max: page.max, after: last))
        return new
    }

    private func nextItems(
        _ names: [ItemID],
        of reading: inout FeedReading
    ) async throws -> [PubSubItem]? {
        var items: [PubSubItem] = []
        var rest = names[...]
        while let name = rest.first, names.count - rest.count < Self.pageSize {
            do {
                let reply = try await reply(to: ItemsRequest(node: node, ids: [name]))
                let found = reply.items.first { $0.id == name }
                if found == nil { reading.extent = .part }
                items += [found].compactMap { $0 }
            } catch ForeignFeedError.refused(_, .itemNotFound, _) {
                // It was withdrawn meanwhile, or nobody gets it.
                reading.extent = .part
            } catch {
                // What is here already is not asked for again.
                guard !items.isEmpty else { throw error }
                break
            }
            rest = rest.dropFirst()
        }
        reading.state = rest.isEmpty ? .ended : .names(Array(rest))
        return items
    }

    /// All that the service names (XEP-0060 §5.5); `reason` is why.
    private func names(_ reason: String) async throws -> ItemNames {
        let client = EngineClient(service, as: reader, ask: ask)
        let names: ItemNames
        do {
            names = try await client.itemNames(at: node)
        } catch {
            guard case .tooLarge(let reason) = error else { throw error }
            throw ForeignFeedError.tooLarge(service, reason)
        }
        guard !names.ids.isEmpty else { throw ForeignFeedError.tooLarge(service, reason) }
        guard names.ids.count <= Self.mostItems else { throw ForeignFeedError.tooMany(node) }
        return names
    }
}
