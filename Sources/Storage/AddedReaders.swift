import XMPP

/// The subscriptions that a transaction has added and not counted yet.
///
/// Many are added at once. SQLite copies each page that a statement with triggers changes, in case one
/// of them fails, so that to count each one by a trigger took longer than all else about it. They are
/// counted together as soon as the transaction runs another statement, or ends; what is changed and
/// ended later is counted by triggers.
final class AddedReaders {
    private struct Kind: Hashable {
        let node: NodeRowID
        let form: DeliveryForm
        /// Nil where the form has none.
        let amount: ChatAmount?
    }

    private var subscribers: [NodeRowID: Int64] = [:]
    /// Those of them who are sent something, by the variant they get.
    private var readers: [Kind: Int64] = [:]

    func add(_ choice: DeliveryChoice, in state: SubscriptionState, to node: NodeRowID) {
        guard state == .subscribed else { return }
        subscribers[node, default: 0] += 1
        guard choice.isDelivered else { return }
        let amount = choice.form == .chat ? choice.amount : nil
        readers[Kind(node: node, form: choice.form, amount: amount), default: 0] += 1
    }

    /// To be called when what was added is undone.
    func forget() {
        subscribers.removeAll()
        readers.removeAll()
    }

    /// Counts them by a function that runs a statement.
    func count(_ run: (_ sql: String, [QuickValue]) throws -> Void) throws {
        guard !subscribers.isEmpty else { return }
        let (subscribers, readers) = (subscribers, readers)
        forget()
        for (node, count) in subscribers {
            try run(
                "UPDATE nodeCount SET subscribers = subscribers + ? WHERE node = ?",
                [.integer(count), .integer(node.rawValue)]
            )
        }
        for (kind, count) in readers {
            try run(
                """
                INSERT INTO readerCount (node, form, amount, readers) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET readers = readers + excluded.readers
                """,
                [
                    .integer(kind.node.rawValue), .text(kind.form.rawValue),
                    .text(kind.amount?.rawValue ?? ""), .integer(count),
                ]
            )
        }
    }
}
