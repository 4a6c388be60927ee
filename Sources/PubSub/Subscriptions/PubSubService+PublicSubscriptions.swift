import PubSubWire
import Storage
import XML
import XMPP

/// Who reads a node and lets everybody know (XEP-0465).
///
/// The list is a node of its own to those who fetch it; it is made from the subscriptions each
/// time, so no way of leaving can be forgotten.
extension PubSubService {
    /// The node whose public readers are asked for; nil if the name is another's.
    static func target(ofPublicList name: NodeID) -> NodeID? {
        let prefix = "urn:xmpp:pps:subscribers:0/"
        guard name.rawValue.hasPrefix(prefix) else { return nil }
        return NodeID(rawValue: String(name.rawValue.dropFirst(prefix.count)))
    }

    func publicSubscribers(
        _ request: ItemsRequest,
        of target: NodeID,
        for reader: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let record = try readableNode(target, for: reader, in: transaction)
        let items = try transaction.publicSubscriptions(to: record.id).map { subscription in
            PublicSubscriber(subscription.jid.bare).item
        }
        .filter { item in
            request.ids.isEmpty || item.id.map(request.ids.contains) == true
        }
        let ids = items.map { $0.id?.rawValue ?? "" }
        let newest = Array(ids.prefix(request.maxItems ?? .max))
        let asked = try ListSlice(of: newest, request.page ?? ResultSetRequest())
        let most = asked.shortened(to: settings.maximumListLength)
        let (given, list) = most.fitting(
            Array(items[most.range]),
            within: settings.maximumAnswerSize,
            // The address stands there twice.
            size: { Self.entrySize + 2 * ($0.id?.rawValue.sizeInAttribute ?? 0) }
        )
        let isWhole = request.page == nil && given == asked
        let reply = ItemsReply(
            node: request.node,
            items: list,
            page: isWhole ? nil : given.page(of: newest)
        )
        return Answer(payload: reply.element)
    }
}
