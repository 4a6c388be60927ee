internal import GRDB
public import XMPP

/// Whether a fan-out's messages go out as one for many readers (XEP-0033), and so have ids that
/// readers share.
public enum MulticastUse: Hashable, Sendable {
    /// To each reader a message with an id of its own.
    case single
    /// As far as it can be, by this service.
    case through(JID)

    /// The service; nil if there is none.
    public var service: JID? {
        if case .through(let service) = self { service } else { nil }
    }
}

extension FanOutRecord {
    /// The service that something of it was handed to; nil if each reader was written to singly.
    public var usedService: JID? { usedMulticast ? multicast?.service : nil }
}

extension MulticastUse {
    /// Nil where it is not decided.
    init?(_ row: Row) throws {
        guard let text = row.optionalText("multicast") else { return nil }
        self = text.isEmpty ? .single : .through(try row.jid("multicast", of: "fanOut"))
    }
}

extension Transaction {
    /// Keeps how a fan-out goes out, so that a second copy has the id of the first one.
    public func setMulticast(_ use: MulticastUse, of fanOut: FanOutRowID) throws {
        try run(
            "UPDATE fanOut SET multicast = ? WHERE id = ?",
            [use.service?.description ?? "", fanOut.rawValue]
        )
    }

    /// Keeps that something of a fan-out goes to its service.
    public func noteMulticastUse(of fanOut: FanOutRowID) throws {
        try run("UPDATE fanOut SET usedMulticast = 1 WHERE id = ?", [fanOut.rawValue])
    }

    /// Lets all of which that is not decided go to each reader singly, for ever: they may have begun so.
    public func settleMulticast() throws {
        try run("UPDATE fanOut SET multicast = '' WHERE multicast IS NULL")
    }

    /// Keeps why a fan-out goes on singly; the first reason stands.
    public func endMulticast(of fanOut: FanOutRowID, _ reason: String) throws {
        try run(
            "UPDATE fanOut SET multicastEnd = coalesce(multicastEnd, ?) WHERE id = ?",
            [reason, fanOut.rawValue]
        )
    }
}
