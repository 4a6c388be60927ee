import Commands
import Synchronization
import Testing
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
