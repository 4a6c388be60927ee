import Foundation
import Publishing
import Storage
import XMPP

/// People who are shut out of newsletters, or let in again, where their PubSub readers are elsewhere.
struct EngineShutOut: Sendable {
    /// How long the answer to the operator waits for an engine; what was asked for stays asked for.
    private static let patience = Duration.seconds(5)

    let newsletters: [Newsletter]
    let formerEngines: FormerEngines
    let store: Store
    let urge: @Sendable () async -> Void

    /// Asks all engines for it; to be called where our own nodes are changed.
    func ask(_ isBlocked: Bool, _ person: JID, in transaction: borrowing Transaction) throws {
        for newsletter in newsletters {
            guard let service = newsletter.engine ?? formerEngines[newsletter] else { continue }
            for feed in newsletter.allFeeds {
                let wish = EngineReaderWish(
                    newsletter: newsletter.name,
                    service: service,
                    node: feed.node,
                    reader: person,
                    isSubscribed: false,
                    standing: isBlocked ? .outcast : PubSubAffiliation.none
                )
                try transaction.addEngineReader(wish, at: Date())
            }
        }
    }

    /// What has become of it a moment later, by service.
    func outcomes(for person: JID) async throws -> [EngineShutOutOutcome] {
        let services = Set(newsletters.compactMap { $0.engine ?? formerEngines[$0] })
        guard !services.isEmpty else { return [] }
        await urge()
        let end = ContinuousClock.now + Self.patience
        var left = try await asked(person)
        while left.contains(where: { $0.state != .refused }), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(50))
            left = try await asked(person)
        }
        let refused = left.filter { $0.state == .refused }
        try await store.write { transaction in
            for reader in refused { try transaction.forgetEngineReader(reader.id) }
        }
        return services.sorted { $0.description < $1.description }.map { service in
            let own = left.filter { $0.wish.service == service }
            let waiting = own.first { $0.state != .refused }
            let state: EngineShutOutOutcome.State =
                own.isEmpty ? .done : waiting == nil ? .refused : .waiting
            let reason = waiting?.reason ?? own.lazy.compactMap(\.reason).first
            return EngineShutOutOutcome(
                service: service.description,
                state: state,
                reason: state == .done ? nil : reason
            )
        }
    }

    private func asked(_ person: JID) async throws -> [EngineReader] {
        try await store.read { try $0.engineReaders(of: person) }
            .filter { $0.wish.standing != nil && $0.wish.reader == person }
    }
}

/// What an engine has done about somebody who was shut out, or let in again.
package struct EngineShutOutOutcome: Codable, Hashable, Sendable {
    package enum State: String, Codable, Sendable {
        case done
        /// It has not answered, and is asked again until it does.
        case waiting
        case refused
    }

    package var service: String
    package var state: State
    /// Its words, if it gave any.
    package var reason: String?
}
