/// How much those who invite us into rooms, and those who are in them, may ask of us there.
public struct GuestLimits: Hashable, Sendable {
    /// The rooms in which issues may be announced, with those that are still to decide; 0 follows no
    /// invitation.
    public var rooms = 100
    /// Those among them at one domain which the configuration does not name.
    public var roomsPerDomain = 20
    /// How many of a room's owners and admins are remembered while they are there; the others are
    /// strangers to us.
    public var admins = 200
    /// How many invitations of one person are followed within an hour.
    public var invitationsPerHour = 10
    /// How long a room may take to decide whether we stay.
    public var patience = Duration.seconds(600)
    /// How many who have nothing to decide in a room are told so within an hour.
    public var strangersPerHour = 10
    /// How many lines that are no command of ours are answered within an hour, each person's.
    public var mistakesPerHour = 5

    public init() {}
}
