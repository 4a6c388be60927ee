import Logging
import PubSub
import Storage
import XMPP

/// Answers the requests to the domain, in transactions of many.
struct ServiceDesk: Sendable {
    let service: PubSubService
    let store: Store
    /// Whether a room vouches for somebody who wants to create a node.
    var admits: @Sendable (JID) async -> Bool = { _ in false }
    /// About how many bytes of answers are made at once.
    var portionSize = TrafficLimits().answerBytes
    let logger: Logger

    /// What as many of the requests lead to as make a portion.
    struct Portion {
        fileprivate(set) var effects: [PubSubEffect] = []
        /// How many of the requests it answers, from the first on.
        fileprivate(set) var count = 0

        /// Adds the answers to the requests until there is enough to be written.
        fileprivate mutating func fill(
            _ requests: ArraySlice<IQ>,
            size: Int,
            answer: (IQ, inout [PubSubEffect]) throws -> Int
        ) rethrows {
            var left = size
            for request in requests where left > 0 {
                let known = effects.count
                left -= try answer(request, &effects)
                for effect in effects[known...] where left > 0 { left -= effect.size }
                count += 1
            }
        }
    }

    /// What the first of the requests lead to, once all that was decided is stored: as many as make a
    /// portion, so that not all answers to those who ask for much wait in memory at once.
    ///
    /// If a request fails in a way that no rule foresees, all begins anew with a savepoint for
    /// each, so that the others are left alone. If the transaction as a whole fails nothing has
    /// happened, and everybody is told so.
    nonisolated(nonsending) func portion(of requests: ArraySlice<IQ>) async -> Portion {
        guard !requests.isEmpty else { return Portion() }
        if let portion = answers(to: requests) { return portion }
        let service = await service(for: requests)
        do {
            return try await store.write(
                { try portion(of: requests, at: service, in: $0) },
                orElse: { try oneByOne(requests, at: service, in: $0, after: $1) }
            )
        } catch {
            return failures(of: requests, after: error)
        }
    }

    /// What the first of the requests lead to at the service as it is to these people; an error undoes
    /// all of it.
    func portion(
        of requests: ArraySlice<IQ>,
        at service: PubSubService,
        in transaction: borrowing Transaction
    ) throws -> Portion {
        var portion = Portion(effects: try service.endLeases(in: transaction))
        try portion.fill(requests, size: portionSize) { request, effects in
            try service.respond(to: request, adding: &effects, in: transaction)
        }
        return portion
    }

    /// The same once more, after an error in their transaction: each has a savepoint.
    func oneByOne(
        _ requests: ArraySlice<IQ>,
        at service: PubSubService,
        in transaction: borrowing Transaction,
        after error: any Error
    ) throws -> Portion {
        logger.debug("One by one", metadata: ["reason": "\(error)"])
        var portion = Portion(effects: try service.endLeases(in: transaction))
        portion.fill(requests, size: portionSize) { request, effects in
            let known = effects.count
            do {
                return try transaction.savepoint {
                    try service.respond(to: request, adding: &effects, in: transaction)
                }
            } catch {
                note(error)
                effects.removeSubrange(known...)
                effects.append(Self.failure(of: request))
                return 0
            }
        }
        return portion
    }

    /// What those who asked are told if nothing can be stored.
    func failures(of requests: ArraySlice<IQ>, after error: any Error) -> Portion {
        note(error)
        return Portion(effects: requests.map(Self.failure), count: requests.count)
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
    private func answers(to requests: ArraySlice<IQ>) -> Portion? {
        guard requests.allSatisfy(PubSubService.onlyAsks) else { return nil }
        return try? store.readNow { transaction in
            guard try !service.areLeasesOver(in: transaction) else { return nil }
            var portion = Portion()
            try portion.fill(requests, size: portionSize) { request, effects in
                try service.respond(to: request, adding: &effects, in: transaction)
            }
            return portion
        }
    }

    /// The service as it is to these people: the rooms are asked only where it matters.
    private nonisolated(nonsending) func service(for requests: ArraySlice<IQ>) async
        -> PubSubService
    {
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
