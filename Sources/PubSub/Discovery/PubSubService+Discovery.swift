import Storage
import XML
import XMPP

/// What there is to find out about the service and its nodes (XEP-0060 §5).
extension PubSubService {
    /// The answer to disco#info, for the service (§5.1) or a node (§5.3).
    func info(
        _ query: Element,
        for person: JID?,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        switch query["node"] ?? "" {
        case "": Answer(payload: serviceInfo)
        case Self.pendingCommandNode: Answer(payload: Self.pendingCommandInfo.element)
        case let node: Answer(payload: try nodeInfo(node, for: person, in: transaction).element)
        }
    }

    static func serviceInfo(_ settings: PubSubSettings) -> DiscoInfo {
        DiscoInfo(
            // Clients show the first one.
            identities: [.init(category: "pubsub", type: "service", name: settings.name)]
                + settings.furtherIdentities,
            features: ServiceFeatures.all + settings.furtherFeatures,
            forms: (settings.contacts.dataForm.map { [$0] } ?? []) + settings.furtherForms
        )
    }

    public static let pendingCommandName = "Decide who may subscribe"

    private static let pendingCommandInfo = DiscoInfo(
        node: pendingCommandNode,
        identities: [.init(category: "automation", type: "command-node", name: pendingCommandName)],
        features: [.commands, .dataForms]
    )

    private func nodeInfo(
        _ name: String,
        for person: JID?,
        in transaction: borrowing Transaction
    ) throws -> DiscoInfo {
        guard let id = NodeID(rawValue: name) else { throw PubSubError.notUnderstood }
        try checkIsHere(id)
        let record = try visibleNode(id, to: person, in: transaction)
        return DiscoInfo(
            node: name,
            identities: [.init(category: "pubsub", type: "leaf", name: record.shownTitle)],
            features: [.pubsub, .discoInfo, .discoItems],
            forms: [try metaData(of: record, in: transaction)]
        )
    }

    /// The answer to disco#items: the nodes of the service (§5.2), or the items of a node (§5.5).
    ///
    /// An item's entry has the item's id for a name and no node of its own. A list too long for
    /// one answer comes as its first page, which says so.
    func items(
        _ query: Element,
        for person: JID?,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let page = query.child("set", in: .resultSets).map(ResultSetRequest.init)
        let list =
            switch query["node"] ?? "" {
            case "": try nodeList(page, TypeFilter(query), in: transaction)
            case Namespace.commands.rawValue: commandList
            case let node: try itemList(node, page, for: person, in: transaction)
            }
        return Answer(payload: list.element)
    }

    private func nodeList(
        _ page: ResultSetRequest?,
        _ filter: TypeFilter,
        in transaction: borrowing Transaction
    ) throws -> DiscoItems {
        let rule = filter.rule
        let asked = try ListSlice(
            of: try transaction.listedNodeCount(rule),
            page ?? ResultSetRequest(),
            place: { id in
                try NodeID(rawValue: id).flatMap { try transaction.place(ofListed: $0, rule) }
            }
        )
        let most = asked.shortened(to: settings.maximumListLength)
        let (given, nodes) = most.fitting(
            try transaction.listedNodes(rule, in: most.range),
            within: settings.maximumAnswerSize,
            size: { node in
                Self.entrySize + node.name.rawValue.sizeInAttribute + node.title.sizeInAttribute
            }
        )
        return DiscoItems(
            entries: nodes.map { node in
                .init(
                    jid: settings.elsewhere[node.name] ?? domain,
                    node: node.name.rawValue,
                    name: node.title.isEmpty ? nil : node.title
                )
            },
            page: page == nil && given == asked
                ? nil
                : given.page(first: nodes.first?.name.rawValue, last: nodes.last?.name.rawValue)
        )
    }

    /// About how many bytes an entry takes but for the names in it.
    static let entrySize = 80

    private var commandList: DiscoItems {
        DiscoItems(
            node: Namespace.commands.rawValue,
            entries: [
                .init(jid: domain, node: Self.pendingCommandNode, name: Self.pendingCommandName)
            ]
        )
    }

    private func itemList(
        _ node: String,
        _ page: ResultSetRequest?,
        for person: JID?,
        in transaction: borrowing Transaction
    ) throws -> DiscoItems {
        guard let id = NodeID(rawValue: node) else { throw PubSubError.notUnderstood }
        guard let person else { throw PubSubError.notUnderstood }
        try checkIsHere(id)
        let record = try readableNode(id, for: person, in: transaction)
        let asked = try ListSlice(
            of: try transaction.itemCount(of: record.id),
            page ?? ResultSetRequest(),
            place: { try place(of: $0, in: record, by: .newestFirst, in: transaction) }
        )
        let most = asked.shortened(to: settings.maximumListLength)
        let (given, names) = most.fitting(
            try transaction.itemNames(of: record.id, by: .newestFirst, in: most.range),
            within: settings.maximumAnswerSize,
            size: { Self.entrySize + $0.rawValue.sizeInAttribute }
        )
        return DiscoItems(
            node: node,
            entries: names.map { .init(jid: domain, name: $0.rawValue) },
            page: page == nil && given == asked
                ? nil : given.page(first: names.first?.rawValue, last: names.last?.rawValue)
        )
    }

    /// How many owners, and how many publishers, are named at most: so many addresses, however long,
    /// fit into an answer.
    private static let mostPeopleNamed = 50

    /// The form `pubsub#meta-data` (§5.4, §16.4.3).
    private func metaData(
        of record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> DataForm {
        let configuration = record.configuration
        let creator = (record.node.creator ?? domain).description
        let affiliations = try transaction.affiliations(with: record.id)
        func people(_ affiliation: PubSubAffiliation) -> [String] {
            affiliations.filter { $0.affiliation == affiliation }
                .prefix(Self.mostPeopleNamed).map(\.jid.description)
        }
        let owners = people(.owner)
        let readers = try transaction.subscriptionCount(of: record.id)
        let texts: [(String, String?)] = [
            ("title", configuration.title), ("description", configuration.description),
            ("language", configuration.language), ("type", configuration.type),
            ("creation_date", DateTime(record.node.createdAt).description),
            ("num_subscribers", String(readers)),
            ("max_items", configuration.maxItems.map { String($0) } ?? "max"),
        ]
        let models = [
            ("access_model", configuration.accessModel.rawValue),
            ("publish_model", configuration.publishModel.rawValue),
        ]
        let addresses = [
            ("contact", configuration.contacts.map(\.description)),
            ("owner", owners.isEmpty ? [domain.description] : owners),
            ("publisher", people(.publisher)),
        ]
        let fields =
            texts.filter { $1?.isEmpty == false }.map { name, value in
                DataForm.Field("pubsub#\(name)", .textSingle, values: value.map { [$0] } ?? [])
            }
            + models.map { DataForm.Field("pubsub#\($0)", .listSingle, values: [$1]) }
            + [DataForm.Field("pubsub#creator", .jidSingle, values: [creator])]
            + addresses.filter { !$1.isEmpty }.map { name, values in
                DataForm.Field("pubsub#\(name)", .jidMulti, values: values)
            }
        return DataForm(
            .result,
            formType: "http://jabber.org/protocol/pubsub#meta-data",
            fields: fields
        )
    }
}

extension NodeRecord {
    /// The name for people; nil if it has none.
    fileprivate var shownTitle: String? {
        configuration.title.isEmpty ? nil : configuration.title
    }
}
