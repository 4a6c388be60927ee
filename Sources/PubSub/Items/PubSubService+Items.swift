import PubSubWire
import Storage
import XML
import XMPP

/// Fetching what was published (XEP-0060 §6.5).
extension PubSubService {
    func items(
        _ request: ItemsRequest,
        for reader: JID,
        in transaction: borrowing Transaction
    ) throws -> ItemsReply {
        let node = try readableNode(request.node, for: reader, in: transaction)
        if let subID = request.subID { throw PubSubError.unknownSubscriptionID(subID) }
        guard request.ids.isEmpty else {
            let records = try transaction.items(of: node.id, named: request.ids)
            guard !records.isEmpty else { throw PubSubError.itemNotFound(request.node) }
            return ItemsReply(node: request.node, items: try records.map(wireItem))
        }
        return try page(of: node, request, in: transaction)
    }

    /// A part of the node, newest first: as much as was asked for and fits into an answer.
    private func page(
        of node: NodeRecord,
        _ request: ItemsRequest,
        in transaction: borrowing Transaction
    ) throws -> ItemsReply {
        let newest = try transaction.itemNames(of: node.id).prefix(request.maxItems ?? .max)
        let ids = newest.map(\.rawValue)
        let asked = try ListSlice(of: ids, request.page ?? ResultSetRequest())
        let records = try fitting(asked, of: Array(newest), in: node.id, transaction)
        let given = asked.shortened(to: records.count)
        // Whoever did not ask for a page is told of it when there is more (§6.5.4).
        let isWhole = request.page == nil && given == asked
        return ItemsReply(
            node: node.name,
            items: try records.map(wireItem),
            page: isWhole ? nil : given.page(of: ids)
        )
    }

    /// About what `<item id='…' publisher='…'></item>` adds to a payload, in bytes.
    private static let wrapping = 100

    /// The items of the slice that fit into one answer, one at least.
    private func fitting(
        _ slice: ListSlice,
        of names: [ItemID],
        in node: NodeRowID,
        _ transaction: borrowing Transaction
    ) throws -> [ItemRecord] {
        var records: [ItemRecord] = []
        var size = 0
        for name in slice.isBackwards ? names[slice.range].reversed() : Array(names[slice.range]) {
            guard let record = try transaction.item(name, of: node) else { continue }
            size += record.payload.count + Self.wrapping
            if size > settings.maximumAnswerSize, !records.isEmpty { break }
            records.append(record)
        }
        return slice.isBackwards ? records.reversed() : records
    }

    /// The item with the publisher that the service knows, whatever it was published with.
    private func wireItem(_ record: ItemRecord) throws -> PubSubItem {
        PubSubItem(
            id: record.name,
            publisher: try? JID(record.publisher),
            payload: try record.payloadElement()
        )
    }
}
