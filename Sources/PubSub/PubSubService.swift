public import Foundation
import PubSubWire
public import Storage
import XML
public import XMPP

/// The PubSub service at a component's domain (XEP-0060): its rules.
///
/// A request is answered within a transaction that the caller owns; the effects it returns leave
/// only once that is committed. What peers ask over the wire and what other parts of the program
/// do from inside goes through the same rules.
public struct PubSubService: Sendable {
    /// The address PubSub is answered at.
    public let domain: JID

    let settings: PubSubSettings
    let now: @Sendable () -> Date

    public init(
        domain: JID,
        settings: PubSubSettings = PubSubSettings(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.domain = domain
        self.settings = settings
        self.now = now
    }

    /// Answers a request to the domain; anything that is no request has no effect.
    ///
    /// Throws what the database throws. A rule that is broken is an answer, not an error, and has
    /// changed nothing.
    public func handle(
        _ iq: IQ,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard iq.type.isRequest else { return [] }
        do {
            return [.reply(iq.reply(with: try answer(to: iq, in: transaction)))]
        } catch let error as PubSubError {
            return [.reply(iq.reply(error: error.stanzaError))]
        }
    }
}

// MARK: - Which request

extension PubSubService {
    /// The payload of the answer; nil for a result that has none.
    private func answer(to iq: IQ, in transaction: borrowing Transaction) throws -> Element? {
        guard let payload = iq.payload else { throw PubSubError.notUnderstood }
        switch (payload.name, payload.namespace, iq.type) {
        case ("query", .discoInfo, .get):
            return try info(of: payload.discoNode, in: transaction).element
        case ("query", .discoItems, .get):
            let page = payload.child("set", in: .resultSets).map(ResultSetRequest.init)
            return try items(of: payload.discoNode, page: page, in: transaction).element
        case ("ping", .ping, .get):
            return nil
        case ("query", .softwareVersion, .get):
            return settings.version.element
        case ("pubsub", .pubsub, _), ("pubsub", .pubsubOwner, _):
            return try answerPubSub(iq, in: transaction)
        default:
            throw PubSubError.notUnderstood
        }
    }

    private func answerPubSub(
        _ iq: IQ,
        in transaction: borrowing Transaction
    ) throws -> Element? {
        let request: PubSubRequest
        do {
            request = try PubSubRequest(iq)
        } catch {
            throw PubSubError.malformed(error)
        }
        guard let sender = iq.from else { throw PubSubError.notUnderstood }
        return try answer(request, from: sender, in: transaction)
    }

    private func answer(
        _ request: PubSubRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Element? {
        switch request {
        case .subscribe(let request):
            return try subscribe(request, from: sender, in: transaction).element
        case .unsubscribe(let request):
            try unsubscribe(request, from: sender, in: transaction)
            return nil
        case .subscriptions(let node):
            return try subscriptions(of: sender, to: node, in: transaction).element
        case .options(let request):
            return try options(request, from: sender, in: transaction)?.element
        case .items(let request):
            return try items(request, for: sender, in: transaction).element
        case .configure(let owners):
            throw try refusal(of: request, at: owners.node, in: transaction)
        case .delete(let owners):
            throw try refusal(of: request, at: owners.node, in: transaction)
        case .changeSubscribers(let owners):
            throw try refusal(of: request, at: owners.node, in: transaction)
        case .changeAffiliates(let owners):
            throw try refusal(of: request, at: owners.node, in: transaction)
        case .purge(let node), .subscribers(let node), .affiliates(let node):
            throw try refusal(of: request, at: node, in: transaction)
        case .affiliations, .defaultOptions, .publish, .retract, .create, .defaultConfiguration:
            throw PubSubError.unsupported(request.feature)
        }
    }
}

extension Element {
    /// The node that discovery is about; clients write an empty one where they mean none.
    fileprivate var discoNode: NodeID? {
        self["node"].flatMap(NodeID.init(rawValue:))
    }
}
