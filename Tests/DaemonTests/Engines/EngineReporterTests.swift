import Engine
import Foundation
import Logging
import PubSub
import Publishing
import Storage
import Synchronization
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("What a newsletter's rooms hear of its engine")
struct EngineReporterTests {
    private let store: Store
    private let reporter: EngineReporter
    private let target: EngineTarget

    init() throws {
        store = try Store.inMemory()
        let service = try JID("pubsub.verona.lit")
        reporter = EngineReporter(
            newsletter: "dispatch",
            contact: try JID("dispatch@news.verona.lit"),
            service: service,
            language: "de",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        target = EngineTarget(
            newsletter: "dispatch",
            service: service,
            node: try #require(NodeID(rawValue: "dispatch-en")),
            item: try #require(ItemID(rawValue: "2026-04-05"))
        )
    }

    private func operation(publishing payload: Element?) async throws -> EngineOperation {
        let asked = try await store.write { [target] transaction in
            try transaction.addEngineOperation(on: target, publishing: payload, at: Date())
            return try transaction.nextEngineOperation(of: "dispatch", at: target.service)
        }
        return try #require(asked)
    }

    private func heard(of news: EngineNews) async throws -> [String] {
        try await store.write { [reporter] transaction in
            try reporter.note(news, in: transaction)
            return try transaction.notices().map(\.text)
        }
    }

    @Test("in their language, what is there and what is not any more")
    func ends() async throws {
        let published = try await operation(publishing: Element("entry", in: "x"))
        let there = "2026-04-05 ist bei pubsub.verona.lit (dispatch-en)."
        #expect(try await heard(of: .done(published)) == [there])
        let retraction = try await operation(publishing: nil)
        let texts = try await heard(of: .done(retraction))
        #expect(texts.count == 2)
        #expect(texts.last != there)
    }

    @Test("what an engine can't do is one line of the log, however often we connect")
    func lacks() async throws {
        let (service, lines) = (target.service, LoggedLines())
        let reporter = EngineReporter(
            newsletter: "dispatch",
            contact: reporter.contact,
            service: service,
            language: "en",
            logger: Logger(label: "test") { _ in lines }
        )
        var newsletter = Newsletter(
            name: "dispatch",
            title: "The Verona Dispatch",
            contact: reporter.contact,
            defaultFeed: Newsletter.Feed(language: "en", node: target.node),
            author: "Friar Lorenzo"
        )
        newsletter.engine = service
        let pubsub = PubSubService(domain: try JID("news.verona.lit"))
        let node = target.node
        try await store.write {
            try pubsub.ensureNode(NodeDefinition(id: node, title: "en"), in: $0)
        }
        let report: EngineCourier.Report = { reporter.log($0) }
        let made = EngineCourier(of: newsletter, pubsub: pubsub, store: store, report: report)
        let courier = try #require(made)
        for _ in 0..<3 {
            let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
            let running = Task {
                await courier.run { request in
                    guard request.payload?.namespace != .discoInfo else {
                        let identity = DiscoInfo.Identity(category: "pubsub", type: "service")
                        let info = DiscoInfo(identities: [identity], features: [.pubsub])
                        return request.reply(with: info.element)
                    }
                    continuation.yield()
                    return request.reply(error: StanzaError(.remoteServerTimeout))
                }
            }
            // It has got past what it asks first.
            _ = await asked.first { _ in true }
            running.cancel()
            await running.value
        }
        let found = lines.all.filter { $0.hasPrefix("Engine found") }
        #expect(found.count == 1)
        #expect(found.first?.contains("It creates no nodes: its operator has to.") == true)
    }

    @Test("who has to act, and nothing of what passes by itself")
    func held() async throws {
        let passing = EngineNews.held(.unanswered("No answer came."))
        #expect(try await heard(of: passing) == [])
        let forbidden = EngineNews.held(.refused(StanzaError(.forbidden)))
        #expect(try await heard(of: forbidden).count == 1)
    }
}

/// Keeps what is logged, with what it lacks.
private final class LoggedLines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func log(event: LogEvent) {
        let lacks = event.metadata?["lacks"].map { " \($0)" } ?? ""
        lines.withLock { $0.append("\(event.message)" + lacks) }
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
}
