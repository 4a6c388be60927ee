public import Foundation
public import Storage
public import XMPP

/// What a delivery has to tell while it goes on.
public enum DeliveryEvent: Hashable, Sendable {
    /// The server has read what went to `sent` of `total` readers.
    case progress(FanOutRowID, sent: Int, total: Int)
    /// Told again if a server's death made us go back into a fan-out that was finished.
    case finished(DeliveryReport)
    /// It did not get on, on one stream after the other, and is held until somebody resumes it.
    case stuck(FanOutRowID)
}

/// How a fan-out ended.
public struct DeliveryReport: Hashable, Sendable {
    /// As it is stored now: `sent` of `total`, the rest having left in the meantime.
    public let fanOut: FanOutRecord
    /// The node whose readers it went to.
    public let node: NodeID
    /// Readers from whom an error had come back by then.
    public let failures: Int
    /// From its start, pauses included.
    public let seconds: TimeInterval

    /// Readers a second.
    public var rate: Double {
        seconds > 0 ? Double(fanOut.sent) / seconds : Double(fanOut.sent)
    }
}
