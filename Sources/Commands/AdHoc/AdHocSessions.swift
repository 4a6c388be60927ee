import XMPP

/// The ad-hoc commands that somebody has begun and not ended (XEP-0050 §2.2).
///
/// It has no clock: moments count from an origin of the caller's choice.
struct AdHocSessions: Sendable {
    struct Session: Hashable, Sendable {
        let requester: JID
        let node: String
        let opened: Duration
        /// What waits for a yes; nil while the command's own form is filled in.
        var asked: CommandInvocation?
    }

    /// Why there is no such session.
    enum Flaw: Error, Hashable {
        case unknown, expired
    }

    let limits: AdHocLimits
    private var sessions: [String: Session] = [:]

    init(limits: AdHocLimits) {
        self.limits = limits
    }

    var count: Int { sessions.count }

    /// Whether it is one that this person has begun and not ended.
    func has(_ id: String, of requester: JID) -> Bool {
        sessions[id]?.requester == requester
    }

    /// Keeps a session; false if all together have too many open, and none more than this domain.
    ///
    /// Who begins again and again loses the oldest of the own sessions, and nobody else theirs.
    mutating func open(
        _ id: String,
        for requester: JID,
        node: String,
        asking asked: CommandInvocation? = nil,
        at now: Duration
    ) -> Bool {
        let own = sessions.filter { $0.value.requester.bare == requester.bare }
        if own.count >= limits.sessionsPerPerson {
            guard let oldest = own.min(by: { $0.value.opened < $1.value.opened }) else {
                return false
            }
            sessions[oldest.key] = nil
        }
        if sessions.count >= limits.sessions {
            sessions = sessions.filter { !isOver($0.value, at: now) }
        }
        if sessions.count >= limits.sessions { makeRoom(for: requester) }
        guard sessions.count < limits.sessions else { return false }
        sessions[id] = Session(requester: requester, node: node, opened: now, asked: asked)
        return true
    }

    /// Ends the oldest session of the domain that has most, so that none shuts out the others.
    private mutating func makeRoom(for requester: JID) {
        let byDomain = Dictionary(grouping: sessions) { $0.value.requester.domainpart }
        guard let most = byDomain.max(by: { $0.value.count < $1.value.count }),
            most.key != requester.domainpart,
            let oldest = most.value.min(by: { $0.value.opened < $1.value.opened })
        else { return }
        sessions[oldest.key] = nil
    }

    /// Ends a session, which only the one who began it can.
    mutating func take(
        _ id: String,
        of requester: JID,
        node: String,
        at now: Duration
    ) throws(Flaw) -> Session {
        guard let session = sessions[id], session.requester == requester, session.node == node
        else { throw .unknown }
        sessions[id] = nil
        guard !isOver(session, at: now) else { throw .expired }
        return session
    }

    private func isOver(_ session: Session, at now: Duration) -> Bool {
        let timeout = session.asked == nil ? limits.timeout : limits.questionTimeout
        return now - session.opened > timeout
    }
}

/// How many commands may wait for those who gave them, and for how long.
public struct AdHocLimits: Hashable, Sendable {
    /// In all; a further one is refused.
    public var sessions: Int
    /// Of one person; a further one ends the oldest.
    public var sessionsPerPerson: Int
    /// After which a form can't be submitted any more.
    public var timeout: Duration
    /// After which the question a command asks, wherever it was given, can't be answered any more.
    public var questionTimeout: Duration

    public init(
        sessions: Int = 1_000,
        sessionsPerPerson: Int = 5,
        timeout: Duration = .seconds(900),
        questionTimeout: Duration = .seconds(300)
    ) {
        self.sessions = sessions
        self.sessionsPerPerson = sessionsPerPerson
        self.timeout = timeout
        self.questionTimeout = questionTimeout
    }
}
