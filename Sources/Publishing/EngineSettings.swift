/// How patient we are with other PubSub services, and with those who leave them.
public struct EngineSettings: Hashable, Sendable {
    /// After which a request counts as unanswered.
    public var timeout = Duration.seconds(60)
    /// For how long a request whose answer was lost may still be on its way.
    public var grace = Duration.seconds(10)
    /// Before what could not be done is tried again; doubled each time.
    public var retryDelay = Duration.seconds(5)
    /// Which that never exceeds.
    public var retryLimit = Duration.seconds(300)
    /// The largest stanza that our own server takes, in bytes: it ends the stream for a larger one.
    public var largestStanza = 500_000
    /// How many subscriptions may wait to be ended at a service before strangers are told to end theirs
    /// themselves.
    public var waitingLeavings = 1_000

    public init() {}

    /// How long to wait after so many attempts in a row that came to nothing, from 1.
    func pause(after attempts: Int) -> Duration {
        var pause = retryDelay
        for _ in 1..<max(attempts, 1) where pause < retryLimit { pause *= 2 }
        return min(pause, retryLimit)
    }
}
