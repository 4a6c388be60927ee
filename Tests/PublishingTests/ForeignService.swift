import PubSub
import PubSubWire
import Storage
import Synchronization
import XML
import XMPP

@testable import Publishing

/// A PubSub service somewhere else, with rules and a database of its own, and bad days.
final class ForeignService: Sendable {
    /// What happens to a request.
    enum Fate: Sendable {
        case answered
        /// It never arrives.
        case lost
        /// It arrives when somebody has looked for its item in vain.
        case late
        /// It is carried out, and its answer never arrives.
        case answerLost
        case refused(StanzaError)
        /// It is answered, and nothing was done.
        case pretended
    }

    struct NoAnswer: Error, CustomStringConvertible {
        let description = "No answer came in time."
    }

    let service: PubSubService
    let store: Store
    private let days = Mutex<(fate: @Sendable (IQ) -> Fate, asked: [IQ])>(({ _ in .answered }, []))
    private let onItsWay = Mutex<IQ?>(nil)

    static let address = "pubsub.mantua.example"

    init(addsReaders: Bool = false) throws {
        var settings = PubSubSettings()
        settings.ownersAddReaders = addsReaders
        settings.creators = NodeCreators(domains: [Press.domain])
        service = PubSubService(domain: try JID(Self.address), settings: settings)
        store = try Store.inMemory()
    }

    /// Says what happens from now on.
    func treat(_ fate: @escaping @Sendable (IQ) -> Fate) {
        days.withLock { $0.fate = fate }
    }

    /// All that was asked of it.
    var asked: [IQ] { days.withLock(\.asked) }

    /// What was asked of it and changes something: `publish`, `retract`, in order, done or not.
    var changes: [String] {
        days.withLock(\.asked).compactMap { iq in
            guard iq.type == .set,
                let action = iq.payload?.elements.first(where: { $0.child("item") != nil })
            else { return nil }
            guard let item = action.child("item")?["id"] else { return nil }
            return "\(action.name) \(item)"
        }
    }

    func ask(_ request: IQ) async throws -> IQ {
        let fate = days.withLock(\.fate)(request)
        days.withLock { $0.asked.append(request) }
        switch fate {
        case .lost: throw NoAnswer()
        case .late:
            onItsWay.withLock { $0 = request }
            throw NoAnswer()
        case .refused(let error): return request.reply(error: error)
        case .pretended: return request.reply()
        case .answered:
            let answer = try await carryOut(request)
            if request.type == .get, request.payload?.child("items") != nil,
                let late = onItsWay.withLock({ late in late.take() })
            {
                _ = try await carryOut(late)
            }
            return answer
        case .answerLost:
            _ = try await carryOut(request)
            throw NoAnswer()
        }
    }

    private func carryOut(_ request: IQ) async throws -> IQ {
        let effects = try await store.write { [service] in try service.handle(request, in: $0) }
        for case .reply(let reply) in effects { return reply }
        throw NoAnswer()
    }

    /// The texts that stand there in a node, in the order of their publication.
    func texts(in node: NodeID) async throws -> [String] {
        try await store.read { transaction in
            guard let record = try transaction.node(named: node) else { return [] }
            return try transaction.items(of: record.id).compactMap {
                try $0.payloadElement()?.child("content")?.text
            }
        }
    }
}

extension IQ {
    /// Whether it publishes or retracts.
    var isAboutItems: Bool {
        guard type == .set, let payload else { return false }
        return payload.child("publish") != nil || payload.child("retract") != nil
    }
}
