import Engine
import Foundation
import PubSub
import Storage
import Synchronization
import Testing
import XMPP

@testable import Publishing

/// A press whose newsletter moves to an engine and home, while a test has its hand in between.
struct MovingPress {
    let press: Press
    let engine: ForeignService
    let service: JID

    init() async throws {
        press = try await Press(engine: ForeignService.address)
        engine = try ForeignService(addsReaders: true)
        service = try JID(ForeignService.address)
    }

    var node: NodeID { press.newsletter.defaultFeed.node }

    func start(isLeavingHome: Bool) async throws {
        let (name, service) = (press.newsletter.name, service)
        try await press.store.write {
            try $0.startEngineMove(of: name, at: service, isLeavingHome: isLeavingHome)
        }
    }

    /// As `engine move NEWSLETTER --to local` is given once the configuration says that too.
    func leave() async throws {
        let name = press.newsletter.name
        try await start(isLeavingHome: false)
        try await press.store.write { try $0.setEngineMove(of: name, to: .leaving) }
    }

    func move() async throws -> EngineMove? {
        let name = press.newsletter.name
        return try await press.store.read { try $0.engineMove(of: name) }
    }

    func publish(_ issues: [String]) async throws {
        for issue in issues {
            let edition = try press.edition(of: issue, text: issue)
            try await press.publisher.publish([edition], of: press.newsletter)
        }
    }

    /// The texts of what is here, the oldest first.
    func textsHere() async throws -> [String?] {
        try await press.items(in: "en").reversed().map {
            try $0.payloadElement()?.child("content")?.text
        }
    }

    /// All that is here is forgotten, as if it had come from there only.
    func forgetItems() async throws {
        try await press.store.write { [node] transaction in
            guard let record = try transaction.node(named: node) else { return }
            _ = try transaction.deleteItems(of: record.id)
        }
    }

    func readers(in store: Store) async throws -> [String] {
        try await store.read { [node] transaction in
            guard let record = try transaction.node(named: node) else { return [] }
            return try transaction.subscriptions(to: record.id).map(\.jid.description).sorted()
        }
    }

    /// Lets a courier work until something is so; `onAsk` is told of each request before it leaves, and may
    /// answer in the engine's place.
    func run(
        isLeaving: Bool = false,
        onAsk: @escaping @Sendable (IQ) async throws -> IQ? = { _ in nil },
        until isSo: () async throws -> Bool
    ) async throws {
        var newsletter = press.newsletter
        if isLeaving { newsletter.engine = nil }
        var settings = EngineSettings()
        settings.grace = .milliseconds(1)
        settings.retryDelay = .milliseconds(1)
        settings.retryLimit = .milliseconds(2)
        let courier = try #require(
            EngineCourier(
                of: newsletter,
                leaving: isLeaving ? service : nil,
                pubsub: press.service,
                store: press.store,
                settings: settings
            )
        )
        let running = Task { [engine] in
            await courier.run { request in
                if let answer = try await onAsk(request) { return answer }
                return try await engine.ask(request)
            }
        }
        let end = ContinuousClock.now + .seconds(180)
        while try await !isSo() {
            guard ContinuousClock.now < end else {
                Issue.record("It has not become so.")
                break
            }
            await courier.wake()
            try await Task.sleep(for: .milliseconds(5))
        }
        running.cancel()
        await running.value
    }

    func runUntilMoved() async throws {
        try await run { try await move()?.phase == .moved }
    }
}

/// Lets something happen once.
final class Once: Sendable {
    private let happened = Mutex(false)

    var hasHappened: Bool { happened.withLock { $0 } }

    /// True the first time only.
    func isFirst() -> Bool {
        happened.withLock { happened in
            defer { happened = true }
            return !happened
        }
    }
}

extension IQ {
    /// Whether it asks, as an owner, who is subscribed.
    var asksForReaders: Bool {
        type == .get && payload?.child("subscriptions") != nil
    }

    /// Whether it asks for items, be it one or all.
    var asksForItems: Bool {
        type == .get && payload?.child("items") != nil
    }

    /// The one item it asks for.
    var askedItem: String? {
        asksForItems ? payload?.child("items")?.child("item")?["id"] : nil
    }

    var deletesNode: Bool {
        type == .set && payload?.child("delete") != nil
    }
}
