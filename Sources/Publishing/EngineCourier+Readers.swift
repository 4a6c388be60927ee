import Engine
import Foundation
import Storage
import XMPP

/// Readers who are to be subscribed at the engine, or no more.
///
/// Nobody gets an issue from both places, and nobody from none. Who goes there is served from here up
/// to the moment in which all that was published has gone out; if that moment is over before the
/// engine has answered, it is undone there, and tried again.
extension EngineCourier {
    /// How often a reader is tried whom the engine refuses for reasons that may pass.
    private static let tries = 3
    /// After so many refusals and nobody accepted, no others are asked for who move to the same node.
    private static let mostInVain = 5

    func carryOut(_ waiting: EngineReader, _ client: EngineClient) async throws {
        let wish = waiting.wish
        if wish.isSubscribed {
            if let error = shut[wish.node] {
                try await refuse(waiting, "\(error)")
                return try await stopSending(waiting.wish, error)
            }
            guard newsletter.allFeeds.contains(where: { $0.node == wish.node }) else {
                return try await refuse(waiting, "The newsletter has no such node any more.")
            }
        }
        let reader = try await store.write { try $0.beginEngineReader(waiting) }
        guard let reader else { return }
        do {
            try await client.setSubscription(
                of: wish.reader,
                to: wish.isSubscribed ? .subscribed : .none,
                at: wish.node
            )
        } catch {
            return try await settle(reader, after: error, client)
        }
        refusals = (0, 0)
        succeed()
        if wish.isSubscribed { turnedAway[wish.node] = .min }
        if try await store.write({ try $0.endEngineReader(reader) }) {
            return report(.readerChanged(reader))
        }
        try await undo(reader, client)
    }

    /// One reader whom the engine has trouble with is not to keep back what all others wait for.
    private func settle(
        _ reader: EngineReader,
        after error: EngineError,
        _ client: EngineClient
    ) async throws {
        guard case .refused = error else { throw error }
        if error.remedy == .setting || error.remedy == .content {
            try await refuse(reader, "\(error)", isInDoubt: error.leavesDoubt)
            return try await consider(error, reader.wish)
        }
        if !error.leavesDoubt {
            try await store.write { try $0.holdEngineReader(reader, reason: "\(error)") }
        }
        // If this is not answered either, it is no matter of the reader's.
        _ = try await client.abilities()
        refusals = (reader.id, refusals.reader == reader.id ? refusals.count + 1 : 1)
        guard refusals.count < Self.tries else {
            return try await refuse(reader, "\(error)", isInDoubt: error.leavesDoubt)
        }
        if error.remedy == .node { preconditions[reader.wish.node] = nil }
        throw error
    }

    /// An engine that subscribes nobody for an owner is not asked for each reader of a newsletter.
    private func consider(_ error: EngineError, _ wish: EngineReaderWish) async throws {
        guard wish.isSubscribed, wish.isMove, error.isForbidden else { return }
        let inVain = (turnedAway[wish.node] ?? 0) + 1
        turnedAway[wish.node] = inVain
        guard inVain >= Self.mostInVain || error.isUnsupported && inVain > 0 else { return }
        turnedAway[wish.node] = 0
        try await stopSending(wish, error)
    }

    /// Lets all stay here who would go to a node next.
    private func stopSending(_ wish: EngineReaderWish, _ error: EngineError) async throws {
        guard wish.isMove else { return }
        let staying = try await store.read { try $0.pubsubReaderCount(of: [wish.node]) }
        try await change(.turnedAway(wish.node, error, staying: staying)) {
            try $0.stopSendingReaders(like: wish)
        }
    }

    /// What was published meanwhile comes to them from here.
    private func undo(_ reader: EngineReader, _ client: EngineClient) async throws {
        let wish = reader.wish
        do {
            try await client.setSubscription(of: wish.reader, to: .none, at: wish.node)
        } catch {
            guard !error.leavesDoubt, error.remedy != .time else { throw error }
            // It keeps them, so that they get that twice, and nothing else.
            _ = try await store.write { try $0.endEngineReader(reader, isForced: true) }
            return report(.readerChanged(reader))
        }
        try await store.write { try $0.putOffEngineReader(reader) }
    }

    /// For how long somebody can ask what became of their wish to leave, and how often it is seen to that it
    /// is no longer.
    private static let (memory, tidying): (TimeInterval, TimeInterval) = (7 * 86_400, 3_600)

    /// Nobody is left without what they read because an engine may have done what it says it has not.
    private func refuse(
        _ reader: EngineReader,
        _ reason: String,
        isInDoubt: Bool = false
    ) async throws {
        let date = now()
        let isDue = tidiedAt.map { abs(date.timeIntervalSince($0)) >= Self.tidying } ?? true
        try await store.write { transaction in
            try transaction.refuseEngineReader(reader, reason: reason, isInDoubt: isInDoubt)
            guard isDue else { return }
            try transaction.forgetRefusedEngineLeavings(askedBefore: date - Self.memory)
        }
        if isDue { tidiedAt = date }
        succeed()
        report(.readerRefused(reader, reason))
    }

    /// Whether somebody waits for what still goes out from here, of which nobody tells us.
    func waitsForOurselves() async throws -> Bool {
        let (newsletter, service) = (newsletter.name, service)
        return try await store.read { try $0.hasEngineReaders(of: newsletter, at: service) }
    }
}
