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
}
