import Engine
import Foundation
import Logging
import Publishing
import Storage
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

    @Test("who has to act, and nothing of what passes by itself")
    func held() async throws {
        let passing = EngineNews.held(.unanswered("No answer came."))
        #expect(try await heard(of: passing) == [])
        let forbidden = EngineNews.held(.refused(StanzaError(.forbidden)))
        #expect(try await heard(of: forbidden).count == 1)
    }
}
