public import PubSub
public import Storage
public import XMPP

/// What carries a publication out: our own PubSub service, or another one as its client.
///
/// It is called within the transaction that records the publication in the ledger, so that either
/// both are there or neither is. What takes longer than a transaction, the engine does afterwards,
/// from what the ledger says.
public protocol PublishingEngine: Sendable {
    /// Stores the item and starts what brings it to the readers of the node; returns their number.
    func publish(
        _ item: PublishedItem,
        to node: NodeID,
        note: FanOutNote?,
        in transaction: borrowing Transaction
    ) throws -> Int

    /// Brings the plain messages of an item to those readers of another node that read in a chat.
    ///
    /// They want a language in which the issue is not there yet. Returns their number.
    func announce(
        _ item: PublishedItem,
        to node: NodeID,
        note: FanOutNote?,
        in transaction: borrowing Transaction
    ) throws -> Int

    /// Stores the item in a hidden node, and lets the person see it.
    func draft(
        _ item: PublishedItem,
        at node: NodeDefinition,
        for person: JID,
        in transaction: borrowing Transaction
    ) throws

    /// Takes a draft away, since what it was one of is out; nothing if there is none.
    func endDraft(
        _ item: ItemID,
        at node: NodeID,
        in transaction: borrowing Transaction
    ) throws

    /// Takes the item of the notice's id back and tells the node's readers; returns their number.
    ///
    /// Nobody is told of an item that is not there any more.
    func retract(
        _ notice: PublishedItem,
        from node: NodeID,
        in transaction: borrowing Transaction
    ) throws -> Int
}
