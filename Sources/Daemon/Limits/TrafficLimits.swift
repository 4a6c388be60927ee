/// How much strangers may ask for, so that others are served meanwhile.
///
/// Each person and each domain has an allowance, which every stanza takes one from and time fills
/// again up to its burst.
public struct TrafficLimits: Hashable, Sendable {
    /// Stanzas a second that come back to a person's allowance, by bare address.
    public var personRate = 20
    /// What a person may send at once after a silence.
    public var personBurst = 300
    /// Stanzas a second that come back to the allowance of a domain.
    public var domainRate = 200
    /// What all of a domain together may send at once.
    public var domainBurst = 1_000
    /// How many stanzas of one person have a claim to what is kept back of their domain's.
    public var reserveBurst = 50
    /// Stanzas a minute that come back to that claim.
    public var reservePerMinute = 6
    /// Presences a second that come back to the allowance of a room in which issues are announced.
    public var roomRate = 100
    /// What such a room may send at once, as when we enter it and it shows us who is there.
    public var roomBurst = 5_000
    /// Persons who are remembered; beyond it those are forgotten who have used the least.
    public var people = 8_192
    /// Domains that are remembered; so many rooms as well.
    public var domains = 1_024
    /// Refusals a second that one person is told; the others are silent.
    public var personRefusals = 10
    /// Refusals a second that are told to all together.
    public var refusals = 50
    /// How many who subscribe or leave may wait to be stored before nothing more is worked on.
    public var waitingSubscriptions = 1_000
    /// About how many bytes of answers are made at once; the rest is made while these are written.
    public var answerBytes = 1_000_000

    public init() {}
}
