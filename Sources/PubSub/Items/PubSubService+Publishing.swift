import PubSubWire
public import Storage
public import XMPP

/// What publishing or retracting has set off.
public struct StartedFanOut: Hashable, Sendable {
    public let id: FanOutRowID
    /// How many readers it goes to.
    public let recipients: Int
}

/// Publishing from inside: what the newsletters' own engine does.
extension PubSubService {
    /// Stores the item and starts sending it to those who are subscribed now.
    ///
    /// One of the same id is replaced and becomes the newest, and is sent again (XEP-0060
    /// §7.1.2). Throws ``PubSubError/stillRunning(_:_:)`` while the earlier one is going out:
    /// readers could get the two in either order.
    ///
    /// The note stays with the fan-out, for those who tell people of it.
    public func publish(
        _ item: PublishedItem,
        to node: NodeID,
        note: FanOutNote? = nil,
        in transaction: borrowing Transaction
    ) throws -> StartedFanOut {
        let record = try ownNode(node, in: transaction)
        try checkNothingRuns(item.id, at: record, in: transaction)
        let change = try transaction.upsertItem(
            item.id,
            in: record.id,
            publisher: item.publisher.description,
            payload: item.payload,
            at: now()
        )
        try checkSize(of: item, at: record)
        return try start(
            EventMessages(
                publishing: item,
                at: node,
                configuration: record.configuration,
                // A correction is one though the item itself had to go for newer ones.
                isReplacement: change == .replaced || note == .correction,
                from: domain
            ),
            about: item.id,
            at: record,
            wholeNode: item.wholeNode,
            note: note,
            in: transaction
        )
    }

    /// Deletes the item, and tells those who get events when `notify` says so (§7.2).
    ///
    /// What of it is still going out ends where it is: nobody else is to get it. The texts of the
    /// notice, if there is one, go beside the event, and to those who read in a chat: there they
    /// take the message back that brought the item (XEP-0424), or tell of it where a client can't.
    ///
    /// - Returns: Nil if nobody is to be told.
    public func retract(
        _ item: ItemID,
        from node: NodeID,
        notify: Bool = true,
        notice: PublishedItem? = nil,
        in transaction: borrowing Transaction
    ) throws -> StartedFanOut? {
        let record = try ownNode(node, in: transaction)
        try transaction.cancelFanOuts(of: item, in: record.id, at: now())
        guard try transaction.deleteItem(item, of: record.id) else {
            throw PubSubError.itemNotFound(node)
        }
        guard notify else { return nil }
        var messages = EventMessages(
            .items(ItemsEvent(node: node, retracted: [item])),
            from: domain,
            type: record.configuration.notificationType,
            language: notice?.language,
            body: notice?.body
        )
        if let notice { messages.entries += EventMessages(plainCopiesOf: notice).entries }
        return try start(
            messages,
            about: item,
            at: record,
            wholeNode: notice?.wholeNode,
            note: .retraction,
            in: transaction
        )
    }

    /// Sends only the plain messages of an item that is not stored here.
    ///
    /// For readers of a language into which an issue is not translated yet: those who get events
    /// wait for the translation. A retraction ends what of the item is still going out there.
    public func sendPlainCopies(
        of item: PublishedItem,
        to node: NodeID,
        note: FanOutNote? = nil,
        in transaction: borrowing Transaction
    ) throws -> StartedFanOut {
        let record = try ownNode(node, in: transaction)
        if note == .retraction {
            try transaction.cancelFanOuts(of: item.id, in: record.id, at: now())
        } else {
            try checkNothingRuns(item.id, at: record, in: transaction)
        }
        return try start(
            EventMessages(plainCopiesOf: item),
            about: item.id,
            at: record,
            audience: .plainCopy,
            wholeNode: item.wholeNode,
            note: note,
            in: transaction
        )
    }
}

extension PubSubService {
    /// The node as its owner, the program itself, sees it: hidden ones too.
    private func ownNode(
        _ name: NodeID,
        in transaction: borrowing Transaction
    ) throws -> NodeRecord {
        guard let record = try transaction.node(named: name) else {
            throw PubSubError.nodeNotFound(name)
        }
        return record
    }

    private func checkNothingRuns(
        _ item: ItemID,
        at record: NodeRecord,
        in transaction: borrowing Transaction
    ) throws {
        guard try !transaction.isFanOutUnfinished(of: item, in: record.id) else {
            throw PubSubError.stillRunning(item, record.name)
        }
    }

    /// About how many bytes address and id add to a message, and what the server writes into it.
    static let addressing = 8_192

    /// Whether each message is such that the server takes it: one that it ends the stream for would
    /// be sent again and again.
    private func checkSize(of variants: [VariantRecord]) throws(PubSubError) {
        for part in variants.flatMap({ [$0.first] + $0.further }) {
            try check(size: part.head.count + part.tail.count)
        }
    }

    /// Whether readers can fetch the item, of which the event may bring them the beginning only.
    private func checkSize(
        of item: PublishedItem,
        at record: NodeRecord
    ) throws(PubSubError) {
        guard record.configuration.persistsItems else { return }
        let wireItem = PubSubItem(id: item.id, publisher: item.publisher, payload: item.payload)
        let reply = ItemsReply(node: record.name, items: [wireItem])
        let answer = IQ(.result, id: "", from: domain, payload: reply.element).element()
        try check(size: answer.xml(inheriting: .componentAccept).utf8.count)
    }

    private func check(size: Int) throws(PubSubError) {
        let limit = settings.maximumStanzaSize - Self.addressing
        guard size <= limit else { throw .eventTooBig(size: size, limit: limit) }
    }

    /// Starts sending the messages to those who are subscribed now.
    func start(
        _ messages: EventMessages,
        about item: ItemID,
        scope: FanOutRecord.Scope = .item,
        at record: NodeRecord,
        audience: FanOutRecord.Audience = .all,
        wholeNode: NodeID? = nil,
        note: FanOutNote? = nil,
        in transaction: borrowing Transaction
    ) throws -> StartedFanOut {
        let earlier =
            note == nil ? nil : try transaction.newestPublication(of: item, in: record.id)
        // Several messages can't be replaced by one.
        let several =
            note == .correction && earlier != nil
            ? Array(try transaction.mostParts(of: item, in: record.name).keys)
            : ChatAmount.allCases
        let messages = messages.withoutReplacements(of: several)
        let variants = messages.entries.map(VariantRecord.init)
        try checkSize(of: variants)
        let isReplacing = messages.entries.contains { $0.kind.isReplacement }
        let fanOut = try transaction.startFanOut(
            NewFanOut(
                node: record.id,
                item: item,
                scope: scope,
                audience: audience,
                wholeNode: try wholeNode.flatMap { try transaction.node(named: $0)?.id },
                variants: variants,
                note: note?.rawValue,
                retracts: note == .retraction ? earlier?.id : nil,
                corrects: isReplacing ? earlier?.id : nil
            ),
            at: now()
        )
        return StartedFanOut(id: fanOut.id, recipients: fanOut.total)
    }
}
