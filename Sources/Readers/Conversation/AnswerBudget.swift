public import XMPP

/// How often each person is answered: two programs that answer each other come to an end.
public struct AnswerBudget: Sendable {
    /// What to do with a message.
    public enum Verdict: Hashable, Sendable {
        case answer
        /// It is the first one too many: say so, and then nothing more.
        case warn
        case ignore
    }

    /// How many answers a person gets.
    private let most: Int
    /// In this time.
    private let period: Duration
    /// How many people are remembered; the rest begin anew.
    private static let mostPeople = 10_000
    private var spent: [JID: (since: Duration, count: Int)] = [:]

    public init(_ most: Int, per period: Duration) {
        self.most = most
        self.period = period
    }

    /// Notes a message and tells what to do with it.
    ///
    /// - Parameters:
    ///   - person: The sender's bare address.
    ///   - now: The time since any fixed moment.
    /// - Returns: Whether to answer, to say that it is too much, or to do nothing.
    public mutating func spend(by person: JID, at now: Duration) -> Verdict {
        var entry = spent[person] ?? (now, 0)
        if now - entry.since >= period { entry = (now, 0) }
        entry.count += 1
        if spent.count >= Self.mostPeople, spent[person] == nil { makeRoom(at: now) }
        spent[person] = entry
        if entry.count <= most { return .answer }
        return entry.count == most + 1 ? .warn : .ignore
    }

    private mutating func makeRoom(at now: Duration) {
        spent = spent.filter { now - $0.value.since < period }
        if spent.count >= Self.mostPeople { spent.removeAll() }
    }
}
