internal import Synchronization
internal import XMPP

/// The nodes that were read last, and who has which standing with them: nearly every request asks for
/// both, and few ever change.
///
/// A transaction sees it through a ``View`` of the generation it began in. Whoever changes anything
/// starts a new generation, and its end another, so neither what was undone nor what an older
/// reader still sees is ever taken for the present.
final class NodeCache: Sendable {
    /// How many nodes are kept; then all are forgotten, since so many are not asked for in turns.
    static let capacity = 1_000
    /// With how many people a node's standings are kept; where there are more, they are looked up.
    static let mostStandings = 20

    /// Who has which standing with a node: all that have one, by bare address.
    enum Standings {
        case few([JID: PubSubAffiliation])
        case many
    }

    private struct State {
        var generation = 0
        /// Whether a transaction that has changed a node is under way.
        var isChanging = false
        var byName: [NodeID: NodeRecord] = [:]
        var byID: [NodeRowID: NodeRecord] = [:]
        var standings: [NodeRowID: Standings] = [:]

        mutating func beginGeneration() {
            generation += 1
            forgetAll()
        }

        mutating func forgetAll() {
            byName.removeAll(keepingCapacity: true)
            byID.removeAll(keepingCapacity: true)
            standings.removeAll(keepingCapacity: true)
        }
    }

    /// Transactions run on threads of their own, which may not wait for an actor.
    private let state = Mutex(State())

    /// What a transaction that begins after this may see.
    func view() -> View {
        View(cache: self, generation: state.withLock { $0.generation })
    }

    /// To be called when a transaction that writes has ended, in whichever way.
    func endWriting() {
        state.withLock { state in
            guard state.isChanging else { return }
            state.isChanging = false
            state.beginGeneration()
        }
    }
}

extension NodeCache {
    /// The cache as one transaction sees it.
    struct View {
        let cache: NodeCache
        let generation: Int

        func node(named name: NodeID) -> NodeRecord? {
            cache.state.withLock { $0.generation == generation ? $0.byName[name] : nil }
        }

        func node(_ id: NodeRowID) -> NodeRecord? {
            cache.state.withLock { $0.generation == generation ? $0.byID[id] : nil }
        }

        func keep(_ record: NodeRecord) {
            cache.state.withLock { state in
                guard state.generation == generation, !state.isChanging else { return }
                if state.byID.count >= NodeCache.capacity { state.forgetAll() }
                state.byName[record.name] = record
                state.byID[record.id] = record
            }
        }

        /// The standings with a node, which are read if nobody has before; nil if what is read now may
        /// not be kept.
        func standings(
            with node: NodeRowID,
            reading read: () throws -> Standings
        ) rethrows -> Standings? {
            let (known, mayKeep) = cache.state.withLock { state in
                let isPresent = state.generation == generation && !state.isChanging
                return (isPresent ? state.standings[node] : nil, isPresent)
            }
            if let known { return known }
            guard mayKeep else { return nil }
            let standings = try read()
            cache.state.withLock { state in
                guard state.generation == generation, !state.isChanging else { return }
                if state.standings.count >= NodeCache.capacity { state.forgetAll() }
                state.standings[node] = standings
            }
            return standings
        }

        /// To be called before a node, or a standing with one, is changed, created or deleted.
        func beginChange() {
            cache.state.withLock { state in
                guard !state.isChanging else { return }
                state.isChanging = true
                state.beginGeneration()
            }
        }
    }
}
