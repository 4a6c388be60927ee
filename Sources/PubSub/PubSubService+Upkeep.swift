import Foundation
public import Storage

/// What is due without a request.
extension PubSubService {
    /// How long a deleted node's row outlives its last delivery, in seconds.
    ///
    /// Longer than a delivery usually goes back after its stream was lost.
    static let deletedNodeRetention: TimeInterval = 3600

    /// Ends leases and pauses, and forgets deleted nodes to which no delivery goes any more.
    ///
    /// To be called from time to time. The effects tell those whose subscription has ended.
    public func upkeep(in transaction: borrowing Transaction) throws -> [PubSubEffect] {
        try transaction.pruneNodes(deletedBefore: now() - Self.deletedNodeRetention)
        try transaction.endPauses(at: now())
        try transaction.prunePresences(at: now())
        return try endLeases(in: transaction) + endPresenceLeases(in: transaction)
            + endSuspensions(in: transaction)
    }
}
