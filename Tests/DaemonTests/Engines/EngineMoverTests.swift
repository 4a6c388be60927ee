import Foundation
import PubSub
import Publishing
import Storage
import Testing
import XMPP

@testable import Daemon

@Suite("Where `engine move` lets a newsletter's readers go, and where not")
struct EngineMoverTests {
    private let store: Store
    private let node: NodeID
    private let padua: JID
    private let mantua: JID

    init() throws {
        store = try Store.inMemory()
        node = try #require(NodeID(rawValue: "dispatch-en"))
        padua = try JID("pubsub.padua.example")
        mantua = try JID("pubsub.mantua.example")
    }

    private func newsletter(at engine: JID?) throws -> Newsletter {
        var newsletter = Newsletter(
            name: "dispatch",
            title: "The Verona Dispatch",
            contact: try JID("dispatch@news.verona.example"),
            defaultFeed: Newsletter.Feed(language: "en", node: node),
            author: "Friar Lorenzo"
        )
        newsletter.engine = engine
        return newsletter
    }

    /// The command, given to a service that was started with such a setting.
    @discardableResult
    private func move(
        to target: String,
        _ flags: String...,
        configured engine: JID?
    ) async throws -> EngineMoveReport {
        let mover = EngineMover(
            newsletters: [try newsletter(at: engine)],
            formerEngines: try await FormerEngines(store),
            store: store,
            isConnected: { true },
            engines: EngineExamination(newsletters: []) { $0.reply() },
            urge: {}
        )
        return try await mover.move(["dispatch", target] + flags)
    }

    private func refusal(to target: String, configured engine: JID?) async throws -> String {
        let error = await #expect(throws: EngineMoveProblem.self) {
            try await move(to: target, configured: engine)
        }
        return error.map { "\($0)" } ?? ""
    }

    /// What an engine does with the next who moves.
    private func letMove(_ reader: String, isLeavingHome: Bool) async throws {
        let wish = EngineReaderWish(
            newsletter: "dispatch",
            service: padua,
            node: node,
            reader: try JID(reader),
            isSubscribed: isLeavingHome,
            isMove: true
        )
        try await store.write { [padua] transaction in
            try transaction.addEngineReader(wish, at: .now)
            let step = try transaction.nextEngineStep(of: "dispatch", at: padua)
            guard case .reader(let reader) = step,
                let begun = try transaction.beginEngineReader(reader)
            else {
                Issue.record("\(String(describing: step))")
                return
            }
            #expect(try transaction.endEngineReader(begun))
        }
    }

    private func present() async throws -> EngineMove? {
        try await store.read { try $0.engineMove(of: "dispatch") }
    }

    private func lost(configured engine: JID?) async throws -> [String] {
        let newsletter = try newsletter(at: engine)
        return try await store.read { transaction in
            let report = try EngineMoveReport(of: newsletter, transaction)
            return report?.sentences(titled: "Dispatch", in: DaemonTexts.all.texts(in: "en")) ?? []
        }
    }

    /// What stands in the way says where they are, and how they come home.
    private func expectRefused(towards engine: JID) async throws {
        for target in [engine.description, "local"] {
            let text = try await refusal(to: target, configured: engine)
            #expect(text.contains("have moved to \(padua), and would be forgotten there"))
            #expect(text.contains("'engine: \(padua)' again"))
            #expect(text.contains("'--abandon' if \(padua) is gone"))
            #expect(text.hasSuffix("'engine: \(engine)' may be written, and they can move there."))
        }
        #expect(try await present()?.service == padua)
        let lines = try await lost(configured: engine)
        #expect(lines.count == 1)
        #expect(lines.first?.contains("have moved to \(padua), which is not its engine") == true)
    }

    @Test("readers who are at one engine are not forgotten for another")
    func elsewhere() async throws {
        try await move(to: padua.description, configured: padua)
        try await letMove("juliet@capulet.example", isLeavingHome: true)
        try await store.write { try $0.setEngineMove(of: "dispatch", to: .moved) }
        let moved = try await present()
        #expect(moved?.moved == 1)
        try await expectRefused(towards: mantua)
        #expect(try await present() == moved)

        // As the refusal says.
        try await move(to: "local", configured: padua)
        let early = try await refusal(to: mantua.description, configured: mantua)
        #expect(early.contains("has not yet left \(padua)"))
        try await letMove("juliet@capulet.example", isLeavingHome: false)
        let report = try await move(to: "local", "abandon", configured: nil)
        #expect(report.phase == "left")
        try await move(to: mantua.description, configured: mantua)
        #expect(try await present()?.service == mantua)
    }

    @Test("nor are those who were to come home from there, and were not to any more")
    func turnedRound() async throws {
        try await move(to: padua.description, configured: padua)
        try await letMove("juliet@capulet.example", isLeavingHome: true)
        try await move(to: "local", configured: padua)
        #expect(try await present()?.moved == 0)
        // Nobody has come home yet; and it is given twice.
        for _ in 0..<2 { try await move(to: padua.description, configured: padua) }
        #expect(try await present()?.moved == 0)
        try await expectRefused(towards: mantua)

        try await move(to: "local", configured: padua)
        try await move(to: "local", "abandon", configured: nil)
        try await move(to: padua.description, configured: padua)
        #expect(try await present()?.mayHaveReadersThere == false)
    }

    @Test("a setting that was a mistake is given up at once, since nobody has moved there")
    func mistaken() async throws {
        try await move(to: padua.description, configured: padua)
        #expect(try await lost(configured: mantua) == [])
        let report = try await move(to: mantua.description, configured: mantua)
        #expect(report.service == mantua.description)
        #expect(report.isUnderWay)
    }

    @Test("nobody moves anywhere but to the engine of the configuration")
    func unconfigured() async throws {
        let local = try await refusal(to: padua.description, configured: nil)
        #expect(local.contains("Write 'engine: \(padua)', restart Broadsheet"))
        let other = try await refusal(to: padua.description, configured: mantua)
        #expect(other.contains("says 'engine: \(mantua)' for 'dispatch'. Move it to 'local' first"))
        #expect(try await present() == nil)
    }
}
