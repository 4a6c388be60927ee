import Logging
import PubSub
import Storage
import XMPP

/// Answers the requests to the domain: all of one read in one transaction.
struct ServiceDesk: Sendable {
    let service: PubSubService
    let store: Store
    let logger: Logger

    /// What the requests lead to, once all that was decided is stored.
    ///
    /// Each has a savepoint of its own, so that one that fails leaves the others alone. If the
    /// transaction as a whole fails nothing has happened, and everybody is told so.
    func effects(of requests: [IQ]) async -> [PubSubEffect] {
        do {
            return try await store.write { transaction in
                var effects: [PubSubEffect] = []
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

    /// What an owner's decision leads to, once it is stored.
    func effects(of decision: Message) async -> [PubSubEffect] {
        do {
            return try await store.write { transaction in
                try service.handle(decision, in: transaction)
            }
        } catch {
            note(error)
            return [.message(decision.reply(error: Self.failure))]
        }
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
