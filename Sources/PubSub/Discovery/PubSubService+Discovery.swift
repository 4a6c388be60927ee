import Storage
import XML
import XMPP

/// What there is to find out about the service and its nodes (XEP-0060 §5).
extension PubSubService {
    /// The answer to disco#info, for the service (§5.1) or a node (§5.3).
    func info(
        of node: NodeID?,
        in transaction: borrowing Transaction
    ) throws -> DiscoInfo {
        guard let node else {
            return DiscoInfo(
                identities: [
                    .init(category: "pubsub", type: "service", name: settings.name)
                ],
                features: ServiceFeatures.all + settings.furtherFeatures
            )
        }
        let record = try visibleNode(node, in: transaction)
        return DiscoInfo(
            node: node.rawValue,
            identities: [
                .init(
                    category: "pubsub",
                    type: "leaf",
                    name: record.node.title.isEmpty ? nil : record.node.title
                )
            ],
            features: [.pubsub, .discoInfo, .discoItems],
            forms: [try metaData(of: record, in: transaction)]
        )
    }

    /// The answer to disco#items: the nodes of the service (§5.2), or the items of a node (§5.5).
    ///
    /// An item's entry has the item's id for a name and no node of its own. A list too long for
    /// one answer comes as its first page, which says so.
    func items(
        of node: NodeID?,
        page: ResultSetRequest?,
        in transaction: borrowing Transaction
    ) throws -> DiscoItems {
        let entries: [DiscoItems.Entry]
        if let node {
            let record = try visibleNode(node, in: transaction)
            entries = try transaction.itemNames(of: record.id).map { name in
                DiscoItems.Entry(jid: domain, name: name.rawValue)
            }
        } else {
            entries = try transaction.nodes().filter { !$0.node.isHidden }.map { record in
                let title = record.node.title
                return DiscoItems.Entry(
                    jid: domain,
                    node: record.name.rawValue,
                    name: title.isEmpty ? nil : title
                )
            }
        }
        let ids = entries.map { $0.node ?? $0.name ?? "" }
        let asked = try ListSlice(of: ids, page ?? ResultSetRequest())
        let given = asked.shortened(to: settings.maximumListLength)
        return DiscoItems(
            node: node?.rawValue,
            entries: Array(entries[given.range]),
            page: page == nil && given == asked ? nil : given.page(of: ids)
        )
    }

    /// The form `pubsub#meta-data` (§5.4, §16.4.3).
    private func metaData(
        of record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> DataForm {
        let node = record.node
        let owner = (node.owner ?? domain).description
        let readers = try transaction.subscriptionCount(of: record.id)
        let texts: [(String, String?)] = [
            ("title", node.title), ("description", node.description),
            ("language", node.language), ("type", node.type),
            ("creation_date", DateTime(node.createdAt).description),
            ("num_subscribers", String(readers)),
        ]
        var fields = texts.compactMap { name, value in
            value.flatMap { value in
                value.isEmpty
                    ? nil : DataForm.Field("pubsub#\(name)", .textSingle, values: [value])
            }
        }
        fields.append(DataForm.Field("pubsub#creator", .jidSingle, values: [owner]))
        fields.append(DataForm.Field("pubsub#owner", .jidMulti, values: [owner]))
        return DataForm(
            .result,
            formType: "http://jabber.org/protocol/pubsub#meta-data",
            fields: fields
        )
    }
}
