/// Until when the server of a stream lived for certain, whatever is heard of its death, and how late.
///
/// What is read now may have lain in the socket since its sender died: our process was stopped, its
/// machine slept, or we did not read. So something read proves no more than that its sender lived when we
/// had read what was there before; an answer, that it lived when it was asked.
struct LifeSigns {
    typealias Instant = ContinuousClock.Instant

    /// After a pause of more than this, what was sent in the pause is read within it.
    private static let doubt = Duration.seconds(1)

    /// The server lived then.
    private(set) var last: Instant
    private var lastRead: Instant
    /// What came in a pause is read in several portions, none of which may be newer than the pause.
    private var pause: (begin: Instant, readUntil: Instant)?

    init(now: Instant) {
        (last, lastRead) = (now, now)
    }

    /// Something was read.
    mutating func read(at now: Instant) {
        if lastRead.duration(to: now) > Self.doubt {
            pause = (begin: lastRead, readUntil: now + Self.doubt)
        } else if let readUntil = pause?.readUntil, readUntil <= now {
            pause = nil
        }
        last = max(last, pause?.begin ?? lastRead)
        lastRead = now
    }

    /// What was read answers what began to be written at that moment.
    mutating func answered(askedAt instant: Instant) {
        last = max(last, instant)
    }
}
