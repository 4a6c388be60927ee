import Engine
public import PubSubWire
public import XMPP

/// A node of another PubSub service, read as its client.
public struct ForeignFeed: Sendable {
    /// Sends a request and hands out what answers it.
    public typealias Ask = @Sendable (IQ) async throws -> IQ

    /// No feed that is taken over has more.
    public static let mostItems = 10_000
    public let service: JID
    public let node: NodeID
    let reader: JID
    let ask: Ask

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
        var reading = FeedReading()
        var items: [PubSubItem] = []
        while let portion = try await next(of: &reading) { items += portion }
        return Content(items: items, isWhole: reading.extent == .whole)
    }

    /// Deletes the node, which says where its items are from now on (XEP-0060 §8.4.1).
    public func delete(redirectingTo uri: String) async throws {
        let request = PubSubRequest.delete(DeleteRequest(node: node, redirect: uri))
        let answer = try await ask(request.iq(to: service, from: reader))
        if let error = answer.error {
            throw ForeignFeedError.refused(service, error.condition, error.text)
        }
    }

    func reply(to request: ItemsRequest) async throws -> ItemsReply {
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
