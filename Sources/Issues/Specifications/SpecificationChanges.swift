/// What became of the specifications between two copies of their list.
///
/// States are compared, never the dates in the list: those are the authors', while the newsletter
/// tells what the editors of the series have done.
public struct SpecificationChanges: Hashable, Sendable {
    /// The states an issue tells of, in its order.
    enum State: String, CaseIterable, Hashable, Sendable {
        case proposed, new, deferred, updated
        case lastCall = "last-call"
        case stable, deprecated, obsoleted, rejected, retracted

        /// Too seldom to be told of in months without any.
        var isRare: Bool { self == .obsoleted || self == .retracted }

        /// The state that a new status puts a specification in; nil if that is not told of.
        init?(enteringStatus status: ListedSpecification.Status) {
            switch status {
            case .deferred: self = .deferred
            case .stable, .active, .final: self = .stable
            case .deprecated: self = .deprecated
            case .obsolete: self = .obsoleted
            case .rejected: self = .rejected
            case .retracted: self = .retracted
            case .experimental, .proposed, .unknown: return nil
            }
        }
    }

    /// In the order of their numbers.
    private(set) var specifications: [State: [ListedSpecification]] = [:]

    /// - Throws: ``SpecificationChangesError`` if the copies are in the wrong order.
    public init(
        from old: SpecificationCopy,
        to new: SpecificationCopy
    ) throws(SpecificationChangesError) {
        let added = new.specifications.values.filter { old.specifications[$0.name] == nil }
        let lost = old.specifications.values.filter { specification in
            // A proposal may well be gone once it has a number, a number never is.
            guard case .number = specification.name else { return false }
            return new.specifications[specification.name] == nil
        }
        if !lost.isEmpty, added.isEmpty { throw .reversed(lost.map(\.name.description).sorted()) }
        for specification in new.specifications.values.sorted(by: { $0.name < $1.name }) {
            for state in Self.states(of: specification, before: old) {
                specifications[state, default: []].append(specification)
            }
        }
    }

    /// How many entries there are in all states together.
    public var count: Int { specifications.values.map(\.count).reduce(0, +) }

    private static func states(
        of specification: ListedSpecification,
        before copy: SpecificationCopy
    ) -> [State] {
        guard let earlier = copy.specifications[specification.name] else {
            if case .proposal = specification.name { return [.proposed] }
            return [.new]
        }
        guard case .number = specification.name else { return [] }
        var states: [State] = []
        let entered =
            specification.status == earlier.status
            ? nil : State(enteringStatus: specification.status)
        if let entered {
            states.append(entered)
        } else if specification.version != earlier.version {
            states.append(.updated)
        }
        let isCalled = specification.status == .proposed && specification.lastCall != nil
        if isCalled,
            earlier.status != .proposed || earlier.lastCall != specification.lastCall
        {
            states.append(.lastCall)
        }
        return states
    }
}

/// Why two copies of a list can't be compared.
public enum SpecificationChangesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The second lacks these, and has nothing that the first has not.
    case reversed([String])

    public var description: String {
        switch self {
        case .reversed(let names):
            "The second list lacks \(names.prefix(3).joined(separator: ", ")), which the first has. "
                + "Name the older copy first."
        }
    }
}
