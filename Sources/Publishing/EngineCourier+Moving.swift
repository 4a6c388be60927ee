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
    ///
    /// While it asks the engine, an operator may turn the move round or give it up: what is written or
    /// deleted then is looked at first.
    func moveOn(_ client: EngineClient) async throws -> Bool {
        guard let move = try await currentMove(), move.phase != .moved,
            try await !waitsForOurselves()
        else { return false }
        begin(move)
        do {
            if !isFetchingItems {
                guard try await nextReaders(of: move, client) == 0 else { return true }
            }
            if !move.isLeavingHome, try await fetchItems(of: move) { return true }
            // The configuration may name it again since that was asked for.
            guard move.phase == .leaving, newsletter.engine == nil else {
                return try await end(move, reason: nil)
            }
            if try await leave(move, client) { return true }
            rounds += 1
            guard rounds < Self.rounds else { throw MoveTrouble.readersStay }
            return true
        } catch let error as EngineError where error.endsMove {
            // What is published is not to wait for that.
            return try await end(move, reason: "\(error)")
        } catch let error as MoveTrouble {
            return try await end(move, reason: "\(error)")
        }
    }

    /// What is known of another move says nothing of this.
    private func begin(_ move: EngineMove) {
        if underWay?.isSame(as: move) != true {
            (arrivals, itemArrivals, rounds) = ([:], [:], 0)
        }
        underWay = move
    }

    private func currentMove() async throws -> EngineMove? {
        let newsletter = newsletter.name
        let move = try await store.read { try $0.engineMove(of: newsletter) }
        return move.flatMap { $0.service == service ? $0 : nil }
    }

    /// Ends it, unless it is another by now; tells whether that is to be gone on with.
    private func end(_ move: EngineMove, reason: String?) async throws -> Bool {
        underWay = nil
        let ended = try await store.write { transaction -> EngineMove? in
            guard try transaction.isCurrent(move) else { return nil }
            try transaction.setEngineMove(of: move.newsletter, to: .moved, reason: reason)
            return try transaction.engineMove(of: move.newsletter)
        }
        guard let ended else { return true }
        report(.moved(ended, reason: reason))
        return false
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
        for node in self.newsletter.allFeeds.map(\.node) where isUnseen(node) {
            if try await EngineNode(node, client).look() == nil {
                try await store.write {
                    try $0.dropEngineOperations(of: newsletter, at: service, node: node)
                }
            }
            preconditions[node] = DataForm(.submit, fields: [])
        }
        return true
    }

    /// Deletes the nodes, if nobody is left there; false if somebody is.
    private func leave(_ move: EngineMove, _ client: EngineClient) async throws -> Bool {
        let nodes = newsletter.allFeeds.map(\.node)
        for node in nodes {
            guard try await subscribers(of: node, client).isEmpty else { return false }
        }
        for node in nodes {
            // They were not to be deleted any more if it was given up meanwhile.
            guard try await store.read({ try $0.isCurrent(move) }) else { return true }
            let uri = PubSubURI(pubsub.domain, node: node)
            try await client.delete(node, redirectingTo: uri.description)
        }
        let isOver = try await store.write { transaction in
            guard try transaction.isCurrent(move) else { return false }
            try transaction.endEngineMove(of: move.newsletter)
            return true
        }
        if isOver { report(.left) }
        return true
    }
}

extension EngineError {
    /// Whether a move comes to its end with it, since time alone would not mend it.
    fileprivate var endsMove: Bool {
        if case .unreadable = self { return true }
        return remedy == .setting || remedy == .content
    }
}
