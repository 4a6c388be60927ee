import XMPP

/// Who a stanza counts for: hashes, whose values differ from process to process.
struct Visitor: Hashable, Sendable {
    /// What else it counts for.
    enum Group: Hashable, Sendable {
        case domain(Int)
        /// Who is in a room that reads, as the room shows it.
        case room(Int)
    }

    let person: Int
    /// Nil if it counts for the person only.
    let group: Group?

    /// Somebody by bare address, or by full address where each is another person: in a room.
    init(_ person: JID, countsForDomain: Bool = true) {
        self.person = person.hashValue
        group = countsForDomain ? .domain(person.domainpart.hashValue) : nil
    }

    /// Somebody in a room that reads, of whom it shows that they come, are there, or go.
    init(_ occupant: JID, shownBy room: JID) {
        person = occupant.hashValue
        group = .room(room.hashValue)
    }

    /// An address that can't be read; all of those share one domain.
    init(unreadable text: String) {
        person = text.hashValue
        group = .domain("".hashValue)
    }
}

/// Decides who may come in, by what they have asked for lately.
///
/// Each stanza takes from the allowance of the person and from that of the domain, or of the room that
/// shows us who is in it: when a server comes back, all its rooms do that at once. The last quarter
/// of a domain's is kept for those who ask little in the long run, and so is what is taken while too
/// much waits: each has a claim that comes back slowly, and is used up by all that is asked, whether
/// in vain or not. So a crowd shuts out nobody who is not of it, be its members many and each of them
/// slow. It has no clock.
struct Turnstile: Sendable {
    enum Verdict: Hashable, Sendable {
        case admitted
        /// This person asks too fast. Is it to be told?
        case person(isTold: Bool)
        /// Too much comes from the person's domain.
        case domain(isTold: Bool)
        /// The room shows more than is taken; there is nobody to tell.
        case room
        /// Too much waits already, whoever it came from.
        case full(isTold: Bool)
    }

    private var people: AllowanceTable
    private var domains: AllowanceTable
    private var rooms: AllowanceTable
    private var refusals: AllowanceTable
    /// What people may have of the reserve.
    private var claims: AllowanceTable
    private let reserve: Double

    init(_ limits: TrafficLimits) {
        people = AllowanceTable(
            rate: Double(limits.personRate),
            burst: limits.personBurst,
            refusals: limits.personRefusals,
            capacity: limits.people
        )
        domains = AllowanceTable(
            rate: Double(limits.domainRate),
            burst: limits.domainBurst,
            capacity: limits.domains
        )
        rooms = AllowanceTable(
            rate: Double(limits.roomRate),
            burst: limits.roomBurst,
            capacity: limits.domains
        )
        refusals = AllowanceTable(
            rate: Double(limits.refusals),
            burst: limits.refusals,
            capacity: 1
        )
        claims = AllowanceTable(
            rate: Double(limits.reservePerMinute) / 60,
            burst: limits.reserveBurst,
            capacity: limits.people
        )
        reserve = Double(limits.domainBurst) / 4
    }

    /// Decides on one stanza; the moment is in seconds from any origin.
    mutating func verdict(
        on visitor: Visitor,
        at now: Double,
        isFull: Bool = false
    ) -> Verdict {
        let person = people.find(visitor.person, at: now)
        guard people.left(at: person) >= 1 else {
            return .person(isTold: isTold(person, at: now))
        }
        people.takeOne(at: person)
        switch visitor.group {
        case nil: return .admitted
        case .room(let room): return verdict(onRoom: room, at: now)
        case .domain(let domain):
            let isFrugal = takeClaim(visitor.person, at: now)
            return verdict(onDomain: domain, person, isFrugal, at: now, isFull: isFull)
        }
    }

    private mutating func verdict(onRoom key: Int, at now: Double) -> Verdict {
        let room = rooms.find(key, at: now)
        guard rooms.left(at: room) >= 1 else { return .room }
        rooms.takeOne(at: room)
        return .admitted
    }

    private mutating func verdict(
        onDomain key: Int,
        _ person: AllowanceTable.Place,
        _ isFrugal: Bool,
        at now: Double,
        isFull: Bool
    ) -> Verdict {
        guard !isFull || isFrugal else { return .full(isTold: isTold(person, at: now)) }
        let domain = domains.find(key, at: now)
        guard domains.left(at: domain) >= (isFrugal ? 1 : 1 + reserve) else {
            return .domain(isTold: isTold(person, at: now))
        }
        domains.takeOne(at: domain)
        return .admitted
    }

    /// Whether somebody has a claim to the reserve, which this uses up by one.
    private mutating func takeClaim(_ person: Int, at now: Double) -> Bool {
        let place = claims.find(person, at: now)
        guard claims.left(at: place) >= 1 else { return false }
        claims.takeOne(at: place)
        return true
    }

    /// Each person is told so often as is set for one, and all together as is set for all.
    private mutating func isTold(_ person: AllowanceTable.Place, at now: Double) -> Bool {
        let all = refusals.find(0, at: now)
        guard refusals.left(at: all) >= 1, people.takeRefusal(at: person) else { return false }
        refusals.takeOne(at: all)
        return true
    }
}
