/// How fast and how carefully fan-outs are written.
public struct DeliverySettings: Hashable, Sendable {
    /// How many readers are written between two barriers at most.
    public var batchSize = 500

    /// How many bytes are written between two barriers.
    ///
    /// The last message of a batch may pass it.
    public var batchBytes = 1024 * 1024

    /// How many bytes are handed to the stream at once, a piece of a batch.
    ///
    /// The last message may pass it. More than a processor's cache holds is written more slowly, and
    /// other stanzas wait for a piece at most, or for a millisecond where pieces are shorter.
    static let pieceBytes = 256 * 1024

    /// How many batches may be under way: written, but not known to be read and stored.
    ///
    /// It is the back-pressure, and the most that is sent twice after a fault of ours.
    public var window = 16

    /// How far to go back after a stream was lost without its closing tag.
    ///
    /// A server that died may have lost what it had read last.
    public var rewind = Duration.seconds(30)

    /// How long to wait for a barrier's answer before asking again.
    public var barrierTimeout = Duration.seconds(60)

    /// How many messages a second may go out; 0 is as many as the server takes.
    public var pace = 0

    /// How many of them to one domain, other than the server's own; 0 is no limit.
    ///
    /// Who comes after a reader whose domain has had its share waits too, in other fan-outs as well.
    public var domainPace = 0

    /// After so long an issue is old: who has not got it by then, at first or tried again or after
    /// quiet hours, is only told of it; 0 is never.
    public var deadline = Duration.zero

    /// How long to wait before a reader is tried again; each further time twice as long.
    public var retryDelay = Duration.seconds(60)

    /// No such wait grows beyond this.
    public static let longestRetryDelay = Duration.seconds(3 * 3600)

    /// How often a reader is written to at most before an issue counts as failed.
    public var attempts = 5

    /// How many issues may fail before a reader is suspended; 0 suspends nobody.
    public var failuresAllowed = 10

    /// For how long a failure counts.
    public var failureExpiry = Duration.seconds(90 * 86_400)

    /// For how long it is known at least from whom something came back: it may come back again.
    static let shortestErrorMemory = Duration.seconds(86_400)

    /// How many errors that came back may wait while the database can't be written; of those beyond it
    /// nobody is tried again.
    public var waitingErrors = 10_000

    /// Whether one stanza for many readers is handed to the server's multicast service (XEP-0033).
    public enum Multicast: String, Sendable, CaseIterable {
        case off
        /// Where there is such a service.
        case auto
    }

    public var multicast = Multicast.off

    /// From how many bytes of a message on it is used: what it saves is the parsing of the text.
    public var multicastBytes = 4096

    /// How many bytes a stanza may have, addresses included.
    public var largestStanza = 500_000

    public init() {}

    /// How many readers are read at once: each time takes several threads a turn.
    ///
    /// Not many before they are written to where that takes its time, since they may leave meanwhile.
    var pageSize: Int { pace == 0 && domainPace == 0 ? 2 * batchSize : batchSize }

    /// How late an error may come back so that the message can still be written again: a server
    /// takes minutes to give up a remote one.
    static let errorPatience = Duration.seconds(3600)

    /// For how long what has ended can be gone back into at least, besides the time to go back.
    static let settlingPatience = Duration.seconds(240)
}
