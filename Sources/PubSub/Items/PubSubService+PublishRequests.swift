import Foundation
import PubSubWire
import Storage
import XML
import XMPP

/// Publishing and retracting over the wire (XEP-0060 §7).
extension PubSubService {
    /// Publishes all items of the request, or none.
    ///
    /// Each goes out in a message of its own: clients read only the first item of an event.
    func publish(
        _ request: PublishRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let record = try nodeToPublish(request, by: sender, in: transaction)
        let right = try publishingRight(of: sender, at: record, in: transaction)
        guard right != .none else { throw PubSubError.mayNotPublish(record.name) }
        try check(request.items, at: record)
        if request.items.isEmpty {
            return Answer(
                payload: PublishReply(node: record.name, ids: []).element,
                effects: try announceWithoutItem(at: record, in: transaction)
            )
        }
        let named = request.items.map { ($0.id ?? Self.randomItemID(), $0) }
        try checkRoom(for: named.map(\.0), at: record, in: transaction)
        var ids: [ItemID] = []
        var effects: [PubSubEffect] = []
        for (id, item) in named {
            if right == .ownItems { try check(id, isOf: sender, at: record, in: transaction) }
            let change = try store(item, as: id, by: sender, at: record, in: transaction)
            effects += try announce(item, as: id, by: sender, change, at: record, in: transaction)
            ids.append(id)
        }
        let pushedOut = try discardSurplus(of: record, in: transaction)
        effects += try announce(retracted: pushedOut, at: record, in: transaction)
        return Answer(payload: PublishReply(node: record.name, ids: ids).element, effects: effects)
    }

    /// Deletes all items of the request, or none (§7.2).
    func retract(
        _ request: RetractRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let record = try visibleNode(request.node, to: sender, in: transaction)
        guard record.configuration.persistsItems else {
            throw PubSubError.unsupported(.persistentItems)
        }
        guard try publishingRight(of: sender, at: record, in: transaction) != .none else {
            throw PubSubError.mayNotPublish(record.name)
        }
        let affiliation = try transaction.affiliation(of: sender, with: record.id)
        let notifies = request.notify ?? record.configuration.notifiesOfRetraction
        var effects: [PubSubEffect] = [.deliveryRecalled]
        for id in request.ids {
            guard let item = try transaction.item(id, of: record.id) else {
                throw PubSubError.itemNotFound(record.name)
            }
            guard affiliation == .owner || item.publisher == sender.bare.description else {
                throw PubSubError.itemOfAnother(id, record.name)
            }
            try transaction.recall(.item(id), of: record.id, at: now())
            try transaction.deleteItem(id, of: record.id)
            guard notifies else { continue }
            let event = ItemsEvent(node: record.name, retracted: [id])
            effects += try send(.items(event), about: id, of: record, in: transaction)
        }
        return Answer(effects: effects)
    }
}

// MARK: - What may be published

extension PubSubService {
    /// The node, checked against what the publisher expects of it; made so if there is none
    /// (§7.1.4, §7.1.5).
    private func nodeToPublish(
        _ request: PublishRequest,
        by sender: JID,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        let name = request.node
        guard try transaction.node(named: name) == nil, settings.creators.contains(sender) else {
            let record = try visibleNode(name, to: sender, in: transaction)
            if let options = request.options {
                try record.configuration.check(options, settings: settings)
            }
            return record
        }
        var configuration = NodeConfiguration()
        if let options = request.options {
            try configuration.apply(preconditions: options, settings: settings)
        }
        return try createNode(name, by: sender, configuration: configuration, in: transaction)
    }

    /// Whether the items are such as the node takes (§4.3, §7.1.3).
    private func check(_ items: [PubSubItem], at record: NodeRecord) throws(PubSubError) {
        let configuration = record.configuration
        if !configuration.persistsItems, !configuration.deliversPayloads {
            guard items.isEmpty else { throw .itemForbidden(record.name) }
            return
        }
        guard !items.isEmpty else { throw .itemRequired(record.name) }
        let most = min(configuration.maxItems ?? .max, settings.maximumListLength)
        guard items.count <= most else { throw .tooManyItems(limit: most) }
        let limit = configuration.maxPayloadSize ?? settings.maximumPayloadSize
        for item in items {
            guard let payload = item.payload else {
                if configuration.deliversPayloads { throw .payloadRequired(record.name) }
                continue
            }
            guard payload.xml(inheriting: .pubsub).utf8.count <= limit else {
                throw .payloadTooBig(limit: limit)
            }
        }
    }

    /// Whether there is room for the items where the oldest are not to go (§7.1.3.4).
    private func checkRoom(
        for ids: [ItemID],
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws {
        let configuration = record.configuration
        guard configuration.fullNodePolicy == .reject, configuration.persistsItems else { return }
        let limit = min(configuration.maxItems ?? .max, settings.maximumItems)
        let present = try transaction.items(of: record.id, named: ids).count
        let count = try transaction.itemCount(of: record.id)
        guard count - present + Set(ids).count <= limit else {
            throw PubSubError.nodeFull(record.name, limit: limit)
        }
    }

    private func check(
        _ id: ItemID,
        isOf sender: JID,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws {
        guard let item = try transaction.item(id, of: record.id) else { return }
        guard item.publisher == sender.bare.description else {
            throw PubSubError.itemOfAnother(id, record.name)
        }
    }

    /// Nil where the node keeps no items.
    private func store(
        _ item: PubSubItem,
        as id: ItemID,
        by sender: JID,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> ItemChange? {
        guard record.configuration.persistsItems else { return nil }
        return try transaction.upsertItem(
            id,
            in: record.id,
            publisher: sender.bare.description,
            payload: item.payload,
            at: now()
        )
    }

    private static func randomItemID() -> ItemID {
        guard let id = ItemID(rawValue: UUID().uuidString.lowercased()) else {
            preconditionFailure("a UUID is not empty")
        }
        return id
    }
}

// MARK: - Telling subscribers

extension PubSubService {
    private func announce(
        _ item: PubSubItem,
        as id: ItemID,
        by sender: JID,
        _ change: ItemChange?,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard record.configuration.deliversNotifications else { return [] }
        let text = ItemText(item.payload, item: id, at: record, of: domain)
        let messages = EventMessages(
            publishing: PublishedItem(
                id: id,
                payload: item.payload,
                publisher: sender.bare,
                language: text.language,
                body: text.body,
                chat: Dictionary(
                    ChatAmount.allCases.map { ($0, [text.body]) },
                    uniquingKeysWith: { first, _ in first }
                ),
                chatSender: domain
            ),
            at: record.name,
            configuration: record.configuration,
            isReplacement: change == .replaced,
            from: domain
        )
        let fanOut = try start(messages, about: id, at: record, in: transaction)
        return [.fanOutStarted(fanOut.id)]
    }

    /// The event of a node that has no items: that something has happened (§4.3).
    private func announceWithoutItem(
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let event = ItemsEvent(node: record.name)
        return try send(.items(event), about: Self.randomItemID(), of: record, in: transaction)
    }

    /// Tells of the items that had to go for others, where the owner wants it (§7.1.2.5).
    private func announce(
        retracted ids: [ItemID],
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard record.configuration.fullNodePolicy == .retractOldest,
            record.configuration.notifiesOfRetraction
        else { return [] }
        return try ids.flatMap { id in
            let event = ItemsEvent(node: record.name, retracted: [id])
            return try send(.items(event), about: id, of: record, in: transaction)
        }
    }

    /// None where the node sends no events at all.
    private func send(
        _ event: PubSubEvent,
        about id: ItemID,
        of record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard record.configuration.deliversNotifications else { return [] }
        let messages = EventMessages(
            event,
            from: domain,
            type: record.configuration.notificationType
        )
        return [.fanOutStarted(try start(messages, about: id, at: record, in: transaction).id)]
    }
}
