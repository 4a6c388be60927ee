import Foundation
import PubSub
import Testing
import XML
import XMPP

@testable import Storage

@Suite("What is deleted reaches nobody any more")
struct RecalledTests {
    private static let date = Date(timeIntervalSince1970: 1_795_248_000)

    private let store: Store
    private let service: PubSubService
    private let juliet: JID
    private let romeo: JID
    private let nurse: JID
    private let node: NodeID

    /// Juliet has published an item; Romeo and the nurse read it in a chat.
    init() async throws {
        store = try Store.inMemory()
        juliet = try JID("juliet@verona.lit")
        romeo = try JID("romeo@verona.lit")
        nurse = try JID("nurse@verona.lit")
        node = try #require(NodeID(rawValue: "sonnet"))
        service = PubSubService(
            domain: try JID("news.verona.lit"),
            settings: PubSubSettings(creators: NodeCreators(jids: [juliet])),
            now: { Self.date }
        )
        try await ask("pubsub", "<create node='sonnet'/>")
        try await store.write { [service, romeo, nurse, node] transaction in
            for reader in [romeo, nurse] {
                _ = try service.subscribe(
                    reader,
                    to: node,
                    choice: DeliveryChoice(form: .chat),
                    in: transaction
                )
            }
        }
        try await ask(
            "pubsub",
            "<publish node='sonnet'><item id='1'><verse xmlns='urn:verse'/></item></publish>"
        )
    }

    @discardableResult
    private func ask(_ namespace: String, _ action: String) async throws -> [PubSubEffect] {
        let iq = IQ(
            .set,
            id: "1",
            from: juliet,
            to: service.domain,
            payload: try Element(
                xml: "<pubsub xmlns='http://jabber.org/protocol/\(namespace)'>\(action)</pubsub>"
            )
        )
        let effects = try await store.write { [service] in try service.handle(iq, in: $0) }
        guard case .reply(let reply)? = effects.first else {
            Issue.record("\(effects)")
            return effects
        }
        #expect(reply.type == .result, "\(action)")
        return effects
    }

    private func exception(
        _ reader: SubscriptionRecord,
        in fanOut: FanOutRecord,
        attempts: Int
    ) -> DeliveryExceptionRecord {
        DeliveryExceptionRecord(
            fanOut: fanOut.id,
            subscription: reader.id,
            jid: reader.jid,
            kind: .retry,
            attempts: attempts,
            nextAttemptAt: Self.date,
            condition: .recipientUnavailable,
            recordedAt: Self.date
        )
    }

    /// The item's delivery, finished but for Romeo, who is to be tried again, and the nurse, who is
    /// to get it later.
    private func finish() async throws -> FanOutRecord {
        let fanOut = try #require(try await store.read { try $0.unfinishedFanOuts() }.first)
        try await store.write { transaction in
            try transaction.finishFanOut(fanOut.id, at: Self.date)
            for reader in try transaction.subscriptions(to: fanOut.node) {
                let attempts = reader.jid.localpart == "romeo" ? 2 : 0
                try transaction.recordException(
                    exception(reader, in: fanOut, attempts: attempts)
                )
            }
            #expect(try transaction.dueRetries(at: Self.date, limit: 10).count == 2)
        }
        return fanOut
    }

    static let ways = [
        ("pubsub", "<retract node='sonnet' notify='false'><item id='1'/></retract>"),
        ("pubsub", "<retract node='sonnet' notify='true'><item id='1'/></retract>"),
        ("pubsub#owner", "<purge node='sonnet'/>"),
        ("pubsub#owner", "<delete node='sonnet'/>"),
    ]

    @Test("nobody is tried again, or gets it later", arguments: ways)
    func retries(namespace: String, action: String) async throws {
        let fanOut = try await finish()
        try await ask(namespace, action)
        let due = try await store.write { try $0.dueRetries(at: Self.date + 60, limit: 10) }
        #expect(due.isEmpty)
        #expect(try await store.read { try $0.postponedCount(of: fanOut.id) } == 0)
        #expect(try await store.read { try $0.nextRetry() } == nil)
    }

    @Test("what goes out ends where it is; only that it is gone is told", arguments: ways)
    func goingOut(namespace: String, action: String) async throws {
        let fanOut = try #require(try await store.read { try $0.unfinishedFanOuts() }.first)
        try await ask(namespace, action)
        let left = try await store.read { try $0.unfinishedFanOuts().map(\.id) }
        #expect(!left.contains(fanOut.id))
        #expect(left.count == (action.contains("'false'") ? 0 : 1))
    }

    private func configure(_ field: String, _ value: String) -> String {
        """
        <configure node='sonnet'><x xmlns='jabber:x:data' type='submit'>
          <field var='pubsub#\(field)'><value>\(value)</value></field></x></configure>
        """
    }

    @Test("the delivery hears of it at once, though no reader is told", arguments: ways)
    func quietly(namespace: String, action: String) async throws {
        try await ask("pubsub#owner", configure("deliver_notifications", "0"))
        let quiet = action.replacing("'true'", with: "'false'")
        let effects = try await ask(namespace, quiet)
        #expect(effects.contains(.deliveryRecalled))
        #expect(effects.count == 2, "that and the answer")
    }

    @Test("the delivery hears at once that readers may read no longer")
    func accessEnds() async throws {
        let effects = try await ask("pubsub#owner", configure("access_model", "whitelist"))
        #expect(effects.contains(.deliveryRecalled))
        #expect(try await store.read { try $0.subscriptions(of: romeo) }.isEmpty)
    }

    @Test("what else is at the node goes on, when one item is retracted or all are")
    func others() async throws {
        try await ask(
            "pubsub",
            "<publish node='sonnet'><item id='2'><verse xmlns='urn:verse'/></item></publish>"
        )
        try await ask(
            "pubsub#owner",
            """
            <configure node='sonnet'><x xmlns='jabber:x:data' type='submit'>
              <field var='pubsub#notify_config'><value>1</value></field></x></configure>
            """
        )
        #expect(try await store.read { try $0.unfinishedFanOuts().count } == 3)
        try await ask("pubsub", Self.ways[0].1)
        #expect(
            try await store.read { try $0.unfinishedFanOuts().map(\.item.rawValue) }
                == ["2", "configured"]
        )
        try await ask("pubsub#owner", "<purge node='sonnet'/>")
        #expect(
            try await store.read { try $0.unfinishedFanOuts().map(\.item.rawValue) }
                == ["configured", "purged"]
        )
    }
}
