import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("What the database remembers")
struct PastTests {
    private let day: TimeInterval = 86_400

    @Test("a day has the last number that was noted, and only our own nodes have any")
    func days() async throws {
        let store = try Store.inMemory()
        let ours = try await store.write { transaction in
            known(
                try transaction.createNode(
                    NewNode(name: .verse, newsletter: "dispatch", createdAt: moment())
                )
            ).id
        }
        let theirs = try await store.makeNode(.prose)
        try await store.subscribe(.juliet, to: ours)
        try await store.subscribe(.juliet, to: theirs)
        try await store.write { try $0.noteReaders(at: moment()) }
        try await store.subscribe(.nurse, to: ours)
        try await store.write { transaction in
            try transaction.noteReaders(at: moment(3600))
            try transaction.noteReaders(at: moment(day))
            _ = try transaction.unsubscribe(.nurse, from: ours)
            try transaction.noteReaders(at: moment(2 * day))
        }
        let days = try await store.read { try $0.readerDays() }
        #expect(days.map(\.readers) == [2, 2, 1])
        #expect(Set(days.map(\.node)) == [.verse])
        let first = known(days.first).day
        #expect(moment().timeIntervalSince(first) < day && first <= moment())
        #expect(days.map { $0.day.timeIntervalSince(first) } == [0, day, 2 * day])
    }

    @Test("a delivery is read with its curve, and points of one that is gone are dropped")
    func deliveries() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sqlite")
        let store = try Store(path: path)
        let node = try await store.makeNode()
        try await store.subscribe(.juliet, to: node)
        let points = [DeliveryPoint(at: moment(1), sent: 1), DeliveryPoint(at: moment(2), sent: 1)]
        let id = try await store.write { transaction in
            let fanOut = try transaction.startFanOut(
                NewFanOut(node: node, item: .first, variants: [.sample(.event)]),
                at: moment()
            )
            try transaction.notePoints(points, of: fanOut.id)
            try transaction.notePoints(points, of: FanOutRowID(rawValue: 77))
            return fanOut.id
        }
        // Somebody reads beside the service.
        let past = try PastSnapshot(path: path, deliveries: 5)
        #expect(past.deliveries.map(\.record.id) == [id])
        #expect(past.deliveries.first?.points == points)
        #expect(past.deliveries.first?.node == .verse)
        #expect(past.days.isEmpty)
        #expect(try PastSnapshot(path: path, deliveries: 0).deliveries.isEmpty)
    }

    @Test("a delivery of a draft is none to look back at, nor one that goes to readers")
    func drafts() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sqlite")
        let store = try Store(path: path)
        let node = try await store.makeNode()
        let ids = try await store.write { transaction in
            let hidden = known(
                try transaction.createNode(
                    NewNode(name: .prose, isHidden: true, createdAt: moment())
                )
            ).id
            return try [hidden, node].map { node in
                _ = try transaction.subscribe(
                    .juliet,
                    to: node,
                    choice: DeliveryChoice(),
                    at: moment()
                )
                return try transaction.startFanOut(
                    NewFanOut(node: node, item: .first, variants: [.sample(.event)]),
                    at: moment()
                ).id
            }
        }
        let (open, hidden) = try await store.write { transaction in
            let open = try transaction.unfinishedPublicFanOuts().map(\.id)
            if let node = try transaction.node(named: .prose)?.id {
                _ = try transaction.deleteNode(node, at: moment())
            }
            return (open, try ids.map(transaction.isHidden))
        }
        #expect(open == [ids[1]])
        #expect(hidden == [true, false])
        #expect(try PastSnapshot(path: path, deliveries: 5).deliveries.map(\.record.id) == [ids[1]])
    }

    @Test("without a database it says so")
    func missing() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StoreError.self) {
            try PastSnapshot(path: folder.file("none.sqlite"), deliveries: 5)
        }
    }
}
