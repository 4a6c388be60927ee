import Synchronization
public import XMPP

/// The rooms that we sit in so that issues are announced there.
///
/// A lock rather than an actor: it is looked at for each stanza.
public final class ReadingRooms: Sendable {
    private let rooms = Mutex<Set<JID>>([])

    public init() {}

    public func contains(_ address: JID) -> Bool {
        rooms.withLock { $0.contains(address) }
    }

    public func add(_ room: JID) {
        rooms.withLock { _ = $0.insert(room) }
    }

    public func remove(_ room: JID) {
        rooms.withLock { _ = $0.remove(room) }
    }
}
