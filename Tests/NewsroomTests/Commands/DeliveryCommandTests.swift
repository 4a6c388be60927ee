import Commands
import Foundation
import Storage
import Synchronization
import Testing
import XML
import XMPP

@testable import Newsroom

/// Deliveries under way that only note what they are ordered.
final class SomeDeliveries: RunningDeliveries {
    private let all: [RunningDelivery]
    private let noted = Mutex<[String]>([])

    init(_ all: [RunningDelivery]) {
        self.all = all
    }

    var orders: [String] { noted.withLock { $0 } }

    func underWay() async throws -> [RunningDelivery] { all }

    func carryOut(_ order: DeliveryOrder, on delivery: RunningDelivery) async throws -> Bool {
        noted.withLock { $0.append("\(order.rawValue) \(delivery.item)") }
        return true
    }
}

@Suite("Orders to deliveries under way")
struct DeliveryCommandTests {
    let deliveries: SomeDeliveries
    let bureau: Bureau

    init() async throws {
        let node = try #require(NodeID(rawValue: "dispatch-en"))
        let other = try #require(NodeID(rawValue: "elsewhere-en"))
        func delivery(_ number: Int64, _ item: String, _ node: NodeID, held: Bool = false)
            -> RunningDelivery
        {
            RunningDelivery(
                number: number,
                item: item,
                node: node,
                sent: 3,
                total: 9,
                isHeld: held
            )
        }
        deliveries = SomeDeliveries([
            delivery(1, "2026-03-05-dispatch", node),
            delivery(2, "2026-04-05-dispatch", node, held: true),
            delivery(3, "2026-04-05-elsewhere", other),
        ])
        bureau = try await Bureau(
            ["dispatch": Bureau.samples.appending(path: "issues").path],
            deliveries: deliveries
        )
    }

    @Test("`hold` and `resume` without a name mean all that can be held or resumed")
    func all() async throws {
        let held = try await bureau.say("hold")
        #expect(
            held
                == .done(
                    "2026-03-05-dispatch to dispatch-en: held; 3 of 9 readers have it, and what is "
                        + "on the wire still arrives"
                )
        )
        _ = try await bureau.say("resume")
        #expect(deliveries.orders == ["hold 2026-03-05-dispatch", "resume 2026-04-05-dispatch"])
    }

    @Test("an issue is named by the beginning of its id; what is not under way is said")
    func named() async throws {
        #expect(
            try await bureau.say("resume 2026-03") == .failed("No delivery of '2026-03' is held.")
        )
        #expect(try await bureau.say("hold 2025") == .failed("No delivery of '2025' is under way."))
        #expect(deliveries.orders.isEmpty)
    }

    @Test("`cancel` asks before it ends anything")
    func cancel() async throws {
        let asked = try await bureau.say("cancel 2026-04")
        #expect(
            asked
                == .question(
                    "End the delivery of 2026-04-05-dispatch to dispatch-en (9 readers) for good? "
                        + "Those who do not have it yet will not get it. "
                        + "Answer “!yes” or “!no” within 5 minutes."
                )
        )
        #expect(deliveries.orders.isEmpty)
        let done = try await bureau.say("yes")
        #expect(done.text.hasPrefix("2026-04-05-dispatch to dispatch-en: cancelled;"))
        #expect(deliveries.orders == ["cancel 2026-04-05-dispatch"])
    }

    @Test("`hold` and `cancel` reach what readers with quiet hours are still to get")
    func postponed() async throws {
        let postponed = RunningDelivery(
            number: 4,
            item: "2026-05-05-dispatch",
            node: try #require(NodeID(rawValue: "dispatch-en")),
            sent: 5,
            total: 7,
            isHeld: false
        )
        let deliveries = SomeDeliveries([postponed])
        let bureau = try await Bureau(
            ["dispatch": Bureau.samples.appending(path: "issues").path],
            deliveries: deliveries
        )
        #expect(try await bureau.say("hold").text.contains("5 of 7 readers"))
        #expect(try await bureau.say("cancel 2026-05").text.contains("(7 readers) for good?"))
        #expect(try await bureau.say("yes").text.contains("cancelled; 5 of 7 readers have it"))
        #expect(deliveries.orders == ["hold 2026-05-05-dispatch", "cancel 2026-05-05-dispatch"])
    }

    /// Asks for it as a newsletter does that has an engine.
    private func ask(
        _ bureau: Bureau,
        for item: String,
        in node: String = "dispatch-en",
        publishing: Bool = true
    ) async throws -> EngineTarget {
        let target = EngineTarget(
            newsletter: "dispatch",
            service: try JID(Self.engine),
            node: try #require(NodeID(rawValue: node)),
            item: try #require(ItemID(rawValue: item))
        )
        let payload = publishing ? Element("entry", in: "x") : nil
        try await bureau.store.write {
            try $0.addEngineOperation(on: target, publishing: payload, at: .now)
        }
        return target
    }

    private static let engine = "pubsub.mantua.example"

    private static func unreached(_ item: String, by order: String) -> String {
        "\(item) still goes to \(engine): “\(order)” does not stop that, “retract \(item)” does."
    }

    @Test("what still goes to an engine is named with what stops it, since no such order does")
    func engine() async throws {
        let bureau = try await Bureau(
            ["dispatch": Bureau.samples.appending(path: "issues").path],
            deliveries: deliveries,
            engine: Self.engine
        )
        let (april, may) = ("2026-04-05-dispatch", "2026-05-05-dispatch")
        let target = try await ask(bureau, for: april)
        _ = try await ask(bureau, for: april, in: "dispatch-de")
        _ = try await ask(bureau, for: may)
        let held = try await bureau.say("hold").text.split(separator: "\n").map(String.init)
        #expect(held.first?.hasPrefix("2026-03-05-dispatch to dispatch-en: held;") == true)
        #expect(held.dropFirst() == [april, may].map { Self.unreached($0, by: "hold") }[...])
        #expect(try await bureau.say("resume").text.contains("still goes") == false)
        let question = try await bureau.say("cancel 2026-04").text
        #expect(question.contains("will not get it. \(Self.unreached(april, by: "cancel")) Answer"))
        #expect(
            try await bureau.say("yes").text.hasSuffix("\n" + Self.unreached(april, by: "cancel"))
        )
        // Nothing is asked that would not be done.
        #expect(
            try await bureau.say("cancel 2026-05")
                == .failed(
                    "No delivery of '2026-05' is under way.\n" + Self.unreached(may, by: "cancel")
                )
        )

        // What the engine will never take, or is to take back, does not go there.
        _ = try await ask(bureau, for: may, publishing: false)
        try await bureau.store.write { transaction in
            while let next = try transaction.nextEngineOperation(of: "dispatch", at: target.service)
            {
                try transaction.setEngineOperation(next.id, to: .refused)
            }
        }
        #expect(try await bureau.say("hold").text.contains("still goes") == false)
    }

    @Test("what an engine may have and is to take back is not said to go there")
    func withdrawn() async throws {
        let bureau = try await Bureau(
            ["dispatch": Bureau.samples.appending(path: "issues").path],
            deliveries: deliveries,
            engine: Self.engine
        )
        let target = try await ask(bureau, for: "2026-05-05-dispatch")
        try await bureau.store.write { transaction in
            let next = try transaction.nextEngineOperation(of: "dispatch", at: target.service)
            _ = try transaction.sendEngineOperation(try #require(next))
        }
        // Nobody knows yet whether it has arrived.
        #expect(try await bureau.say("cancel 2026-05").text.contains("still goes"))
        _ = try await ask(bureau, for: "2026-05-05-dispatch", publishing: false)
        #expect(try await bureau.say("cancel 2026-05").text.contains("still goes") == false)
    }

    @Test("an editor who may not publish may not stop a delivery either")
    func rights() async throws {
        let outcome = try await bureau.say("hold", as: .editor)
        guard case .refused = outcome else {
            Testing.Issue.record("\(outcome)")
            return
        }
        #expect(deliveries.orders.isEmpty)
    }
}
