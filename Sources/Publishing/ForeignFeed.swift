import Engine
public import PubSubWire
public import XMPP

/// A node of another PubSub service, read as its client.
public struct ForeignFeed: Sendable {
    /// Sends a request and hands out what answers it.
    public typealias Ask = @Sendable (IQ) async throws -> IQ

    /// No feed that is taken over has more.
    public static let mostItems = 10_000
    private static let pageSize = 50

    public let service: JID
    public let node: NodeID
    private let reader: JID
    private let ask: Ask

    /// - Parameters:
    ///   - node: the node.
    ///   - service: where it is; a bare address for somebody's own (XEP-0163).
    ///   - reader: our address, which has to be let in.
    ///   - ask: how to ask.
    public init(_ node: NodeID, at service: JID, as reader: JID, ask: @escaping Ask) {
        self.node = node
        self.service = service
        self.reader = reader
        self.ask = ask
    }

    /// What a service gave of a feed.
    public struct Content: Sendable {
        /// In the service's order.
        public let items: [PubSubItem]
        /// Whether these are as many as the service says there are, and each has an id.
        ///
        /// A service that knows no pages gives all at once, or the first ones, and nobody can tell.
        public let isWhole: Bool
    }

    /// All items, page by page (XEP-0059), or one by one if such an answer is larger than a stanza may be.
    ///
    /// - Throws: ``ForeignFeedError``, or what asking throws.
    public func content() async throws -> Content {
        var items: [PubSubItem] = []
        var known: Set<ItemID?> = []
        var page = ResultSetRequest(max: Self.pageSize)
        while true {
            let reply: ItemsReply
            do {
                reply = try await self.reply(to: ItemsRequest(node: node, page: page))
            } catch ForeignFeedError.tooLarge(_, let reason) {
                // A service that knows no pages gives all of them in one.
                return try await singly(reason)
            }
            // Some services begin anew behind the end.
            let new = reply.items.filter { known.insert($0.id).inserted }
            items += new
            guard items.count <= Self.mostItems else { throw ForeignFeedError.tooMany(node) }
            guard !new.isEmpty, let last = reply.page?.last, items.count < reply.page?.count ?? .max
            else {
                let isWhole = reply.page?.count == items.count && !known.contains(nil)
                return Content(items: items, isWhole: isWhole)
            }
            page.after = last
        }
    }

    /// Deletes the node, which says where its items are from now on (XEP-0060 §8.4.1).
    public func delete(redirectingTo uri: String) async throws {
        let request = PubSubRequest.delete(DeleteRequest(node: node, redirect: uri))
        let answer = try await ask(request.iq(to: service, from: reader))
        if let error = answer.error {
            throw ForeignFeedError.refused(service, error.condition, error.text)
        }
    }

    /// All that the service names (XEP-0060 §5.5), each by its id; `reason` is why.
    private func singly(_ reason: String) async throws -> Content {
        let client = EngineClient(service, as: reader, ask: ask)
        let names: [ItemID]?
        do {
            names = try await client.itemNames(at: node)
        } catch {
            guard case .tooLarge(let reason) = error else { throw error }
            throw ForeignFeedError.tooLarge(service, reason)
        }
        guard let names, !names.isEmpty else { throw ForeignFeedError.tooLarge(service, reason) }
        guard names.count <= Self.mostItems else { throw ForeignFeedError.tooMany(node) }
        var items: [PubSubItem] = []
        for name in names {
            do {
                let reply = try await reply(to: ItemsRequest(node: node, ids: [name]))
                items += reply.items.filter { $0.id == name }
            } catch ForeignFeedError.refused(_, .itemNotFound, _) {
                // It was withdrawn meanwhile.
            }
        }
        return Content(items: items, isWhole: items.count == names.count)
    }

    private func reply(to request: ItemsRequest) async throws -> ItemsReply {
        let answer = try await ask(PubSubRequest.items(request).iq(to: service, from: reader))
        if let error = answer.error {
            guard !error.isOversizedAnswer(to: reader) else {
                throw ForeignFeedError.tooLarge(service, error.text ?? "")
            }
            throw ForeignFeedError.refused(service, error.condition, error.text)
        }
        guard let payload = answer.payload, let reply = try ItemsReply(payload) else {
            throw ForeignFeedError.noItems(service)
        }
        return reply
    }
}

/// Why the items of another service can't be had.
public enum ForeignFeedError: Error, Hashable, CustomStringConvertible {
    case refused(JID, StanzaError.Condition, String?)
    case noItems(JID)
    case tooMany(NodeID)
    /// So is an answer, also where each is asked for alone; in words.
    case tooLarge(JID, String)

    public var description: String {
        switch self {
        case .refused(let service, let condition, let text):
            "\(service) refuses that (\(condition.rawValue)" + (text.map { ": \($0)" } ?? "") + ")."
        case .noItems(let service):
            "\(service) answers with something that is no list of items."
        case .tooMany(let node):
            "'\(node)' has more than \(ForeignFeed.mostItems) items, which is no newsletter."
        case .tooLarge(let service, let reason):
            "\(service) gives too much at once. \(reason) Raise it above that, and restart Broadsheet."
        }
    }
}
