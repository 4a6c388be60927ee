import PubSub
import PubSubWire
import Testing
import XMPP

@Suite("What the service refuses, and in which words")
struct PubSubErrorTests {
    static let table: [(PubSubError, String, String)] = {
        guard let node = NodeID(rawValue: "verse"), let item = ItemID(rawValue: "1"),
            let jid = try? JID("romeo@verona.lit")
        else { return [] }
        return [
            (.notUnderstood, "cancel", "service-unavailable"),
            (.malformed(.nodeRequired), "modify", "bad-request + nodeid-required"),
            (.nodeNotFound(node), "cancel", "item-not-found"),
            (.itemNotFound(node), "cancel", "item-not-found"),
            (.pageNotFound("7"), "cancel", "item-not-found"),
            (.addressIsNotSenders(jid), "modify", "bad-request + invalid-jid"),
            (.addressInRoom(jid), "modify", "bad-request + invalid-jid"),
            (.subscriptionOfAnother(jid), "auth", "forbidden"),
            (.notSubscribed(jid, node), "cancel", "unexpected-request + not-subscribed"),
            (.unknownSubscriptionID("x"), "modify", "not-acceptable + invalid-subid"),
            (.invalidOption(field: "a", value: "b"), "modify", "bad-request + invalid-options"),
            (.wrongForm("x"), "modify", "bad-request + invalid-options"),
            (.unsupported(.publish), "cancel", "feature-not-implemented + unsupported"),
            (.notOwner(node), "auth", "forbidden"),
            (.outcast(node), "auth", "forbidden"),
            (.closedNode(node), "cancel", "not-allowed + closed-node"),
            (.nodeMoved(node, uri: "xmpp:x"), "cancel", "gone"),
            (.nodeExists(node), "cancel", "conflict"),
            (.reservedNode(node), "auth", "forbidden"),
            (.mayNotCreate, "auth", "forbidden"),
            (.tooManyNodes(7), "cancel", "not-allowed + max-nodes-exceeded"),
            (.invalidConfiguration(field: "a", value: "b"), "modify", "not-acceptable"),
            (
                .unsupportedAccessModel("roster"), "modify",
                "not-acceptable + unsupported-access-model"
            ),
            (.invalidRedirect("x"), "modify", "bad-request"),
            (.subscribersOnly(node), "auth", "not-authorized + not-subscribed"),
            (.subscriptionPending(jid, node), "auth", "not-authorized + pending-subscription"),
            (.mayNotPublish(node), "auth", "forbidden"),
            (.itemOfAnother(item, node), "auth", "forbidden"),
            (.itemRequired(node), "modify", "bad-request + item-required"),
            (.itemForbidden(node), "modify", "bad-request + item-forbidden"),
            (.payloadRequired(node), "modify", "bad-request + payload-required"),
            (.payloadTooBig(limit: 9), "modify", "not-acceptable + payload-too-big"),
            (.tooManyItems(limit: 9), "cancel", "not-allowed + max-items-exceeded"),
            (.nodeFull(node, limit: 9), "cancel", "conflict + node-full"),
            (.tooManySubscriptions(limit: 9), "wait", "policy-violation + too-many-subscriptions"),
            (.preconditionNotMet("a"), "cancel", "conflict + precondition-not-met"),
            (
                .affiliationsStay(AffiliationChanges(node: node, changes: [])), "modify",
                "not-acceptable"
            ),
            (
                .subscriptionsStay(SubscriberChanges(node: node, changes: [])), "modify",
                "not-acceptable"
            ),
            (.ownsNothing, "auth", "forbidden"),
            (.contradictoryFilter, "modify", "bad-request"),
            (.stillRunning(item, node), "wait", "resource-constraint"),
        ]
    }()

    @Test("every error has its place in the table, and a sentence", arguments: table)
    func error(error: PubSubError, type: String, condition: String) {
        #expect(error.stanzaError.type.rawValue == type)
        #expect(error.stanzaError.description == "\(condition): \(error.description)")
        #expect(error.description.hasSuffix("."))
    }

    @Test("the table is there")
    func complete() {
        #expect(Self.table.count == 41)
    }
}
