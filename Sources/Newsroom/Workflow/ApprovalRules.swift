import Commands
import Localization
import Storage

/// How many people have to agree before an issue goes out.
public struct ApprovalRules: Hashable, Sendable {
    /// So many different people.
    public var count: Int
    /// Whether who publishes counts as none of them.
    public var fourEyes: Bool

    public init(count: Int = 0, fourEyes: Bool = false) {
        self.count = count
        self.fourEyes = fourEyes
    }

    /// Four eyes are two people: one who publishes, and at least another.
    public var needed: Int { max(count, fourEyes ? 1 : 0) }

    /// Who has approved and what is missing, `Benvolio, Mercutio; 1 more is needed`.
    func words(_ names: [String], _ texts: Texts) -> String {
        let who = names.isEmpty ? texts("approval.nobody") : names.joined(separator: ", ")
        let left = needed - names.count
        guard left > 0 else { return who }
        return "\(who); \(texts("approval.left", count: left))"
    }
}

/// Who has approved which languages of an issue, and whether that is enough.
struct ApprovalTally: Hashable, Sendable {
    let rules: ApprovalRules
    /// Those that are about the files as they are.
    let approvals: [ApprovalRecord]

    /// Who counts for a language, by name.
    ///
    /// People a room shows by address and people it shows by an id of theirs alone may be the same,
    /// as may people with ids of two rooms, so these are not added up, and the larger group counts. For the same reason, of four eyes
    /// only those count who are known by what the publisher is known by.
    func approvers(of language: String, publishing identity: String?) -> [String] {
        var groups: [Substring: [String: String]] = [:]
        for approval in approvals where approval.language == language {
            guard let kind = Self.kind(approval.identity) else { continue }
            groups[kind, default: [:]][approval.identity] = approval.name
        }
        if rules.fourEyes, let identity {
            let own = Self.kind(identity)
            groups = groups.filter { $0.key == own }
                .mapValues { $0.filter { $0.key != identity } }
        }
        let largest = groups.values.max { $0.count < $1.count } ?? [:]
        return largest.values.sorted()
    }

    /// How far the team is with the languages as a whole.
    func progress(in languages: [String]) -> IssueWorkflow.Approval {
        let counts = languages.map { approvers(of: $0, publishing: nil).count }
        guard counts.contains(where: { $0 > 0 }) else { return .none }
        return counts.allSatisfy { $0 >= max(rules.needed, 1) } ? .enough : .some
    }

    /// Throws who has approved and what is missing, if something is.
    func require(_ languages: [String], publishing identity: String?) throws(WorkflowRefusal) {
        guard rules.needed > 0 else { return }
        let shortages = languages.map { language in
            Shortage(
                language: language,
                names: approvers(of: language, publishing: identity)
            )
        }
        .filter { $0.names.count < rules.needed }
        guard shortages.isEmpty else { throw .notApproved(rules, shortages) }
    }

    /// A language that too few people let go out.
    struct Shortage: Hashable {
        let language: String
        /// Those who do.
        let names: [String]
    }

    /// What is before the person in an identity; nil if nobody is known by it.
    ///
    /// That is so of ids without their room, which were kept once, and which a room may not have
    /// vouched for.
    private static func kind(_ identity: String) -> Substring? {
        if identity.hasPrefix(Invoker.addressPrefix) { return Invoker.addressPrefix[...] }
        guard identity.hasPrefix(Invoker.roomPrefix) else { return nil }
        return identity.firstIndex(of: "/").map { identity[..<$0] }
    }
}

extension Invoker {
    /// By what the person is known again, never by the nick; nil where that is by nothing.
    var identity: String? {
        if let jid { return "\(Self.addressPrefix)\(jid)" }
        guard let occupantID, let room else { return nil }
        return "\(Self.roomPrefix)\(room)/\(occupantID)"
    }

    fileprivate static let addressPrefix = "address:"
    /// A room's bare address comes next, in which there is no slash.
    fileprivate static let roomPrefix = "in:"
}
