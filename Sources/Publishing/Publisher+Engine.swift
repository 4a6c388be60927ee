public import Storage

extension Publisher {
    /// What of the newsletter is still to be published at its engine, or at the one that it is leaving: no
    /// order to a delivery from here reaches that.
    public func onTheWayToEngine(_ newsletter: Newsletter) async throws -> [EngineTarget] {
        try await store.read { transaction in
            var service = newsletter.engine
            if service == nil, let move = try transaction.engineMove(of: newsletter.name) {
                service = move.isLeavingHome ? nil : move.service
            }
            return try service.map {
                try transaction.itemsToPublish(of: newsletter.name, at: $0)
            } ?? []
        }
    }
}
