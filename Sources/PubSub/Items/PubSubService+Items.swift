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
    ) throws -> Answer {
        if let target = Self.target(ofPublicList: request.node) {
            return try publicSubscribers(request, of: target, for: reader, in: transaction)
        }
        let node = try readableNode(request.node, for: reader, in: transaction)
        guard node.configuration.persistsItems else {
            throw PubSubError.unsupported(.persistentItems)
        }
        if let subID = request.subID { throw PubSubError.unknownSubscriptionID(subID) }
        if node.configuration.itemExpiry != nil { try discardSurplus(of: node, in: transaction) }
        return request.ids.isEmpty
            ? try page(of: node, request, in: transaction)
            : try named(request, at: node, in: transaction)
    }

    /// The items of those ids, newest first: as many as fit into an answer (§6.5.8).
    ///
    /// Those that are not there are left out, which is no error (§6.5.9.12).
    private func named(
        _ request: ItemsRequest,
        at node: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let names = try transaction.itemNames(of: node.id, among: request.ids)
        let asked = try ListSlice(of: names.map(\.rawValue), request.page ?? ResultSetRequest())
        let records = try fitting(asked) { range in
            try transaction.items(of: node.id, named: Array(names[range]))
        }
        return try answer(request, asked, records)
    }

    /// A part of the node, newest first: as much as was asked for and fits into an answer.
    private func page(
        of node: NodeRecord,
        _ request: ItemsRequest,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let ordering = request.order.map(ItemOrdering.init) ?? .newestFirst
        let total = try transaction.itemCount(of: node.id)
        let asked = try ListSlice(
            of: min(total, request.maxItems ?? .max),
            request.page ?? ResultSetRequest(),
            place: { try place(of: $0, in: node, by: ordering, in: transaction) }
        )
        let records = try fitting(asked) { range in
            try transaction.items(of: node.id, by: ordering, in: range)
        }
        return try answer(request, asked, records)
    }

    private func answer(
        _ request: ItemsRequest,
        _ asked: ListSlice,
        _ records: [ItemRecord]
    ) throws -> Answer {
        let given = asked.shortened(to: records.count)
        // Whoever did not ask for a page is told of it when there is more (§6.5.4).
        let isWhole = request.page == nil && given == asked
        let reply = ItemsReply(
            node: request.node,
            items: try records.map(wireItem),
            page: isWhole
                ? nil
                : given.page(
                    first: records.first?.name.rawValue,
                    last: records.last?.name.rawValue
                )
        )
        return Answer(payload: reply.element, size: records.map(\.sizeInAnswer).reduce(0, +))
    }

    func place(
        of id: String,
        in record: NodeRecord,
        by ordering: ItemOrdering,
        in transaction: borrowing Transaction
    ) throws -> Int? {
        guard let name = ItemID(rawValue: id) else { return nil }
        return try transaction.place(of: name, in: record.id, by: ordering)
    }

    /// How many items are read at once: few, since a long list ends with what fits an answer.
    private static let portion = 20

    /// The items of the slice that fit into one answer, one at least; `read` gets those at such places
    /// of the list.
    func fitting(
        _ slice: ListSlice,
        read: (Range<Int>) throws -> [ItemRecord]
    ) throws -> [ItemRecord] {
        var records: [ItemRecord] = []
        var size = 0
        while records.count < slice.range.count {
            let rest =
                slice.isBackwards
                ? slice.range.dropLast(records.count).suffix(Self.portion)
                : slice.range.dropFirst(records.count).prefix(Self.portion)
            let portion = try read(rest)
            for record in slice.isBackwards ? portion.reversed() : portion {
                size += record.sizeInAnswer
                if size > settings.maximumAnswerSize, !records.isEmpty {
                    return slice.isBackwards ? records.reversed() : records
                }
                records.append(record)
            }
        }
        return slice.isBackwards ? records.reversed() : records
    }

    /// The item with the publisher that the service knows, whatever it was published with.
    func wireItem(_ record: ItemRecord) throws -> PubSubItem {
        PubSubItem(
            id: record.name,
            publisher: try? JID(record.publisher),
            payload: try payloads.payload(of: record)
        )
    }
}

extension ItemOrdering {
    init(_ order: ItemsOrder) {
        self.init(
            order.key == .creation ? .creation : .modification,
            isDescending: order.isDescending
        )
    }
}
