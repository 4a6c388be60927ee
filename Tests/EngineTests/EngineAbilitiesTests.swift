import Engine
import Testing
import XML
import XMPP

@Suite("What an engine can do, by what it says (XEP-0030)")
struct EngineAbilitiesTests {
    private func abilities(_ features: [String], category: String = "pubsub") -> EngineAbilities {
        let base = "http://jabber.org/protocol/pubsub#"
        return EngineAbilities(
            DiscoInfo(
                identities: [.init(category: category, type: "service")],
                features: features.map { Namespace(rawValue: base + $0) }
            )
        )
    }

    private let all = [
        "create-nodes", "config-node", "persistent-items", "retrieve-items", "delete-items",
        "publish-options", "manage-subscriptions",
    ]

    @Test("nothing is missing where all is advertised, under either name of taking back")
    func everything() {
        #expect(abilities(all).lacks.isEmpty)
        #expect(abilities(all.filter { $0 != "delete-items" } + ["retract-items"]).lacks.isEmpty)
    }

    @Test("what is missing is named, and whether nothing goes without it")
    func missing() {
        let lacks = abilities(["create-nodes", "config-node", "delete-items"]).lacks
        #expect(lacks == [.storage, .reading, .preconditions, .managedSubscriptions])
        #expect(lacks.map(\.isFatal) == [true, true, false, false])
    }

    @Test("what is no PubSub service is told as such and nothing else")
    func somethingElse() {
        #expect(abilities([], category: "conference").lacks == [.service])
    }
}
