import Synchronization
public import XMPP

/// What each of our addresses shows at this moment.
///
/// A lock rather than an actor: what it guards is touched for a moment.
public final class ContactPresences: Sendable {
    private let presences: Mutex<[JID: ContactPresence]>

    public init(_ presences: [ContactPresence]) {
        self.presences = Mutex(
            Dictionary(presences.map { ($0.card.address, $0) }, uniquingKeysWith: { $1 })
        )
    }

    public subscript(address: JID) -> ContactPresence? {
        presences.withLock { $0[address] }
    }

    /// Sets the lines that clients show beside the names; tells whose were others before.
    public func setStatus(_ lines: [JID: String]) -> Set<JID> {
        presences.withLock { presences in
            var changed: Set<JID> = []
            for (address, line) in lines where presences[address]?.status != line {
                guard presences[address] != nil else { continue }
                presences[address]?.status = line
                changed.insert(address)
            }
            return changed
        }
    }
}
