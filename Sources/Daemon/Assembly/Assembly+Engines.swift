import Foundation
import Logging
import Newsroom
import PubSub
import Publishing
import Storage
import XMPP

/// Newsletters whose items are at another PubSub service.
extension Assembly {
    /// What carries publications out: our own service alone, as long as no newsletter has another.
    static func engine(
        _ newsletters: [Newsletter],
        _ former: FormerEngines,
        _ pubsub: PubSubService
    ) -> any PublishingEngine {
        newsletters.contains { ($0.engine ?? former[$0]) != nil }
            ? RemoteEngine(service: pubsub, newsletters: newsletters, former: former.services)
            : LocalEngine(service: pubsub)
    }

    /// Brings up to date what waits for engines that were no such for a while, and says what waits for those
    /// that are none now.
    func reviewEngines() async throws {
        let (places, date) = (enginePlaces, Date())
        let leftovers = try await store.write { transaction in
            for (newsletter, services) in places {
                for service in services {
                    try transaction.renewEngineOperations(of: newsletter, at: service, at: date)
                }
            }
            return try transaction.engineLeftovers(butAt: places)
        }
        for leftover in leftovers {
            logger.warning(
                "Something waits for a service that is not the engine any more; see 'engine forget'",
                metadata: [
                    "newsletter": "\(leftover.newsletter)", "engine": "\(leftover.service)",
                    "changes": "\(leftover.changes)", "readers": "\(leftover.readers)",
                ]
            )
        }
    }

    /// Where something is done for which newsletter.
    var enginePlaces: [String: Set<JID>] {
        EngineLeftovers.places(of: newsletters, formerEngines)
    }

    /// Those who do there what is to be done, one for each such newsletter.
    static func couriers(
        _ desks: [NewsletterDesk],
        _ former: FormerEngines,
        _ settings: EngineSettings,
        _ pubsub: PubSubService,
        _ store: Store,
        _ metrics: ServiceMetrics,
        _ logger: Logger
    ) -> [EngineCourier] {
        desks.compactMap { desk in
            guard let service = desk.newsletter.engine ?? former[desk.newsletter] else {
                return nil
            }
            let reporter = EngineReporter(
                newsletter: desk.newsletter.name,
                contact: desk.newsletter.contact,
                service: service,
                language: desk.language,
                logger: logger
            )
            return EngineCourier(
                of: desk.newsletter,
                leaving: former[desk.newsletter],
                pubsub: pubsub,
                store: store,
                settings: settings,
                note: { try reporter.note($0, in: $1) },
                report: { news in
                    metrics.count(news)
                    reporter.log(news)
                }
            )
        }
    }

    static func activity(of courier: EngineCourier, _ settings: EngineSettings) -> StreamActivity {
        StreamActivity { stream in
            await courier.run { try await stream.request($0, timeout: settings.timeout) }
        }
    }

    /// Has what waits at engines tried at once.
    var urge: @Sendable () async -> Void {
        { [couriers] in for courier in couriers { await courier.urge() } }
    }

    /// Says that something was published, corrected or withdrawn; to be called after the commit.
    var wake: @Sendable () async -> Void {
        { [dispatcher, couriers] in
            await dispatcher.wake()
            for courier in couriers { await courier.wake() }
        }
    }
}

/// Where the nodes of newsletters still are that have come back to our own service.
struct FormerEngines: Sendable {
    private(set) var services: [String: JID] = [:]

    /// Of no newsletter.
    init() {}

    init(_ store: Store) async throws {
        self.init(moves: try await store.read { try $0.engineMoves() })
    }

    init(moves: [EngineMove]) {
        for move in moves where !move.isLeavingHome {
            services[move.newsletter] = move.service
        }
    }

    /// Nil for a newsletter that has an engine by its configuration.
    subscript(newsletter: Newsletter) -> JID? {
        newsletter.engine == nil ? services[newsletter.name] : nil
    }
}

extension Newsletter {
    /// Which of its nodes are elsewhere, and where.
    var nodesElsewhere: [(NodeID, JID)] {
        engine.map { engine in allFeeds.map { ($0.node, engine) } } ?? []
    }
}
