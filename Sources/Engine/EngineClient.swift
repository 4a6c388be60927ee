import PubSubWire
public import XML
public import XMPP

/// Another PubSub service as its client meets it (XEP-0060), in the name of one of our addresses.
///
/// That address owns the nodes over there, and is what clients show as the publisher of the items.
public struct EngineClient: Sendable {
    /// Sends a request and hands out what answers it, a result or an error; throws if nothing does.
    public typealias Ask = @Sendable (IQ) async throws -> IQ

    public let service: JID
    public let owner: JID
    /// The largest request that is sent, in bytes: our server would end the stream for a larger one.
    private let largestRequest: Int
    private let ask: Ask

    public init(
        _ service: JID,
        as owner: JID,
        largestRequest: Int = .max,
        ask: @escaping Ask
    ) {
        self.service = service
        self.owner = owner
        self.largestRequest = largestRequest
        self.ask = ask
    }

    /// What the service says that it can do (§10).
    public func abilities() async throws(EngineError) -> EngineAbilities {
        let query = Element("query", in: .discoInfo)
        let answer = try await answer(
            to: IQ(.get, id: "", from: owner, to: service, payload: query)
        )
        guard let info = answer.map(DiscoInfo.init) else { throw .unreadable("disco#info") }
        return EngineAbilities(info)
    }
}

// MARK: - Nodes

extension EngineClient {
    /// Makes the node as the service makes one that nothing is said about (§8.1.2).
    public func create(_ node: NodeID) async throws(EngineError) {
        try await carryOut(.create(CreateRequest(node: node)))
    }

    /// The form of the node's configuration (§8.2.1); nil if there is no such node.
    public func configuration(of node: NodeID) async throws(EngineError) -> DataForm? {
        let reply: ConfigurationReply?
        do {
            let payload = try await carryOut(.configure(ConfigureRequest(node: node)))
            reply = try payload.flatMap { try ConfigurationReply($0) }
        } catch let error as EngineError {
            if error.isNotFound { return nil }
            throw error
        } catch {
            throw .unreadable("configuration")
        }
        guard let reply else { throw .unreadable("configuration") }
        return reply.form
    }

    /// Deletes the node, with a pointer to what takes its place (§8.4.1); one that is not there is
    /// deleted already.
    public func delete(
        _ node: NodeID,
        redirectingTo uri: String
    ) async throws(EngineError) {
        do {
            try await carryOut(.delete(DeleteRequest(node: node, redirect: uri)))
        } catch {
            guard error.isNotFound else { throw error }
        }
    }

    /// Changes what the form says of the node's configuration (§8.2.4).
    public func configure(_ node: NodeID, _ form: DataForm) async throws(EngineError) {
        try await carryOut(.configure(ConfigureRequest(node: node, form: form)))
    }
}

// MARK: - Items

extension EngineClient {
    /// Publishes an item, if the node is what the preconditions say (§7.1).
    public func publish(
        _ payload: Element,
        as item: ItemID,
        at node: NodeID,
        if preconditions: DataForm?
    ) async throws(EngineError) {
        try await carryOut(
            .publish(
                PublishRequest(
                    node: node,
                    items: [PubSubItem(id: item, payload: payload)],
                    options: preconditions
                )
            )
        )
    }

    /// Deletes an item and has its readers told (§7.2); one that is not there is deleted already.
    public func retract(_ item: ItemID, from node: NodeID) async throws(EngineError) {
        do {
            try await carryOut(.retract(RetractRequest(node: node, ids: [item], notify: true)))
        } catch {
            guard error.isNotFound else { throw error }
        }
    }

    /// The ids of the node's items in the service's order (XEP-0030 by §5.5), page by page if they are told
    /// in pages (XEP-0059); some services tell none.
    public func itemNames(at node: NodeID) async throws(EngineError) -> ItemNames {
        var names: [ItemID] = []
        var known: Set<ItemID> = []
        // Entries that name no item of the node's, or one twice.
        var others = 0
        var page = ResultSetRequest(max: Self.pageSize)
        while true {
            let query = Element("query", in: .discoItems, ["node": node.rawValue]) { page.element }
            let answer = try await answer(
                to: IQ(.get, id: "", from: owner, to: service, payload: query)
            )
            guard let answer else { throw .unreadable("disco#items") }
            let list = DiscoItems(answer)
            let new = list.entries.filter { $0.node == nil }.compactMap { entry in
                entry.name.flatMap(ItemID.init(rawValue:))
            }
            .filter { known.insert($0).inserted }
            names += new
            others += answer.children("item").count { $0["node"] == nil } - new.count
            // A page without anything new would come again and again.
            guard let last = list.page?.last, !new.isEmpty, names.count < list.page?.count ?? .max
            else {
                return ItemNames(names, others: others, count: list.page?.count)
            }
            page.after = last
        }
    }

    /// Which of these items the node does not have; nil if its service does not tell.
    ///
    /// Where it names none, the first is asked for: there are none, or it names none to anybody.
    public func lacking(_ items: [ItemID], at node: NodeID) async throws(EngineError) -> [ItemID]? {
        guard let first = items.first else { return [] }
        let names = try await itemNames(at: node)
        guard names.extent != .part else { return nil }
        guard names.ids.isEmpty else {
            let there = Set(names.ids)
            return items.filter { !there.contains($0) }
        }
        return try await payload(of: first, at: node) == nil ? items : nil
    }

    /// The item as it is stored there (§6.5.8); nil if it is not there, or has no payload.
    public func payload(of item: ItemID, at node: NodeID) async throws(EngineError) -> Element? {
        let reply: ItemsReply?
        do {
            let payload = try await carryOut(.items(ItemsRequest(node: node, ids: [item])))
            reply = try payload.flatMap { try ItemsReply($0) }
        } catch let error as EngineError {
            if error.isNotFound { return nil }
            throw error
        } catch {
            throw .unreadable("list of items")
        }
        guard let reply else { throw .unreadable("list of items") }
        return reply.items.first { $0.id == item }?.payload
    }
}

// MARK: - Subscriptions

extension EngineClient {
    /// Changes somebody's subscription as an owner (§8.8.2).
    public func setSubscription(
        of reader: JID,
        to state: SubscriptionState,
        at node: NodeID
    ) async throws(EngineError) {
        let change = PubSubSubscription(node: nil, jid: reader, state: state)
        do {
            try await carryOut(.changeSubscribers(SubscriberChanges(node: node, changes: [change])))
        } catch {
            // Some say so, and some do not; nobody is subscribed to a node that is not there.
            guard state == .none, error.isNotSubscribed || error.isNotFound else { throw error }
        }
    }

    /// Who is subscribed, as an owner is told (§8.8.1), page by page if it is told in pages; nil if there
    /// is no such node.
    ///
    /// Those whose addresses are none are left out: nobody could do anything about them.
    public func subscribers(of node: NodeID) async throws(EngineError) -> [JID]? {
        var subscribers: [JID] = []
        var known: Set<JID> = []
        var number = 0
        var page: ResultSetRequest?
        while true {
            let payload: Element?
            do {
                payload = try await carryOut(.subscribers(node, page: page))
            } catch {
                if error.isNotFound { return nil }
                throw error
            }
            // Prosody 0.12 does not name the node in its list.
            guard let list = payload?.child("subscriptions") else {
                throw .unreadable("list of subscribers")
            }
            let entries = list.children("subscription")
            number += entries.count
            let more = entries.compactMap(Self.subscriber).filter { known.insert($0).inserted }
            subscribers += more
            let told = payload?.child("set", in: .resultSets).map(ResultSetPage.init)
            // A page without anybody new would come again and again. The count may be missing (XEP-0059 §2.6).
            guard let last = told?.last, !more.isEmpty, number < told?.count ?? .max else {
                return subscribers
            }
            page = ResultSetRequest(max: Self.pageSize, after: last)
        }
    }

    private static let pageSize = 1_000

    private static func subscriber(_ entry: Element) -> JID? {
        guard entry["subscription"] == SubscriptionState.subscribed.rawValue else { return nil }
        return entry["jid"].flatMap { try? JID($0) }
    }
}

// MARK: - Asking

extension EngineClient {
    @discardableResult
    private func carryOut(_ request: PubSubRequest) async throws(EngineError) -> Element? {
        try await answer(to: request.iq(to: service, from: owner))
    }

    /// So many bytes, at most, has the id that the stream gives a request.
    private static let idLength = 32

    private func answer(to request: IQ) async throws(EngineError) -> Element? {
        let size =
            request.element().xml(inheriting: .componentAccept).utf8.count + Self.idLength
        guard size <= largestRequest else {
            throw .requestTooLarge(size: size, limit: largestRequest)
        }
        let answer: IQ
        do {
            answer = try await ask(request)
        } catch {
            throw .unanswered("\(error)")
        }
        if let error = answer.error {
            throw error.isOversizedAnswer(to: owner)
                ? .tooLarge(error.text ?? "") : .refused(error)
        }
        return answer.payload
    }
}
