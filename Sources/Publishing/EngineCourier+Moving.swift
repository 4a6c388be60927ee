import Engine
import Foundation
import PubSub
import PubSubWire
import Storage
import XMPP

/// A whole newsletter's readers on their way to the engine, or back.
///
/// They go in portions, so that what is published meanwhile never waits for all of them.
extension EngineCourier {
    private static let portion = 100
    /// How often all who are told of as being there are brought before the nodes are deleted.
    private static let rounds = 3

    /// Asks for the next readers who move, if all those before have; tells whether there is something to
    /// do.
    func moveOn(_ client: EngineClient) async throws -> Bool {
        guard let move = try await currentMove(), move.phase != .moved,
            try await !waitsForOurselves()
        else { return false }
        do {
            guard try await nextReaders(of: move, client) == 0 else { return true }
            if !move.isLeavingHome { try await fetchItems(client) }
            // The configuration may name it again since that was asked for.
            guard move.phase == .leaving, newsletter.engine == nil else {
                try await end(move, reason: nil)
                return false
            }
            if try await leave(client) { return false }
            rounds += 1
            guard rounds < Self.rounds else { throw MoveTrouble.readersStay }
            return true
        } catch let error as EngineError where error.endsMove {
            // What is published is not to wait for that.
            try await end(move, reason: "\(error)")
        } catch let error as MoveTrouble {
            try await end(move, reason: "\(error)")
        }
        return false
    }

    private func currentMove() async throws -> EngineMove? {
        let newsletter = newsletter.name
        let move = try await store.read { try $0.engineMove(of: newsletter) }
        return move.flatMap { $0.service == service ? $0 : nil }
    }

    private func end(_ move: EngineMove, reason: String?) async throws {
        let now = try await store.write { transaction in
            try transaction.setEngineMove(of: move.newsletter, to: .moved, reason: reason)
            return try transaction.engineMove(of: move.newsletter) ?? move
        }
        report(.moved(now, reason: reason))
    }

    private func nextReaders(of move: EngineMove, _ client: EngineClient) async throws -> Int {
        let nodes = newsletter.allFeeds.map(\.node)
        guard move.isLeavingHome else { return try await bringReaders(of: move, nodes, client) }
        let date = now()
        return try await store.write {
            try $0.sendReaders(of: move, from: nodes, limit: Self.portion, at: date)
        }
    }

    private func bringReaders(
        of move: EngineMove,
        _ nodes: [NodeID],
        _ client: EngineClient
    ) async throws -> Int {
        let (date, pubsub) = (now(), pubsub)
        for node in nodes {
            var readers: [JID]
            if let known = arrivals[node] {
                readers = known
            } else {
                readers = try await subscribers(of: node, client)
            }
            while !readers.isEmpty {
                let portion = Array(readers.suffix(Self.portion))
                readers.removeLast(portion.count)
                arrivals[node] = readers
                let number = try await store.write { transaction in
                    guard let record = try transaction.node(named: node) else { return 0 }
                    return try transaction.bringReaders(
                        portion,
                        of: move,
                        to: record,
                        unless: { pubsub.isInRoom($0) },
                        at: date
                    )
                }
                if number > 0 { return number }
            }
        }
        arrivals = [:]
        return 0
    }

    private func subscribers(of node: NodeID, _ client: EngineClient) async throws -> [JID] {
        do {
            return try await client.subscribers(of: node) ?? []
        } catch {
            guard case .tooLarge(let reason) = error else { throw error }
            throw MoveTrouble.readersUnreadable(node, reason)
        }
    }
}

// MARK: - Leaving

extension EngineCourier {
    /// Sees whether what is to be left is there still; false if nothing is to be done there.
    func prepareToLeave(_ client: EngineClient) async throws -> Bool {
        guard try await currentMove() != nil else { return false }
        let (newsletter, service) = (newsletter.name, service)
        for node in self.newsletter.allFeeds.map(\.node) where preconditions[node] == nil {
            if try await EngineNode(node, client).look() == nil {
                try await store.write {
                    try $0.dropEngineOperations(of: newsletter, at: service, node: node)
                }
            }
            preconditions[node] = DataForm(.submit, fields: [])
        }
        return true
    }

    /// Deletes the nodes, if nobody is left there; tells whether it is done.
    private func leave(_ client: EngineClient) async throws -> Bool {
        let nodes = newsletter.allFeeds.map(\.node)
        for node in nodes {
            guard try await subscribers(of: node, client).isEmpty else { return false }
        }
        for node in nodes {
            let uri = PubSubURI(pubsub.domain, node: node)
            try await client.delete(node, redirectingTo: uri.description)
        }
        let newsletter = newsletter.name
        try await store.write { try $0.endEngineMove(of: newsletter) }
        report(.left)
        return true
    }
}

// MARK: - Items

extension EngineCourier {
    /// Stores here what only the engine has, under its ids and dates; nobody is sent anything.
    private func fetchItems(_ client: EngineClient) async throws {
        guard let ask else { return }
        for feed in newsletter.allFeeds {
            let foreign = ForeignFeed(
                feed.node,
                at: service,
                as: newsletter.contact,
                ask: { try await ask($0) }
            )
            let content: ForeignFeed.Content
            do {
                content = try await foreign.content()
            } catch ForeignFeedError.refused(_, .itemNotFound, _) {
                continue
            } catch ForeignFeedError.refused(_, let condition, let text) {
                throw EngineError.refused(StanzaError(condition, text: text))
            } catch let error as ForeignFeedError {
                throw MoveTrouble.itemsUnreadable(feed.node, error)
            }
            let missing = try await missing(content.items, in: feed)
            guard !missing.isEmpty else { continue }
            let (contact, date) = (newsletter.contact, now())
            try await store.write { transaction in
                guard let record = try transaction.node(named: feed.node) else { return }
                for item in missing {
                    guard let id = item.id else { continue }
                    _ = try transaction.upsertItem(
                        id,
                        in: record.id,
                        publisher: (item.publisher ?? contact).description,
                        payload: item.payload,
                        at: NodeTakeover.date(of: item) ?? date
                    )
                }
                try transaction.sortItems(of: record.id)
            }
            guard content.isWhole else { throw MoveTrouble.itemsUncounted(feed.node) }
        }
    }

    /// Those that are not here, and were not withdrawn.
    private func missing(
        _ items: [PubSubItem],
        in feed: Newsletter.Feed
    ) async throws -> [PubSubItem] {
        let newsletter = newsletter.name
        return try await store.read { transaction in
            guard let record = try transaction.node(named: feed.node) else { return [] }
            let known = Set(try transaction.itemNames(of: record.id))
            let withdrawn = Set(
                try transaction.publications(newsletter: newsletter)
                    .filter { $0.language == feed.language && $0.state != .published }
                    .map(\.issue)
            )
            return items.filter { item in
                item.id.map { !known.contains($0) && !withdrawn.contains($0.rawValue) } ?? false
            }
        }
    }
}

extension EngineError {
    /// Whether a move comes to its end with it, since time alone would not mend it.
    fileprivate var endsMove: Bool {
        if case .unreadable = self { return true }
        return remedy == .setting || remedy == .content
    }
}

/// Why a newsletter does not leave an engine.
enum MoveTrouble: Error, CustomStringConvertible {
    case itemsUncounted(NodeID)
    case itemsUnreadable(NodeID, ForeignFeedError)
    case readersStay
    /// In words.
    case readersUnreadable(NodeID, String)

    var description: String {
        switch self {
        case .itemsUncounted(let node):
            "'\(node)' has items there that were not here, and the service does not say how many. "
                + "Those it gave are here now: compare them, and give the command again."
        case .itemsUnreadable(let node, let error):
            "The items of '\(node)' there can't be had, so what only the service has is not here. "
                + "\(error) Give the command again when that has changed."
        case .readersStay:
            "There are readers whom the service does not let go, so its nodes stay. Delete them there "
                + "yourself, if you mean it."
        case .readersUnreadable(let node, let reason):
            "Who reads '\(node)' there can't be had, since they come in one stanza. \(reason) Raise it "
                + "above that, restart Broadsheet, and give the command again."
        }
    }
}
