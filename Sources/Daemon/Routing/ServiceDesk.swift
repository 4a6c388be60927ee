import Logging
import PubSub
import Storage
import XMPP

/// Answers the requests to the domain: all that arrived together in one transaction.
struct ServiceDesk: Sendable {
    let service: PubSubService
    let store: Store
    /// Whether a room vouches for somebody who wants to create a node.
    var admits: @Sendable (JID) async -> Bool = { _ in false }
    let logger: Logger

    /// What the requests lead to, once all that was decided is stored.
    ///
    /// If a request fails in a way that no rule foresees, all begins anew with a savepoint for
    /// each, so that the others are left alone. If the transaction as a whole fails nothing has
    /// happened, and everybody is told so.
    nonisolated(nonsending) func effects(of requests: [IQ]) async -> [PubSubEffect] {
        guard !requests.isEmpty else { return [] }
        if let effects = answers(to: requests) { return effects }
        let service = await service(for: requests)
        do {
            return try await store.write { transaction in
                var effects = try service.endLeases(in: transaction)
                for request in requests {
                    effects += try service.handle(request, in: transaction)
                }
                return effects
            }
        } catch {
            logger.debug("One by one", metadata: ["reason": "\(error)"])
            return await effectsOneByOne(of: requests, at: service)
        }
    }

    /// What an owner's decision leads to, once it is stored.
    nonisolated(nonsending) func effects(of decision: Message) async -> [PubSubEffect] {
        do {
            return try await store.write { transaction in
                try service.handle(decision, in: transaction)
            }
        } catch {
            note(error)
            return [.message(decision.reply(error: Self.failure))]
        }
    }

    /// What the service has to do and to tell without being asked.
    func upkeep() async -> [PubSubEffect] {
        do {
            return try await store.write { try service.upkeep(in: $0) }
        } catch {
            logger.error("Upkeep failed", metadata: ["reason": "\(error)"])
            return []
        }
    }

    /// The answers, if all of the requests only ask: then nothing is locked or waits for the disk.
    ///
    /// Nil if something has to be stored all the same, as when a lease is over.
    private func answers(to requests: [IQ]) -> [PubSubEffect]? {
        guard requests.allSatisfy({ $0.type == .get }) else { return nil }
        return try? store.readNow { transaction in
            guard try !service.areLeasesOver(in: transaction) else { return nil }
            return try requests.flatMap { try service.handle($0, in: transaction) }
        }
    }

    private nonisolated(nonsending) func effectsOneByOne(
        of requests: [IQ],
        at service: PubSubService
    ) async -> [PubSubEffect] {
        do {
            return try await store.write { transaction in
                var effects = try service.endLeases(in: transaction)
                for request in requests {
                    do {
                        effects += try transaction.savepoint {
                            try service.handle(request, in: transaction)
                        }
                    } catch {
                        note(error)
                        effects.append(Self.failure(of: request))
                    }
                }
                return effects
            }
        } catch {
            note(error)
            return requests.map(Self.failure)
        }
    }

    /// The service as it is to these people: the rooms are asked only where it matters.
    private nonisolated(nonsending) func service(for requests: [IQ]) async -> PubSubService {
        var admitted: Set<JID> = []
        for request in requests where PubSubService.mayMakeNode(request) {
            guard let sender = request.from?.bare, !admitted.contains(sender) else { continue }
            if await admits(sender) { admitted.insert(sender) }
        }
        return admitted.isEmpty ? service : service.admitting(admitted)
    }

    private func note(_ error: any Error) {
        logger.error("A request failed", metadata: ["reason": "\(error)"])
    }

    private static func failure(of request: IQ) -> PubSubEffect {
        .reply(request.reply(error: failure))
    }

    private static let failure = StanzaError(
        .internalServerError,
        type: .wait,
        text: "The service can't store anything at the moment. Please try again later."
    )
}
