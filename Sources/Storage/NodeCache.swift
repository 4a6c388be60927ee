internal import Synchronization
internal import XMPP

/// The nodes that were read last: nearly every request asks for one, and few ever change.
///
/// A transaction sees it through a ``View`` of the generation it began in. Whoever changes a node
/// starts a new generation, and its end another, so neither what was undone nor what an older
/// reader still sees is ever taken for the present.
final class NodeCache: Sendable {
    /// How many nodes are kept; then all are forgotten, since so many are not asked for in turns.
    static let capacity = 1_000

    private struct State {
        var generation = 0
        /// Whether a transaction that has changed a node is under way.
        var isChanging = false
        var byName: [NodeID: NodeRecord] = [:]
        var byID: [NodeRowID: NodeRecord] = [:]

        mutating func beginGeneration() {
            generation += 1
            byName.removeAll(keepingCapacity: true)
            byID.removeAll(keepingCapacity: true)
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
                if state.byID.count >= NodeCache.capacity {
                    state.byName.removeAll(keepingCapacity: true)
                    state.byID.removeAll(keepingCapacity: true)
                }
                state.byName[record.name] = record
                state.byID[record.id] = record
            }
        }

        /// To be called before a node is changed, created or deleted.
        func beginChange() {
            cache.state.withLock { state in
                guard !state.isChanging else { return }
                state.isChanging = true
                state.beginGeneration()
            }
        }
    }
}
