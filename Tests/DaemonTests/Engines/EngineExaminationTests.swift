import Engine
import Foundation
import PubSubWire
import Publishing
import Storage
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("What `doctor`, and a move that has ended, say of a newsletter's engine")
struct EngineExaminationTests {
    private let newsletter: Newsletter
    private let service: JID
    private let node: NodeID
    private let april: ItemID
    private let may: ItemID

    init() throws {
        service = try JID("pubsub.verona.example")
        node = try #require(NodeID(rawValue: "dispatch-en"))
        april = try #require(ItemID(rawValue: "2026-04"))
        may = try #require(ItemID(rawValue: "2026-05"))
        var newsletter = Newsletter(
            name: "dispatch",
            title: "The Verona Dispatch",
            contact: try JID("dispatch@news.verona.example"),
            defaultFeed: Newsletter.Feed(language: "en", node: node),
            author: "Friar Lorenzo"
        )
        newsletter.engine = service
        self.newsletter = newsletter
    }

    /// What a service does with what a doctor asks.
    private struct Habits: Sendable {
        var lacks: Set<String> = []
        /// The ids it tells of a node's items; nil if it refuses to.
        var names: [ItemID]? = []
        /// Those that are there.
        var items: [ItemID] = []
        var isOurs = true
        /// Whether it says that there are more than it names.
        var isPart = false
    }

    private func examination(_ habits: Habits) -> EngineExamination {
        let (node, items) = (node, [may, april])
        return EngineExamination(newsletters: [newsletter]) {
            Self.answer(to: $0, habits, node)
        } own: { _, asked in
            asked == node ? items : []
        }
    }

    private static func answer(to iq: IQ, _ habits: Habits, _ node: NodeID) -> IQ {
        guard let payload = iq.payload else { return iq.reply(error: StanzaError(.badRequest)) }
        switch (payload.name, payload.namespace) {
        case ("query", .discoInfo): return iq.reply(with: info(habits.lacks).element)
        case ("query", .discoItems):
            guard let names = habits.names, let jid = iq.to else {
                return iq.reply(error: StanzaError(.internalServerError))
            }
            let page = ResultSetPage(first: nil, last: nil, count: 9)
            let list = DiscoItems(
                entries: names.map { .init(jid: jid, name: $0.rawValue) },
                page: habits.isPart ? page : nil
            )
            return iq.reply(with: list.element)
        case (_, .pubsubOwner):
            guard habits.isOurs else { return iq.reply(error: StanzaError(.forbidden)) }
            let form = DataForm(.form, fields: [])
            return iq.reply(with: ConfigurationReply(node: node, form: form).element)
        default:
            let asked = payload.child("items")?.child("item")?["id"]
            let found = habits.items.filter { $0.rawValue == asked }.map {
                PubSubItem(id: $0, payload: Element("entry", in: "x"))
            }
            return iq.reply(with: ItemsReply(node: node, items: found).element)
        }
    }

    private static func info(_ lacks: Set<String>) -> DiscoInfo {
        let features = [
            "create-nodes", "config-node", "persistent-items", "retrieve-items", "delete-items",
            "publish-options", "manage-subscriptions",
        ]
        return DiscoInfo(
            identities: [.init(category: "pubsub", type: "service")],
            features: features.filter { !lacks.contains($0) }.map {
                Namespace(rawValue: "http://jabber.org/protocol/pubsub#" + $0)
            }
        )
    }

    private func diagnosis(_ habits: Habits) async throws -> Diagnosis {
        try #require(await examination(habits).diagnoses().first)
    }

    private var whole: Habits { Habits(names: [april, may], items: [april, may]) }

    @Test("all is well where it can do all, and has what we have")
    func fine() async throws {
        let found = try await diagnosis(whole)
        #expect(found.verdict == .fine)
        #expect(found.text == "pubsub.verona.example says that it can do all that is needed.")
    }

    @Test("what it can't do is a warning, or a failure if nothing goes without it")
    func lacks() async throws {
        var habits = whole
        habits.lacks = ["publish-options"]
        var found = try await diagnosis(habits)
        #expect(found.verdict == .warning)
        #expect(found.text.contains("publish-options"))
        habits.lacks = ["persistent-items"]
        found = try await diagnosis(habits)
        #expect(found.verdict == .failed)
    }

    @Test("a node that is somebody else's is a failure")
    func stranger() async throws {
        var habits = whole
        habits.isOurs = false
        let found = try await diagnosis(habits)
        #expect(found.verdict == .failed)
        #expect(found.text.contains("'dispatch-en' is not ours"))
    }

    @Test("what a node lacks is counted, be it all of it; and what can't be told is said")
    func gaps() async throws {
        func text(_ habits: Habits) async throws -> String {
            let found = try await diagnosis(habits)
            #expect(found.verdict == .warning)
            return found.text
        }
        let one = try await text(Habits(names: [may], items: [may]))
        #expect(one.contains("there lacks items that are here: 1 of 2, the first '2026-04'."))
        // A node that was empty when it was taken over.
        #expect(try await text(Habits()).contains("2 of 2, the first '2026-04'."))
        let error = try await text(Habits(names: nil))
        #expect(error.contains("Which items 'dispatch-en' has there can't be told. It answers"))
    }

    @Test("of a service that names no items, or some of many, is said that it can't be told")
    func unnamed() async throws {
        for habits in [Habits(items: [may]), Habits(names: [may], isPart: true)] {
            let found = try await diagnosis(habits)
            #expect(found.verdict == .warning)
            #expect(found.text.contains("Which items 'dispatch-en' has there can't be told"))
            #expect(!found.text.contains("lacks"))
        }
    }

    @Test("a move there says what is not there when it has ended, and not before")
    func moveThere() async throws {
        let store = try Store.inMemory()
        let mover = EngineMover(
            newsletters: [newsletter],
            formerEngines: FormerEngines(),
            store: store,
            isConnected: { true },
            engines: examination(Habits(names: [may], items: [may])),
            urge: {}
        )
        var report = try await mover.move(["dispatch", service.description])
        #expect(report.isUnderWay && report.lacks.isEmpty)
        try await store.write { try $0.setEngineMove(of: "dispatch", to: .moved) }
        report = try await mover.report(on: ["dispatch"])
        #expect(!report.isUnderWay)
        #expect(report.lacks.count == 1)
        #expect(report.lacks.first?.contains("1 of 2") == true)
    }
}
