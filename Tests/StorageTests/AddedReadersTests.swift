import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("Readers who are added are counted, though not one by one")
struct AddedReadersTests {
    struct Refused: Error {}

    private let folder: TemporaryFolder
    private let store: Store
    private let node: NodeRowID

    init() async throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("news.sqlite"))
        node = try await store.makeNode()
    }

    private func add(
        _ names: [String],
        _ form: DeliveryForm = .event,
        in transaction: Transaction
    ) throws {
        for name in names {
            _ = try transaction.subscribe(
                try JID("\(name)@verona.lit"),
                to: node,
                choice: DeliveryChoice(form: form, amount: .full),
                at: moment()
            )
        }
    }

    private func subscribers() async throws -> Int {
        try await store.read { [node] in try $0.subscriptionCount(of: node) }
    }

    private func readers() async throws -> [Int] {
        try await store.read { [node] in try $0.readerCounts(of: node).map(\.readers) }
    }

    private func findings() throws -> [String] {
        try StoreInspection(path: store.path).findings
    }

    @Test("whoever asks within the transaction, and after it, hears of all")
    func asked() async throws {
        let inside = try await store.write { [self] transaction in
            try add(["juliet", "romeo", "romeo"], in: transaction)
            try add(["nurse"], .chat, in: transaction)
            return (
                try transaction.subscriptionCount(of: node),
                try transaction.readerCounts(of: node).map(\.readers)
            )
        }
        #expect(inside.0 == 3)
        #expect(inside.1 == [1, 2])
        #expect(try await subscribers() == 3)
        #expect(try findings() == [])
    }

    @Test("who waits for approval, or wants nothing to be sent, is counted as such")
    func others() async throws {
        try await store.write { [node] transaction in
            let silent = DeliveryChoice(isDelivered: false)
            _ = try transaction.subscribe(.romeo, to: node, choice: silent, at: moment())
            _ = try transaction.subscribe(.nurse, to: node, state: .pending, at: moment())
        }
        #expect(try await subscribers() == 1)
        #expect(try await readers() == [])
        #expect(try findings() == [])
    }

    @Test("who comes and goes at once, the first of a kind, leaves nothing")
    func gone() async throws {
        try await store.write { [self] transaction in
            try add(["romeo"], .chat, in: transaction)
            try transaction.unsubscribe(.romeo, from: node)
        }
        #expect(try await subscribers() == 0)
        #expect(try findings() == [])
    }

    @Test("who was added before and after what was undone is counted, and nobody in it")
    func undone() async throws {
        try await store.write { [self] transaction in
            try add(["juliet"], in: transaction)
            for _ in 0..<2 {
                try? transaction.savepoint {
                    try add(["romeo"], in: transaction)
                    try transaction.savepoint { try add(["nurse"], .chat, in: transaction) }
                    throw Refused()
                }
            }
            try transaction.savepoint { try add(["paris"], .chat, in: transaction) }
        }
        #expect(try await subscribers() == 2)
        #expect(try findings() == [])
    }

    @Test("nobody is counted where all failed")
    func failed() async throws {
        try? await store.write { [self] transaction in
            try add(["romeo"], in: transaction)
            throw Refused()
        }
        try await store.write { [self] in try add(["juliet"], in: $0) }
        #expect(try await subscribers() == 1)
        #expect(try findings() == [])
    }

    @Test("whatever happens in a transaction, the counts are right", arguments: 0..<5)
    func anything(seed: UInt64) async throws {
        var random = Numbers(state: seed)
        for _ in 0..<20 {
            let steps = (0..<20).map { _ in (random.next(below: 8), random.next(below: 6)) }
            try? await store.write { [self] transaction in
                for (step, person) in steps {
                    let jid = try JID("r\(person)@verona.lit")
                    let known = try transaction.subscription(of: jid, to: node)
                    switch (step, known) {
                    case (0, _): try transaction.unsubscribe(jid, from: node)
                    case (1, let known?):
                        var choice = known.choice
                        choice.form = person.isMultiple(of: 2) ? .chat : .event
                        choice.isDelivered.toggle()
                        try transaction.setOptions(choice, of: known.id)
                    case (2, let known?): try transaction.setState(.pending, of: known.id)
                    case (3, let known?): try transaction.suspend(known.id, at: moment())
                    case (4, _):
                        try? transaction.savepoint {
                            try add(["r\(person)", "s\(person)"], .chat, in: transaction)
                            if person > 2 { throw Refused() }
                        }
                    case (5, _) where person == 0: throw Refused()
                    default: try add(["r\(person)", "s\(person)"], in: transaction)
                    }
                }
            }
            #expect(try findings() == [])
        }
    }

    /// The same numbers for the same seed.
    private struct Numbers {
        var state: UInt64

        mutating func next(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }
}
