import Foundation
import PubSubWire
import Storage
import XML
import XMPP

/// The archive of a node: what is stored there, looked for and told as it was told once (XEP-0313,
/// XEP-0442, XEP-0431).
extension PubSubService {
    func archiveForm(_ query: Element) -> Answer {
        let node = query["node"].flatMap(NodeID.init(rawValue:)).flatMap {
            $0.rawValue.utf8.count <= NodeID.longest ? $0 : nil
        }
        return Answer(payload: ArchiveFormReply(node: node).element)
    }

    /// A message for each item found, oldest first, and then the result.
    func search(
        _ element: Element,
        for reader: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let query: ArchiveQuery
        do {
            query = try ArchiveQuery(element)
        } catch {
            throw PubSubError.malformed(error)
        }
        try checkIsHere(query.node, forReader: reader, in: transaction)
        let record = try readableNode(query.node, for: reader, in: transaction)
        guard record.configuration.persistsItems else {
            throw PubSubError.unsupported(.persistentItems)
        }
        try discardSurplus(of: record, in: transaction)
        let filter = ArchiveFilter(query)
        let asked = try ListSlice(
            of: try transaction.itemCount(of: record.id, matching: filter),
            query.page ?? ResultSetRequest(),
            place: { id in
                guard let sequence = record.sequence(ofArchiveID: id) else { return nil }
                return try transaction.place(
                    ofSequence: sequence,
                    in: record.id,
                    matching: filter
                )
            }
        )
        let items = try fitting(asked.shortened(to: settings.maximumArchivePage)) { range in
            try transaction.items(of: record.id, matching: filter, in: range)
        }
        let given = asked.shortened(to: items.count)
        let ids = items.map { record.archiveID(of: $0) }
        let end = ArchiveEnd(
            isComplete: given.isBackwards
                ? given.range.lowerBound == 0 : given.range.upperBound == given.count,
            page: given.page(first: ids.first, last: ids.last)
        )
        return Answer(
            payload: end.element,
            preliminaries: try items.map { item in
                message(try archived(item, of: record, for: query).element, to: reader)
            }
        )
    }

    private func archived(
        _ item: ItemRecord,
        of record: NodeRecord,
        for query: ArchiveQuery
    ) throws -> ArchivedItem {
        var wireItem = try wireItem(item)
        if !record.configuration.deliversPayloads { wireItem.payload = nil }
        return ArchivedItem(
            id: record.archiveID(of: item),
            queryID: query.queryID,
            stamp: DateTime(item.updatedAt),
            event: .items(ItemsEvent(node: record.name, items: [wireItem]))
        )
    }
}

extension ArchiveFilter {
    fileprivate init(_ query: ArchiveQuery) {
        self.init(
            publisher: query.publisher?.bare.description,
            start: query.start,
            end: query.end,
            text: query.text
        )
    }
}

/// The id of an item's publication in the archive: when its node was made, and its place there.
/// Neither comes again, also when the node is purged, or another of the same name is made.
extension NodeRecord {
    fileprivate func archiveID(of item: ItemRecord) -> String {
        "\(archivePrefix)\(item.sequence)"
    }

    fileprivate func sequence(ofArchiveID id: String) -> Int? {
        guard id.hasPrefix(archivePrefix) else { return nil }
        return Int(id.dropFirst(archivePrefix.count))
    }

    private var archivePrefix: String {
        "\(Int(node.createdAt.timeIntervalSince1970 * 1000))-"
    }
}
