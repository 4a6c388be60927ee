/// Our messages in a room at which a sign (XEP-0444) approves an issue, and who showed one.
///
/// They live as long as the service: after a restart the commands are left.
struct ApprovalRequests {
    /// More are not open at once.
    private static let remembered = 50

    private struct Request {
        let issue: String
        /// Those whose sign is there.
        var people: Set<String> = []
    }

    /// Messages that the room has not sent back yet, with their issues.
    private var sent: [(id: String, issue: String)] = []
    private var requests: [String: Request] = [:]
    /// The keys of `requests`, oldest first.
    private var order: [String] = []

    mutating func sent(_ id: String, about issue: String) {
        sent.append((id, issue))
        sent.removeFirst(max(0, sent.count - Self.remembered))
    }

    /// The room's members know the message by that id.
    mutating func reflected(_ id: String, as stanzaID: String) {
        guard let index = sent.firstIndex(where: { $0.id == id }) else { return }
        requests[stanzaID] = Request(issue: sent.remove(at: index).issue)
        order.append(stanzaID)
        while order.count > Self.remembered { requests[order.removeFirst()] = nil }
    }

    /// The command line that somebody's signs come to, which stand in place of earlier ones.
    mutating func command(by signs: [String], of person: String, at id: String) -> String? {
        guard var request = requests[id] else { return nil }
        let approves = signs.contains(where: Self.isApproval)
        let isNews =
            approves
            ? request.people.insert(person).inserted : request.people.remove(person) != nil
        requests[id] = request
        guard isNews else { return nil }
        return "\(approves ? "approve" : "withdraw-approval") \(request.issue)"
    }

    /// Nothing came of the last command: the signs are taken to be as they were before.
    mutating func dropped(signOf person: String, at id: String) {
        guard requests[id]?.people.remove(person) == nil else { return }
        requests[id]?.people.insert(person)
    }

    /// A thumb of any colour, or a tick.
    private static func isApproval(_ sign: String) -> Bool {
        guard let first = sign.unicodeScalars.first else { return false }
        return first == "\u{1F44D}" || first == "\u{2705}" || first == "\u{2714}"
    }
}
