import Engine
import Storage

/// What is to be done to one item: sent, looked for, and forgotten when it is as it should be.
extension EngineCourier {
    /// How often an item is looked for that the engine has accepted.
    private static let looks = 3

    func carryOut(_ operation: EngineOperation, _ client: EngineClient) async throws {
        switch operation.state {
        case .waiting, .refused: try await send(operation, client)
        case .accepted: try await verify(operation, client)
        case .sent: try await settle(operation, client)
        }
    }

    /// Sends again what the engine has not, as far as one can see, after its answer was lost.
    private func settle(_ operation: EngineOperation, _ client: EngineClient) async throws {
        for pause in [.zero, settings.grace] {
            try await Task.sleep(for: pause)
            guard let comparison = try await look(operation, client) else { return }
            guard comparison == .different else { return try await end(operation, comparison) }
        }
        try await send(operation, client)
    }

    /// How what the engine has compares to what it should; nil if it does not let us look.
    ///
    /// It may be there then, so it is not sent again unasked.
    private func look(
        _ operation: EngineOperation,
        _ client: EngineClient
    ) async throws -> ItemComparison? {
        let target = operation.target
        do {
            let found = try await client.payload(of: target.item, at: target.node)
            guard let wanted = try operation.payload() else {
                return found == nil ? .same : .different
            }
            return ItemComparison(found, with: wanted)
        } catch let error as EngineError
            where error.remedy == .setting || error.remedy == .content
        {
            try await refuse(operation, "It does not show '\(target.item)'. \(error)")
            return nil
        }
    }

    private func send(_ waiting: EngineOperation, _ client: EngineClient) async throws {
        let isOurs = newsletter.allFeeds.contains { $0.node == waiting.target.node }
        guard isOurs || waiting.isRetraction else {
            return try await refuse(
                waiting,
                "By the configuration, the newsletter has no node '\(waiting.target.node)'."
            )
        }
        // Another may have taken its place since it was read; none can from here on.
        let operation = try await store.write { try $0.sendEngineOperation(waiting) }
        guard let operation else { return }
        let target = operation.target
        do {
            if let payload = try operation.payload() {
                try await client.publish(
                    payload,
                    as: target.item,
                    at: target.node,
                    if: preconditions[target.node].flatMap { $0.fields.count > 1 ? $0 : nil }
                )
            } else {
                try await client.retract(target.item, from: target.node)
            }
        } catch let error as EngineError where !error.leavesDoubt {
            // Nobody will look after a node that is none of the newsletter's any more.
            if error.isFinal || (!isOurs && error.remedy != .time) {
                return try await refuse(operation, "\(error)")
            }
            try await store.write {
                try $0.setEngineOperation(operation.id, to: .waiting, reason: "\(error)")
            }
            throw error
        }
        try await store.write { try $0.setEngineOperation(operation.id, to: .accepted) }
        try await verify(operation, client)
    }

    private func verify(_ operation: EngineOperation, _ client: EngineClient) async throws {
        guard let comparison = try await look(operation, client) else { return }
        guard comparison != .different else { return try await miss(operation) }
        try await end(operation, comparison)
    }

    private func end(_ operation: EngineOperation, _ comparison: ItemComparison) async throws {
        try await change(comparison == .same ? .done(operation) : .altered(operation)) {
            try $0.endEngineOperation(operation)
        }
    }

    /// It was accepted and is not there: some engines need a moment, but it is never sent again
    /// unasked, since its readers may have got it.
    private func miss(_ operation: EngineOperation) async throws {
        misses = (operation.id, misses.operation == operation.id ? misses.count + 1 : 1)
        let what = "It has accepted '\(operation.target.item)', but does not show it that way."
        guard misses.count >= Self.looks else { throw EngineError.unanswered(what) }
        try await refuse(operation, what)
    }

    private func refuse(_ operation: EngineOperation, _ reason: String) async throws {
        try await change(.refused(operation, reason)) {
            try $0.setEngineOperation(operation.id, to: .refused, reason: reason)
        }
    }
}
