import Localization
import Publishing
import Storage
import Synchronization
import XMPP

/// What became of a reader's wish at another service.
enum EngineAnswer: Sendable {
    case done
    /// It has not answered yet; what was asked for stays asked for.
    case waiting
    case refused
}

/// How long an answer to a reader waits for engines.
///
/// What other readers say waits meanwhile, so that after it was in vain nobody waits for a while.
final class EnginePatience: Sendable {
    private static let pause = Duration.seconds(60)

    private let wait: Duration
    private let isBack = Mutex(ContinuousClock.now)

    init(_ wait: Duration) {
        self.wait = wait
    }

    /// Until when to wait from now on.
    var end: ContinuousClock.Instant {
        let now = ContinuousClock.now
        return isBack.withLock { $0 } > now ? now : now + wait
    }

    func waited(inVain: Bool) {
        let now = ContinuousClock.now
        isBack.withLock { $0 = inVain ? now + Self.pause : now }
    }
}

extension ReaderDesk {
    /// Waits a moment for what a reader has asked of the engines of these newsletters.
    ///
    /// What they are told of here need not be kept.
    func engineAnswer(
        to reader: JID,
        of newsletters: [Newsletter]
    ) async throws -> EngineAnswer {
        let services = Set(newsletters.compactMap(\.engine))
        guard !services.isEmpty else { return .done }
        let end = enginePatience.end
        var left = try await asked(of: services, by: reader)
        while left.contains(where: { $0.state != .refused }), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(50))
            left = try await asked(of: services, by: reader)
        }
        let isAnswered = left.allSatisfy { $0.state == .refused }
        enginePatience.waited(inVain: !isAnswered)
        guard isAnswered else { return .waiting }
        let refused = left.map(\.id)
        guard !refused.isEmpty else { return .done }
        try await store.write { transaction in
            for id in refused { try transaction.forgetEngineReader(id) }
        }
        return .refused
    }

    private func asked(of services: Set<JID>, by reader: JID) async throws -> [EngineReader] {
        try await store.read { try $0.engineReaders(of: reader) }
            .filter { services.contains($0.wish.service) && !$0.wish.isMove }
    }

    /// What to add to the news that something has ended, where there is more than we know of.
    func endNote(
        for reader: JID,
        of newsletters: [Newsletter],
        _ texts: Texts
    ) async throws -> [String] {
        let services = newsletters.compactMap(\.engine)
        return switch try await engineAnswer(to: reader, of: newsletters) {
        case .done: []
        case .waiting: services.map { texts("engine.endWaits", ["service": $0]) }
        case .refused: services.map { texts("engine.endRefused", ["service": $0]) }
        }
    }
}

extension Newsletter {
    /// What can be tapped to subscribe to the feeds at the newsletter's engine.
    func engineLinks(to feeds: [Newsletter.Feed]) -> [String] {
        guard let engine else { return [] }
        return feeds.map { PubSubURI(engine, node: $0.node).subscribing }
    }
}
