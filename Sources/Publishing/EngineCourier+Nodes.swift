import Engine
import Storage
import XMPP

/// The newsletter's nodes at the engine, which are made and kept as ours are.
extension EngineCourier {
    private static let noPreconditions = DataForm(.submit, fields: [])

    /// Makes the nodes be there, as ours are.
    func prepare(_ client: EngineClient) async throws {
        let abilities = try await knownAbilities(client)
        for node in newsletter.allFeeds.map(\.node) where isUnseen(node) {
            let form = try await store.read { [pubsub] in
                try pubsub.configurationForm(of: node, in: $0)
            }
            let wish = NodeWish(form)
            do {
                guard let reached = try await reach(wish, EngineNode(node, client), node) else {
                    preconditions[node] = Self.noPreconditions
                    continue
                }
                tell(.unmet(node, wish.unmet(by: reached)), of: node)
                preconditions[node] =
                    abilities.has(.publishOptions)
                    ? wish.preconditions(in: reached) : Self.noPreconditions
            } catch let error as EngineError where error.remedy != .time {
                close(node, error)
                // Whoever owns it decides who reads it, and what else stands there.
                if case .notOwned = error { tell(.notOwned(node), of: node) }
            }
        }
    }

    /// The node's configuration when all was done for it that can be; nil if its service knows no
    /// configurations, so that nobody can say whose it is.
    private func reach(
        _ wish: NodeWish,
        _ place: EngineNode,
        _ node: NodeID
    ) async throws -> DataForm? {
        let found: DataForm?
        do {
            found = try await place.look()
        } catch {
            guard error.isUnsupported else { throw error }
            return nil
        }
        if let found {
            return try await place.fit(wish, to: found)
        }
        // First, so that whatever happens between the two, it will be filled.
        let earlier = try await fill(node)
        do {
            try await place.create()
        } catch {
            if !error.leavesDoubt { try await leave(node) }
            throw error
        }
        report(.created(node, earlierItems: earlier))
        return try await place.fit(wish, to: place.configuration())
    }

    /// Whoever makes the node that we may not make may have readers there, whom all that is old
    /// would reach at once.
    private func leave(_ node: NodeID) async throws {
        let (newsletter, service) = (newsletter.name, service)
        try await store.write {
            try $0.dropEarlierEngineOperations(of: newsletter, at: service, node: node)
        }
    }

    /// Nobody reads a node that is not there: it gets all that ours has.
    private func fill(_ node: NodeID) async throws -> Int {
        let (newsletter, service) = (newsletter.name, service)
        let date = now()
        return try await store.write { transaction in
            guard let record = try transaction.node(named: node) else { return 0 }
            return try transaction.refillEngineNode(
                record,
                of: newsletter,
                at: service,
                on: date
            )
        }
    }

    private func knownAbilities(_ client: EngineClient) async throws -> EngineAbilities {
        if let abilities { return abilities }
        let found = try await client.abilities()
        abilities = found
        report(.lacks(found.lacks))
        return found
    }

    private func tell(_ news: EngineNews, of node: NodeID) {
        guard told[node] != news else { return }
        told[node] = news
        report(news)
    }
}
