import XML
import XMPP

/// Being in a room: how we get in, notice that we are out, and return (XEP-0045 §7, XEP-0410).
///
/// It has neither socket nor clock. Each event returns what to do; ``deadline`` says when to call
/// ``reached(_:)`` next. Moments count from an origin of the caller's choice.
struct Occupancy: Sendable {
    enum Order: Hashable, Sendable {
        case send(Presence)
        /// Ping this occupant and report the answer with the same number.
        case ping(JID, number: Int)
        /// The room was made by our joining it: open it as its service's defaults are.
        case acceptDefaults
        case report(RoomReport)
    }

    private enum State: Hashable {
        /// No stream, or we left.
        case offline
        /// Asked to enter; next `joined` by our own presence, `waiting` by an error or silence.
        case joining(nick: String, giveUp: Duration)
        case joined(nick: String, since: Duration, Contact)
        case waiting(RoomTrouble, until: Duration)
    }

    /// How sure we are that we are still in the room.
    private enum Contact: Hashable {
        case heard(at: Duration)
        case asked(number: Int, wasLost: Bool)
        /// The last question stayed open.
        case lost(askAgain: Duration)
    }

    let configuration: RoomConfiguration
    private var state = State.offline
    private var occupants: [String: Occupant] = [:]
    /// Whether somebody in the room bears an id by which it knows people.
    private(set) var showsIDs = false
    /// Troubles in a row; each makes the next wait longer.
    private var failures = 0
    private var pings = 0

    init(_ configuration: RoomConfiguration) {
        self.configuration = configuration
    }

    private var timings: RoomTimings { configuration.timings }
}

// MARK: - Looking at it

extension Occupancy {
    /// When ``reached(_:)`` has something to do; nil if only an event can change anything.
    var deadline: Duration? {
        switch state {
        case .offline: nil
        case .joining(_, let giveUp): giveUp
        case .joined(_, _, .heard(let moment)): moment + timings.silence
        case .joined(_, _, .asked): nil
        case .joined(_, _, .lost(let askAgain)): askAgain
        case .waiting(_, let until): until
        }
    }

    /// Our nick, while we are in the room.
    var nick: String? {
        if case .joined(let nick, _, _) = state { nick } else { nil }
    }

    /// The nicks of all who are in the room, ours included.
    var nicks: [String] { Array(occupants.keys) }

    func occupant(named nick: String) -> Occupant? {
        occupants[nick]
    }

    /// Whether the room shows the person, by their real address, with such an affiliation.
    func shows(_ person: JID, as affiliations: Set<RoomAffiliation>) -> Bool {
        occupants.values.contains { occupant in
            occupant.realJID?.bare == person.bare && occupant.hasStanding
                && affiliations.contains(occupant.affiliation)
        }
    }

    func status(at now: Duration) -> RoomStatus {
        switch state {
        case .offline: .offline
        case .joining(let nick, _): .joining(nick: nick)
        case .joined(let nick, _, _): .joined(nick: nick, occupants: occupants.count)
        case .waiting(let trouble, let until): .waiting(trouble, for: max(until - now, .zero))
        }
    }
}

// MARK: - Events

extension Occupancy {
    mutating func streamOpened(at now: Duration) -> [Order] {
        failures = 0
        return join(as: configuration.nick, at: now)
    }

    mutating func streamEnded() {
        state = .offline
        occupants = [:]
    }

    /// We want to go, as the service is being stopped.
    ///
    /// Who has asked to enter says goodbye too: the room may have let us in already, and would keep
    /// us for ever.
    mutating func leave() -> [Order] {
        let nick: String? =
            switch state {
            case .joining(let nick, _), .joined(let nick, _, _): nick
            case .offline, .waiting: nil
            }
        streamEnded()
        guard let nick, let presence = presence(.unavailable, as: nick) else { return [] }
        return [.send(presence)]
    }

    /// Some presence arrived; what is not from this room changes nothing.
    mutating func received(_ presence: Presence, at now: Duration) -> [Order] {
        guard let presence = RoomPresence(presence), presence.room == configuration.room else {
            return []
        }
        switch presence.event {
        case .present(let occupant):
            return present(occupant, presence, at: now)
        case .left(let nick, let departure):
            return left(nick, departure, isOwn: presence.isOwn, at: now)
        case .refused(let nick, let error):
            return refused(as: nick, error, at: now)
        }
    }

    /// A message of an occupant or of the room itself arrived.
    mutating func heard(at now: Duration) {
        guard case .joined(let nick, let since, let contact) = state else { return }
        if case .asked = contact { return }
        state = .joined(nick: nick, since: since, .heard(at: now))
    }

    /// What we said in the room came back.
    mutating func bounced(_ error: StanzaError, at now: Duration) -> [Order] {
        guard case .joined(let nick, let since, let contact) = state else { return [] }
        switch error.condition {
        case .notAcceptable, .itemNotFound, .gone:
            return rejoin(.forgotten(error.condition), at: now)
        case .forbidden:
            return [.report(.voiceless)]
        default:
            if case .heard = contact {
                state = .joined(nick: nick, since: since, .lost(askAgain: now))
            }
            return reached(now)
        }
    }

    mutating func answered(
        _ answer: SelfPing.Answer,
        number: Int,
        at now: Duration
    ) -> [Order] {
        guard case .joined(let nick, let since, .asked(number, let wasLost)) = state else {
            return []
        }
        switch SelfPing.verdict(on: answer) {
        case .inside:
            state = .joined(nick: nick, since: since, .heard(at: now))
            return wasLost ? [.report(.reachable)] : []
        case .unknown:
            state = .joined(nick: nick, since: since, .lost(askAgain: now + timings.asking))
            return wasLost ? [] : [.report(.unreachable)]
        case .outside(let condition):
            return rejoin(.forgotten(condition), at: now)
        }
    }

    /// Time has passed; before the deadline nothing happens.
    mutating func reached(_ now: Duration) -> [Order] {
        guard let deadline, deadline <= now else { return [] }
        switch state {
        case .offline:
            return []
        case .joining:
            return wait(after: .noAnswer, at: now)
        case .joined(let nick, let since, let contact):
            return ask(as: nick, since: since, after: contact)
        case .waiting:
            return join(as: configuration.nick, at: now)
        }
    }
}

// MARK: - Who is there

extension Occupancy {
    private mutating func present(
        _ occupant: Occupant,
        _ presence: RoomPresence,
        at now: Duration
    ) -> [Order] {
        switch state {
        case .offline:
            return []
        case .waiting where !presence.isOwn:
            return []
        case .joining(let nick, _) where !presence.isOwn:
            remember(occupant)
            state = .joining(nick: nick, giveUp: now + timings.joining)
            return []
        case .joined where !presence.isOwn:
            remember(occupant)
            heard(at: now)
            return []
        case .joined(let nick, let since, let contact):
            remember(occupant)
            state = .joined(nick: occupant.nick, since: since, contact)
            heard(at: now)
            return nick == occupant.nick ? [] : [.report(.renamed(occupant.nick))]
        case .joining, .waiting:
            remember(occupant)
            let wasMade = presence.statuses.contains(201)
            if wasMade, !configuration.opensRooms { return abandon(occupant.nick, at: now) }
            state = .joined(nick: occupant.nick, since: now, .heard(at: now))
            let joined = Order.report(.joined(nick: occupant.nick))
            return wasMade ? [joined, .report(.created), .acceptDefaults] : [joined]
        }
    }

    private mutating func remember(_ occupant: Occupant) {
        occupants[occupant.nick] = nil
        let note = configuration.known.note(on: occupant, beside: occupants.count)
        occupants[occupant.nick] = note
        if note?.occupantID != nil { showsIDs = true }
    }

    /// Leaves a room which nobody but us is in, so that it is no more.
    private mutating func abandon(_ nick: String, at now: Duration) -> [Order] {
        let goodbye = presence(.unavailable, as: nick).map { [Order.send($0)] } ?? []
        return goodbye + wait(after: .locked, at: now)
    }

    private mutating func left(
        _ nick: String,
        _ departure: Departure,
        isOwn: Bool,
        at now: Duration
    ) -> [Order] {
        occupants[nick] = nil
        switch (state, departure) {
        case (.joined(let own, let since, let contact), .renamed(let newNick))
        where isOwn || nick == own:
            state = .joined(nick: newNick, since: since, contact)
            return [.report(.renamed(newNick))]
        case (.joined(let own, _, _), .removed(let trouble)) where isOwn || nick == own:
            return wait(after: trouble, at: now)
        case (.joining, .removed(let trouble)) where isOwn:
            return wait(after: trouble, at: now)
        case (.joined, _):
            heard(at: now)
            return nick == configuration.nick ? reclaimNick() : []
        case (.offline, _), (.joining, _), (.waiting, _):
            return []
        }
    }

    /// The nick we wanted has become free while we are in under another.
    private func reclaimNick() -> [Order] {
        guard let presence = presence(.available, as: configuration.nick) else { return [] }
        return [.send(presence)]
    }

    private mutating func refused(
        as nick: String?,
        _ error: StanzaError,
        at now: Duration
    ) -> [Order] {
        // In the room, it can only be about a change of nick that failed: we keep the old one.
        guard case .joining(let tried, _) = state, nick == nil || nick == tried else { return [] }
        let isConflict = error.condition == .conflict
        if isConflict, tried.count < configuration.nick.count + 3 {
            let next = tried + "_"
            return [.report(.nickTaken(tried, trying: next))] + join(as: next, at: now)
        }
        let trouble = RoomTrouble(joiningFailedWith: error, nick: configuration.nick)
        return wait(after: trouble, at: now)
    }
}

// MARK: - Going in and waiting outside

extension Occupancy {
    /// Asks to enter; the history is none of a bot's business (XEP-0045 §7.2.13).
    private mutating func join(as nick: String, at now: Duration) -> [Order] {
        occupants = [:]
        showsIDs = false
        guard var presence = presence(.available, as: nick) else {
            return wait(after: .nicknameTaken(configuration.nick), at: now)
        }
        state = .joining(nick: nick, giveUp: now + timings.joining)
        presence.children = [
            Element("x", in: .muc) {
                Element("history", ["maxstanzas": "0"])
                if let password = configuration.password {
                    Element("password") { password }
                }
            }
        ]
        return [.send(presence)]
    }

    private mutating func rejoin(_ trouble: RoomTrouble, at now: Duration) -> [Order] {
        forgetOldTroubles(at: now)
        return [.report(.rejoining(trouble))] + join(as: configuration.nick, at: now)
    }

    private mutating func wait(after trouble: RoomTrouble, at now: Duration) -> [Order] {
        forgetOldTroubles(at: now)
        let delay = delay(after: trouble)
        failures += 1
        occupants = [:]
        state = .waiting(trouble, until: now + delay)
        return [.report(.waiting(trouble, for: delay))]
    }

    private mutating func forgetOldTroubles(at now: Duration) {
        guard case .joined(_, let since, _) = state, now - since >= timings.settling else { return }
        failures = 0
    }

    /// Doubles with each trouble in a row.
    private func delay(after trouble: RoomTrouble) -> Duration {
        let first: Duration
        switch trouble.outlook {
        case .soon: first = timings.afterAccident
        case .later: first = timings.afterKick
        case .slow: return timings.longest
        }
        return min(first * (1 << min(failures, 16)), timings.longest)
    }

    private mutating func ask(
        as nick: String,
        since: Duration,
        after contact: Contact
    ) -> [Order] {
        guard let occupant = try? configuration.room.with(resourcepart: nick) else { return [] }
        pings += 1
        let wasLost = if case .lost = contact { true } else { false }
        state = .joined(nick: nick, since: since, .asked(number: pings, wasLost: wasLost))
        return [.ping(occupant, number: pings)]
    }

    /// Nil if the nick can't be one, which only one of our own making could.
    private func presence(_ type: Presence.PresenceType, as nick: String) -> Presence? {
        guard let occupant = try? configuration.room.with(resourcepart: nick) else { return nil }
        return Presence(type, from: configuration.address, to: occupant)
    }
}
