/// How fast and how carefully fan-outs are written.
public struct DeliverySettings: Hashable, Sendable {
    /// How many readers are written between two barriers.
    public var batchSize = 100

    /// How many batches may be under way: written, but not known to be read and stored.
    ///
    /// It is the back-pressure, and the most that is sent twice after a fault of ours.
    public var window = 4

    /// How far to go back after a stream was lost without its closing tag.
    ///
    /// A server that died may have lost what it had read last.
    public var rewind = Duration.seconds(30)

    /// How long to wait for a barrier's answer before asking again.
    public var barrierTimeout = Duration.seconds(60)

    public init() {}

    /// How long a dead server can look alive: until pings and barriers went unanswered.
    static let silenceAllowance = Duration.seconds(120)
}
