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
    /// What the service says of itself, which never changes.
    let serviceInfo: Element
    let payloads = PayloadCache()
    /// How many begin to read, by whichever way.
    public let signUps: SignUpCounter

    public init(
        domain: JID,
        settings: PubSubSettings = PubSubSettings(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.domain = domain
        self.settings = settings
        self.now = now
        serviceInfo = Self.serviceInfo(settings).element
        signUps = SignUpCounter(settings.signUps)
    }

    /// Answers a request to the domain; anything that is no request has no effect.
    ///
    /// Throws what the database throws. A rule that is broken is an answer, not an error, and has
    /// changed nothing.
    public func handle(
        _ iq: IQ,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        var effects: [PubSubEffect] = []
        _ = try respond(to: iq, adding: &effects, in: transaction)
        return effects
    }

    /// The same for those who answer many: adds the effects to those of others.
    ///
    /// - Returns: About how many bytes of items and lists the reply holds; what is always short does
    ///   not count.
    public func respond(
        to iq: IQ,
        adding effects: inout [PubSubEffect],
        in transaction: borrowing Transaction
    ) throws -> Int {
        guard iq.type.isRequest else { return 0 }
        do {
            let answer = try answer(to: iq, in: transaction)
            effects += answer.preliminaries
            effects.append(.reply(iq.reply(with: answer.payload)))
            effects += answer.effects
            return answer.size
        } catch let error as PubSubError {
            var reply = iq.reply(error: error.stanzaError)
            reply.payload = error.payload
            effects.append(.reply(reply))
            return 0
        }
    }

    /// Whether a request changes nothing, so that it needs no transaction that locks.
    public static func onlyAsks(_ iq: IQ) -> Bool {
        // Who looks for something in an archive `sets` the query (XEP-0313 §4.1).
        iq.type == .get || iq.type == .set && iq.payload?.isNamed("query", in: .archive) == true
    }
}

// MARK: - Which request

extension PubSubService {
    private func answer(to iq: IQ, in transaction: borrowing Transaction) throws -> Answer {
        guard let payload = iq.payload else { throw PubSubError.notUnderstood }
        switch (payload.name, payload.namespace, iq.type) {
        case ("query", .discoInfo, .get):
            return try info(payload, for: iq.from, in: transaction)
        case ("query", .discoItems, .get):
            return try items(payload, for: iq.from, in: transaction)
        case ("ping", .ping, .get):
            return .done
        case ("query", .softwareVersion, .get):
            return Answer(payload: settings.version.element)
        case ("query", .archive, .get):
            return archiveForm(payload)
        case ("query", .archive, .set):
            guard let sender = iq.from else { throw PubSubError.notUnderstood }
            return try search(payload, for: sender, in: transaction)
        case ("command", .commands, .set):
            guard let sender = iq.from else { throw PubSubError.notUnderstood }
            return try answer(AdHocCommand(payload), from: sender, in: transaction)
        case ("pubsub", .pubsub, _), ("pubsub", .pubsubOwner, _):
            return try answerPubSub(iq, in: transaction)
        default:
            throw PubSubError.notUnderstood
        }
    }

    /// Reads the request and carries it out; what it did is undone if it fails halfway.
    private func answerPubSub(_ iq: IQ, in transaction: borrowing Transaction) throws -> Answer {
        let request: PubSubRequest
        do {
            request = try PubSubRequest(iq)
        } catch {
            throw PubSubError.malformed(error)
        }
        guard let sender = iq.from else { throw PubSubError.notUnderstood }
        try checkIsHere(request, from: sender, in: transaction)
        guard request.hasParts else {
            return try self.answer(request, from: sender, in: transaction)
        }
        return try transaction.savepoint {
            try self.answer(request, from: sender, in: transaction)
        }
    }

    private func answer(
        _ request: PubSubRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        switch request {
        case .subscribe(let request):
            try subscribe(request, from: sender, in: transaction)
        case .unsubscribe(let request):
            try unsubscribe(request, from: sender, in: transaction)
        case .subscriptions(let node):
            try subscriptions(of: sender, to: node, in: transaction)
        case .options(let request):
            try options(request, from: sender, in: transaction)
        case .items(let request):
            try items(request, for: sender, in: transaction)
        case .create(let request):
            try create(request, from: sender, in: transaction)
        case .configure(let request):
            try configure(request, from: sender, in: transaction)
        case .defaultConfiguration:
            defaultConfiguration()
        case .delete(let request):
            try delete(request, from: sender, in: transaction)
        case .purge(let node):
            try purge(node, from: sender, in: transaction)
        case .publish(let request):
            try publish(request, from: sender, in: transaction)
        case .retract(let request):
            try retract(request, from: sender, in: transaction)
        case .affiliations(let node):
            try affiliations(of: sender, with: node, in: transaction)
        case .affiliates(let node, let page):
            try affiliates(of: node, for: sender, page, in: transaction)
        case .changeAffiliates(let changes):
            try change(changes, by: sender, in: transaction)
        case .subscribers(let node, let page):
            try subscribers(of: node, for: sender, page, in: transaction)
        case .changeSubscribers(let changes):
            try change(changes, by: sender, in: transaction)
        case .defaultOptions(let node):
            try defaultOptions(at: node, for: sender, in: transaction)
        }
    }
}

extension PubSubRequest {
    /// Whether it may fail when some of it is done already.
    fileprivate var hasParts: Bool {
        switch self {
        case .publish, .retract, .create, .configure, .delete, .purge, .changeSubscribers,
            .changeAffiliates:
            true
        default: false
        }
    }
}
