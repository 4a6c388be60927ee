import Foundation
import Publishing
import Storage
import XMPP

/// What waits for services that are not a newsletter's engine any more, until an operator says what is to
/// become of it.
struct EngineLeftovers: Sendable {
    let newsletters: [Newsletter]
    let formerEngines: FormerEngines
    let store: Store
    let urge: @Sendable () async -> Void

    /// Where something is done for which newsletter.
    static func places(of newsletters: [Newsletter], _ former: FormerEngines) -> [String: Set<JID>]
    {
        Dictionary(
            newsletters.map { ($0.name, Set([$0.engine ?? former[$0]].compactMap(\.self))) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Drops all of it; the newsletter may be none of the configuration any more.
    func forget(_ words: [String]) async throws -> [EngineLeftoverReport] {
        let places = Self.places(of: newsletters, formerEngines)
        let name = words.first ?? ""
        return try await store.write { transaction in
            let leftovers = try transaction.engineLeftovers(butAt: places)
                .filter { $0.newsletter == name }
            for leftover in leftovers {
                try transaction.dropEngineWork(of: name, at: leftover.service)
            }
            return leftovers.map(EngineLeftoverReport.init)
        }
    }

    /// Gives the changes of items, and who was to leave, to the newsletter's engine, and drops the rest.
    func passOn(_ words: [String]) async throws -> [EngineLeftoverReport] {
        let places = Self.places(of: newsletters, formerEngines)
        let name = words.first ?? ""
        guard let newsletter = newsletters.first(where: { $0.name == name }) else {
            throw EngineMoveProblem.noNewsletter(name, newsletters.map(\.name))
        }
        guard let engine = newsletter.engine else {
            throw EngineLeftoverProblem.isLocal(name)
        }
        let date = Date()
        let reports = try await store.write { transaction in
            try transaction.engineLeftovers(butAt: places).filter { $0.newsletter == name }
                .map { leftover in
                    var report = EngineLeftoverReport(leftover)
                    let passed = try transaction.passOnEngineWork(
                        of: name,
                        from: leftover.service,
                        to: engine,
                        at: date
                    )
                    report.changes = passed.changes
                    report.endings = passed.endings
                    report.readers -= passed.endings
                    return report
                }
        }
        await urge()
        return reports
    }
}

/// What has waited for a service that is not a newsletter's engine any more.
package struct EngineLeftoverReport: Codable, Hashable, Sendable {
    package var newsletter: String
    package var service: String
    /// Of items.
    package var changes: Int
    /// Who was to be subscribed there, or no more, and is dropped.
    package var readers: Int
    /// Who was to be subscribed there no more, and is so at another service.
    package var endings = 0

    init(_ leftover: EngineLeftover) {
        newsletter = leftover.newsletter
        service = leftover.service.description
        changes = leftover.changes
        readers = leftover.readers
    }
}

/// Why what waits can't be given to another engine.
enum EngineLeftoverProblem: Error, CustomStringConvertible {
    case isLocal(String)

    var description: String {
        switch self {
        case .isLocal(let name):
            "The configuration says 'engine: local' for '\(name)', and Broadsheet has all of it: "
                + "'broadsheet engine forget \(name)' drops what waits for another service."
        }
    }
}
