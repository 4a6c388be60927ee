import XMPP

/// Which requests wait for an answer, and until when.
///
/// An answer counts only with the id of the request *and* from the address that was asked:
/// anybody can guess an id (RFC 6120 §8.2.3 asks for no more, so that is on us).
struct IQTracker<Waiter> {
    typealias Instant = ContinuousClock.Instant

    struct Key: Hashable {
        let id: String
        /// The address asked; nil for the server on our stream.
        let peer: JID?
    }

    private struct Entry {
        let waiter: Waiter
        /// Nil while the request is still being written.
        var deadline: Instant?
    }

    /// Our own domain: a server may answer what was sent without an address in its name.
    private let ownDomain: JID
    private var entries: [Key: Entry] = [:]

    init(ownDomain: JID) {
        self.ownDomain = ownDomain
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The earliest instant at which `expire` has something to do.
    var nextDeadline: Instant? {
        entries.values.lazy.compactMap(\.deadline).min()
    }

    /// Notes a request that is about to be written; nil if that id is in use toward that address.
    mutating func sending(id: String, to peer: JID?, _ waiter: Waiter) -> Key? {
        let key = Key(id: id, peer: peer)
        guard entries[key] == nil else { return nil }
        entries[key] = Entry(waiter: waiter)
        return key
    }

    /// The request is written; from here its time runs.
    ///
    /// No effect if the answer overtook this.
    mutating func sent(_ key: Key, deadline: Instant) {
        entries[key]?.deadline = deadline
    }

    /// Forgets a request that could not be written.
    mutating func forget(_ key: Key) {
        entries[key] = nil
    }

    /// Who waits for this result or error, forgotten with that; nil if nobody does.
    mutating func received(_ answer: IQ) -> Waiter? {
        guard !answer.type.isRequest else { return nil }
        let asked = entries.removeValue(forKey: Key(id: answer.id, peer: answer.from))
        if let asked { return asked.waiter }
        guard answer.from == nil || answer.from == ownDomain else { return nil }
        return entries.removeValue(forKey: Key(id: answer.id, peer: nil))?.waiter
    }

    /// Those whose time is over, forgotten with that.
    mutating func expire(at now: Instant) -> [Waiter] {
        let due = entries.filter { entry in
            entry.value.deadline.map { $0 <= now } ?? false
        }
        for key in due.keys {
            entries[key] = nil
        }
        return due.values.map(\.waiter)
    }

    /// All of them, when the stream is over.
    mutating func removeAll() -> [Waiter] {
        defer { entries.removeAll() }
        return entries.values.map(\.waiter)
    }
}
