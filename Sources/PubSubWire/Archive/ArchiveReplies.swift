public import XML
public import XMPP

/// The fields a query may have (XEP-0313 §4.1.5).
public struct ArchiveFormReply: Hashable, Sendable {
    public var node: NodeID?

    public init(node: NodeID?) {
        self.node = node
    }

    public var element: Element {
        Element("query", in: .archive, ["node": node?.rawValue]) { ArchiveQuery.form.element }
    }
}

/// An item from the archive, as the event that once told of it (XEP-0313 §4.2, XEP-0442 §3).
public struct ArchivedItem: Hashable, Sendable {
    public var id: String
    public var queryID: String?
    public var stamp: DateTime
    public var event: PubSubEvent

    public init(id: String, queryID: String?, stamp: DateTime, event: PubSubEvent) {
        self.id = id
        self.queryID = queryID
        self.stamp = stamp
        self.event = event
    }

    public var element: Element {
        Element("result", in: .archive, ["id": id, "queryid": queryID]) {
            Element("forwarded", in: .forwarding) {
                Delay(stamp: stamp).element
                Element("message", in: .client) { event.element }
            }
        }
    }
}

/// What ends the results of a query (XEP-0313 §4.3).
public struct ArchiveEnd: Hashable, Sendable {
    /// Whether nothing follows what was given.
    public var isComplete: Bool
    public var page: ResultSetPage

    public init(isComplete: Bool, page: ResultSetPage) {
        self.isComplete = isComplete
        self.page = page
    }

    public var element: Element {
        Element("fin", in: .archive, ["complete": isComplete ? "true" : nil]) { page.element }
    }
}
