import Synchronization

/// The rights that hold at this moment: they change when the configuration is read again.
public final class CurrentRights: Sendable {
    private let table: Mutex<RightsTable>

    public init(_ table: RightsTable) {
        self.table = Mutex(table)
    }

    public var now: RightsTable { table.withLock { $0 } }

    public func replace(with other: RightsTable) {
        table.withLock { $0 = other }
    }
}
