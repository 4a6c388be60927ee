import Foundation
import Synchronization
import XMPP

/// How many new readers are taken within an hour, so that nobody fills the list with strangers.
public struct SignUpLimits: Hashable, Sendable {
    /// Of one domain; 0 is no limit.
    public var perDomain: Int
    /// Of all domains together; 0 is no limit.
    public var total: Int

    public init(perDomain: Int = 1_000, total: Int = 10_000) {
        self.perDomain = perDomain
        self.total = total
    }
}

/// A limit of sign-ups that was reached.
public struct SignUpAlarm: Hashable, Sendable {
    /// Nil if it is that of all domains together.
    public let domain: String?
    public let limit: Int
}

/// Counts new readers, whichever way they come: each account once, however often it comes and goes.
///
/// A lock rather than an actor: what it guards is touched for a moment, within a transaction.
public final class SignUpCounter: Sendable {
    private struct Hour {
        var start = Date.distantPast
        var total = 0
        var ofDomain: [String: Int] = [:]
        /// What was told of already.
        var told: Set<SignUpAlarm> = []
        /// The bare addresses that were counted, or were readers and left.
        var known: Set<JID> = []

        /// Takes note of somebody, as long as there is room for more.
        mutating func know(_ account: JID) {
            if known.count < SignUpCounter.mostAccounts { known.insert(account) }
        }
    }

    /// This hour, and whom the one before knew: so nobody is forgotten within an hour.
    private struct Counts {
        var hour = Hour()
        var knownBefore: Set<JID> = []
        var alarms: [SignUpAlarm] = []

        mutating func turn(to date: Date) {
            let age = date.timeIntervalSince(hour.start)
            // A clock that was set back begins anew.
            guard age >= SignUpCounter.hour || age < 0 else { return }
            knownBefore = (0..<2 * SignUpCounter.hour).contains(age) ? hour.known : []
            hour = Hour(start: date)
        }
    }

    private static let hour: TimeInterval = 3600
    /// How many domains are counted; all others are in the total only.
    private static let mostDomains = 10_000
    /// How many accounts are known by their addresses; all others count each time they come.
    private static let mostAccounts = 100_000

    private let limits: SignUpLimits
    private let state = Mutex(Counts())

    init(_ limits: SignUpLimits) {
        self.limits = limits
    }

    /// The limits that were reached since this was asked last, each once in an hour.
    public func takeAlarms() -> [SignUpAlarm] {
        state.withLock { state in
            defer { state.alarms = [] }
            return state.alarms
        }
    }

    /// Whether there is any limit; if not, nothing is counted and nobody remembered.
    var isLimited: Bool { limits.perDomain > 0 || limits.total > 0 }

    /// Takes note that a reader has left, who may come back within the hour without being counted.
    func noteLeaving(_ reader: JID, at date: Date) {
        guard isLimited else { return }
        state.withLock { state in
            state.turn(to: date)
            state.hour.know(reader.bare)
        }
    }

    /// Whether one more may begin to read; it counts if so, unless the account is known.
    func admits(_ reader: JID, at date: Date) -> Bool {
        guard isLimited else { return true }
        let account = reader.bare
        return state.withLock { state in
            state.turn(to: date)
            guard !state.hour.known.contains(account), !state.knownBefore.contains(account)
            else { return true }
            let domain = reader.domainpart
            let count = state.hour.ofDomain[domain] ?? 0
            let alarm: SignUpAlarm? =
                if limits.perDomain > 0, count >= limits.perDomain {
                    SignUpAlarm(domain: domain, limit: limits.perDomain)
                } else if limits.total > 0, state.hour.total >= limits.total {
                    SignUpAlarm(domain: nil, limit: limits.total)
                } else {
                    nil
                }
            guard let alarm else {
                state.hour.total += 1
                if count > 0 || state.hour.ofDomain.count < Self.mostDomains {
                    state.hour.ofDomain[domain] = count + 1
                }
                state.hour.know(account)
                return true
            }
            if state.hour.told.insert(alarm).inserted { state.alarms.append(alarm) }
            return false
        }
    }
}
