import Foundation
import Storage
import Testing
import XMPP

@testable import Delivery

@Suite("Turns between fan-outs")
struct RotationTests {
    let store: Store

    init() throws {
        store = try Store.inMemory()
    }

    /// Starts a fan-out for each of the items, in this order.
    private func start(
        _ items: [String],
        scope: FanOutRecord.Scope = .item
    ) async throws -> [FanOutRecord] {
        try await store.write { transaction in
            let name = known(NodeID(rawValue: "verse"))
            let node =
                try transaction.createNode(NewNode(name: name, createdAt: .now))
                ?? transaction.node(named: name)
            return try items.map { item in
                try transaction.startFanOut(
                    NewFanOut(
                        node: known(node).id,
                        item: known(ItemID(rawValue: item)),
                        scope: scope,
                        variants: []
                    ),
                    at: .now
                )
            }
        }
    }

    @Test("each gets a batch in its turn")
    func roundRobin() async throws {
        let fanOuts = try await start(["a", "b", "c"])
        var rotation = Rotation()
        rotation.update(fanOuts)
        let turns = (0..<6).map { _ in rotation.next()?.fanOut.item.rawValue }
        #expect(turns == ["a", "b", "c", "a", "b", "c"])
    }

    @Test("the one that has reached everybody is passed over")
    func exhausted() async throws {
        let fanOuts = try await start(["a", "b"])
        var rotation = Rotation()
        rotation.update(fanOuts)
        rotation.exhausted(fanOuts[0].id)
        #expect(rotation.next()?.fanOut == fanOuts[1])
        #expect(rotation.next()?.fanOut == fanOuts[1])
        #expect(rotation.exhausted == [fanOuts[0].id])
        rotation.exhausted(fanOuts[1].id)
        #expect(rotation.next() == nil)
    }

    @Test("two about one item never run at once: the older goes first, to its end")
    func sameItem() async throws {
        let fanOuts = try await start(["a", "a"])
        var rotation = Rotation()
        rotation.update(fanOuts)
        #expect(rotation.next()?.fanOut == fanOuts[0])
        rotation.exhausted(fanOuts[0].id)
        #expect(rotation.next() == nil)
        rotation.remove(fanOuts[0].id)
        #expect(rotation.next()?.fanOut == fanOuts[1])
    }

    @Test("what is about a whole node overtakes nothing of it, and is overtaken by nothing")
    func wholeNode() async throws {
        let before = try await start(["a", "b"])
        let purge = try await start(["purged"], scope: .node)
        let after = try await start(["c"])
        var rotation = Rotation()
        rotation.update(before + purge + after)
        #expect(rotation.next()?.fanOut == before[0])
        #expect(rotation.next()?.fanOut == before[1])
        #expect(rotation.next()?.fanOut == before[0])
        rotation.remove(before[0].id)
        rotation.remove(before[1].id)
        #expect(rotation.next()?.fanOut == purge[0])
        #expect(rotation.next()?.fanOut == purge[0])
        rotation.remove(purge[0].id)
        #expect(rotation.next()?.fanOut == after[0])
    }

    @Test("one that is held has no turn, until it goes on from where it was read")
    func held() async throws {
        var fanOuts = try await start(["a"])
        var rotation = Rotation()
        rotation.update(fanOuts)
        rotation.read(upTo: SubscriptionRowID(rawValue: 7), of: fanOuts[0].id)
        fanOuts[0].state = .held
        rotation.update(fanOuts)
        #expect(rotation.next() == nil)
        fanOuts[0].state = .running
        rotation.update(fanOuts)
        #expect(rotation.next()?.position == SubscriptionRowID(rawValue: 7))
    }

    @Test("one that is over or gone is forgotten")
    func gone() async throws {
        let fanOuts = try await start(["a", "b"])
        var rotation = Rotation()
        rotation.update(fanOuts)
        rotation.update([fanOuts[1]])
        #expect(rotation.next()?.fanOut == fanOuts[1])
        #expect(rotation.next()?.fanOut == fanOuts[1])
    }
}
