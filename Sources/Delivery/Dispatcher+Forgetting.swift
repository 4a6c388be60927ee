import Foundation

extension Dispatcher {
    /// Forgets from whom something came back so long ago that it does not count any more: a portion,
    /// so that nobody waits for long.
    public func forgetOldErrors() async throws {
        let memory = max(settings.failureExpiry, DeliverySettings.shortestErrorMemory)
        let date = now() - memory.seconds
        // As a rule there is none, and then nothing is locked.
        guard try await store.read({ try $0.hasOldExceptions(before: date) }) else { return }
        try await store.write { try $0.forgetExceptions(before: date) }
    }
}
