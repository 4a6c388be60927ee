/// What a person may do; each role may do all that the ones before it may.
public enum Role: String, Hashable, Sendable, CaseIterable, Comparable {
    case reader, editor, publisher, `operator`

    public static func < (left: Role, right: Role) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .reader: 0
        case .editor: 1
        case .publisher: 2
        case .operator: 3
        }
    }

    /// The role with its article, as in "you are a reader".
    var withArticle: String {
        switch self {
        case .reader, .publisher: "a \(rawValue)"
        case .editor, .operator: "an \(rawValue)"
        }
    }

    /// Everybody of this role or above it, as in "only publishers and operators".
    var andAbove: String {
        let names = Role.allCases.filter { $0 >= self }.map { "\($0.rawValue)s" }
        guard let last = names.last, names.count > 1 else { return names.joined() }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
