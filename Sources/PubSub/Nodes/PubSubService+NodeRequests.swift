import Foundation
import PubSubWire
import Storage
import XML
import XMPP

/// Creating, configuring and deleting nodes over the wire (XEP-0060 §8.1 to §8.5).
extension PubSubService {
    func create(
        _ request: CreateRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        var configuration = NodeConfiguration()
        if let form = request.configuration {
            try configuration.apply(form, settings: settings)
        }
        let record = try createNode(
            request.node ?? Self.randomName(),
            by: sender,
            configuration: configuration,
            in: transaction
        )
        return Answer(payload: CreateReply(node: record.name).element)
    }

    /// Creates the node if its creator may, and makes the creator its owner.
    func createNode(
        _ name: NodeID,
        by creator: JID,
        configuration: NodeConfiguration,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        guard settings.creators.contains(creator) else { throw PubSubError.mayNotCreate }
        guard !name.isReserved else { throw PubSubError.reservedNode(name) }
        if settings.reservedNames.contains(name) {
            // Of one that everybody sees nothing is given away.
            throw try transaction.node(named: name).map { $0.node.isHidden } ?? true
                ? PubSubError.reservedNode(name) : .nodeExists(name)
        }
        let limit = settings.maximumNodesPerCreator
        guard try transaction.nodeCount(createdBy: creator) < limit else {
            throw PubSubError.tooManyNodes(limit)
        }
        let node = NewNode(
            name: name,
            creator: creator.bare,
            configuration: configuration,
            createdAt: now()
        )
        guard let record = try transaction.createNode(node) else {
            throw PubSubError.nodeExists(name)
        }
        try transaction.setAffiliation(.owner, of: creator, with: record.id)
        return record
    }

    /// Answers the form, or takes over what was filled in (§8.2).
    func configure(
        _ request: ConfigureRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        var record = try ownedNode(request.node, by: sender, in: transaction)
        guard let form = request.form else {
            let form = record.configuration.dataForm(.form, settings: settings)
            return Answer(payload: ConfigurationReply(node: record.name, form: form).element)
        }
        let before = record.configuration
        try record.configuration.apply(form, settings: settings)
        guard record.configuration != before else { return .done }
        try transaction.updateNode(record)
        try discardSurplus(of: record, in: transaction)
        var effects: [PubSubEffect] = []
        if record.configuration.accessModel != before.accessModel {
            effects = try adaptSubscriptions(at: record, by: sender, in: transaction)
        }
        if record.configuration.notifiesOfConfiguration {
            effects += try announceConfiguration(of: record, in: transaction)
        }
        return Answer(effects: effects)
    }

    func defaultConfiguration() -> Answer {
        let form = NodeConfiguration().dataForm(.form, settings: settings)
        return Answer(payload: ConfigurationReply(node: nil, form: form).element)
    }

    /// In bytes: the name of a node in a URI is up to three times as long as it is.
    private static let longestRedirect = 4_096

    /// Deletes the node; its readers are told by what outlives it, and at once those who still
    /// waited to be let in (§8.4.2).
    func delete(
        _ request: DeleteRequest,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let record = try ownedNode(request.node, by: sender, in: transaction)
        if let uri = request.redirect {
            guard uri.utf8.count <= Self.longestRedirect,
                uri.wholeMatch(of: /[A-Za-z][A-Za-z0-9+.-]*:\S+/) != nil
            else {
                throw PubSubError.invalidRedirect(uri)
            }
        }
        let waiting = try transaction.pendingSubscriptions(to: record.id).map(\.jid)
        try transaction.deleteNode(record.id, redirect: request.redirect, at: now())
        guard record.configuration.notifiesOfDeletion,
            record.configuration.deliversNotifications
        else { return Answer(effects: [.deliveryRecalled]) }
        let event = PubSubEvent.deletion(
            DeletionEvent(node: record.name, redirect: request.redirect)
        )
        return Answer(
            effects: waiting.map { message(event.element, to: $0) }
                + (try announce(event, "deleted", of: record, in: transaction))
        )
    }

    /// Deletes all items; one event says so (§8.5).
    func purge(
        _ node: NodeID,
        from sender: JID,
        in transaction: borrowing Transaction
    ) throws -> Answer {
        let record = try ownedNode(node, by: sender, in: transaction)
        guard record.configuration.persistsItems else {
            throw PubSubError.unsupported(.persistentItems)
        }
        try transaction.deleteItems(of: record.id)
        try transaction.recall(.allItems, of: record.id, at: now())
        var effects: [PubSubEffect] = [.deliveryRecalled]
        if record.configuration.notifiesOfRetraction {
            effects += try announce(.purge(node), "purged", of: record, in: transaction)
        }
        return Answer(effects: effects)
    }

    /// Deletes what a node keeps no longer as it is configured now.
    ///
    /// - Returns: The items that were too many.
    @discardableResult
    func discardSurplus(
        of record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [ItemID] {
        let configuration = record.configuration
        guard configuration.persistsItems else {
            try transaction.deleteItems(of: record.id)
            return []
        }
        // Asked first, since who only reads can't delete.
        if let horizon = configuration.expiryHorizon(at: now()),
            try transaction.hasItems(of: record.id, publishedUntil: horizon)
        {
            try transaction.deleteItems(of: record.id, publishedUntil: horizon)
        }
        let limit = min(configuration.maxItems ?? .max, settings.maximumItems)
        guard try transaction.itemCount(of: record.id) > limit else { return [] }
        return try transaction.keepItems(limit, of: record.id)
    }

    private static func randomName() -> NodeID {
        guard let name = NodeID(rawValue: UUID().uuidString.lowercased()) else {
            preconditionFailure("a UUID is not empty")
        }
        return name
    }
}

// MARK: - Telling subscribers

extension PubSubService {
    /// A node that delivers no payloads does not send its configuration either (§8.2.5.3).
    private func announceConfiguration(
        of record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let form = record.configuration.dataForm(.result, settings: settings)
        let event = ConfigurationEvent(
            node: record.name,
            form: record.configuration.deliversPayloads ? form : nil
        )
        return try announce(.configuration(event), "configured", of: record, in: transaction)
    }

    /// Starts sending an event about the node itself; none where the node sends no events at all
    /// (`deliver_notifications`).
    func announce(
        _ event: PubSubEvent,
        _ word: String,
        of record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        guard record.configuration.deliversNotifications else { return [] }
        guard let subject = ItemID(rawValue: word) else {
            preconditionFailure("an event has a name")
        }
        let messages = EventMessages(
            event,
            from: domain,
            type: record.configuration.notificationType
        )
        let fanOut = try start(
            messages,
            about: subject,
            scope: .node,
            at: record,
            in: transaction
        )
        return [.fanOutStarted(fanOut.id)]
    }
}

extension NodeID {
    /// The names under which the service itself shows something (XEP-0465).
    var isReserved: Bool {
        rawValue.hasPrefix("urn:xmpp:pps:")
    }
}
