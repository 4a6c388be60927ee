import Engine
import Testing
import XMPP

@Suite("A node as it is wanted at an engine")
struct NodeWishTests {
    private let wish = NodeWish(
        DataForm(
            .form,
            formType: "http://jabber.org/protocol/pubsub#node_config",
            fields: [
                .init("pubsub#title", .textSingle, values: ["Verona"]),
                .init("pubsub#description", .textSingle, values: [""]),
                .init("pubsub#access_model", .listSingle, values: ["open"]),
                .init("pubsub#persist_items", .boolean, values: ["1"]),
                .init("pubsub#notification_type", .listSingle, values: ["normal"]),
                .init("pubsub#language", .textSingle, values: ["it"]),
                .init("{urn:broadsheet:node:0}event_payload", .listSingle, values: ["full"]),
            ]
        )
    )

    private func offered(
        title: String = "Verona",
        access: String = "open",
        types: [String] = ["normal", "headline"],
        persists: String = "true"
    ) -> DataForm {
        DataForm(
            .form,
            fields: [
                .init("pubsub#title", .textSingle, values: [title]),
                .init("pubsub#access_model", .listSingle, values: [access]),
                .init("pubsub#persist_items", .boolean, values: [persists]),
                .init(
                    "pubsub#notification_type",
                    .listSingle,
                    values: ["headline"],
                    options: types.map { .init($0) }
                ),
                // Another Broadsheet, whose owner decides what its events carry.
                .init("{urn:broadsheet:node:0}event_payload", .listSingle, values: ["summary"]),
            ]
        )
    }

    @Test("only what is different is changed, and what matters even if it is not offered (§8.2.4)")
    func changes() {
        let changes = wish.changes(in: offered(title: "Mantua", access: "whitelist"))
        #expect(
            changes?.fields.map(\.name) == [
                "FORM_TYPE", "pubsub#title", "pubsub#access_model", "pubsub#notification_type",
                "pubsub#language",
            ]
        )
        #expect(changes?["pubsub#access_model"]?.values == ["open"])
        #expect(changes?.type == .submit)
    }

    @Test("a choice that is not offered is not asked for, but told of")
    func missingChoice() {
        let form = offered(types: ["headline"])
        #expect(wish.changes(in: form)?["pubsub#notification_type"] == nil)
        #expect(wish.unmet(by: form) == ["pubsub#notification_type", "pubsub#language"])
    }

    @Test("a truth has two spellings (XEP-0004)")
    func truths() {
        #expect(!wish.unmet(by: offered(persists: "true")).contains("pubsub#persist_items"))
        #expect(!wish.unmet(by: offered(persists: "1")).contains("pubsub#persist_items"))
        #expect(wish.unmet(by: offered(persists: "0")).contains("pubsub#persist_items"))
    }

    @Test("an item is published only if the node is still open, where that was reached (§7.1.5)")
    func preconditions() {
        let all = wish.preconditions(in: offered())
        #expect(all.formType == "http://jabber.org/protocol/pubsub#publish-options")
        #expect(all["pubsub#access_model"]?.values == ["open"])
        #expect(all["pubsub#persist_items"]?.values == ["1"])
        #expect(wish.preconditions(in: offered(access: "whitelist"))["pubsub#access_model"] == nil)
    }
}
