import Testing
import XMPP

@testable import Storage

@Suite("Nodes that are remembered")
struct NodeCacheTests {
    struct Refused: Error {}

    private func title(_ store: Store, _ name: NodeID = .verse) async throws -> String? {
        try await store.read { try $0.node(named: name)?.configuration.title }
    }

    private func setTitle(_ title: String, of id: NodeRowID, in transaction: Transaction) throws {
        guard var record = try transaction.node(id) else { return }
        record.configuration.title = title
        try transaction.updateNode(record)
    }

    @Test("whoever reads after a change sees it, by name and by row")
    func changed() async throws {
        let store = try Store.inMemory()
        let id = try await store.makeNode()
        #expect(try await title(store) == "")
        let inside = try await store.write { transaction in
            _ = try transaction.node(named: .verse)
            try setTitle("Verses", of: id, in: transaction)
            return try transaction.node(named: .verse)?.configuration.title
        }
        #expect(inside == "Verses")
        #expect(try await title(store) == "Verses")
        #expect(try await store.read { try $0.node(id)?.configuration.title } == "Verses")
    }

    @Test("what was undone is not remembered")
    func undone() async throws {
        let store = try Store.inMemory()
        let id = try await store.makeNode()
        try? await store.write { transaction in
            try setTitle("Lost", of: id, in: transaction)
            _ = try transaction.node(named: .verse)
            _ = try transaction.createNode(NewNode(name: .prose, createdAt: moment()))
            _ = try transaction.node(named: .prose)
            throw Refused()
        }
        #expect(try await title(store) == "")
        #expect(try await store.read { try $0.node(named: .prose) } == nil)
    }

    @Test("what a savepoint undid is not remembered either")
    func undoneInSavepoint() async throws {
        let store = try Store.inMemory()
        let id = try await store.makeNode()
        let inside = try await store.write { transaction in
            try? transaction.savepoint {
                try setTitle("Lost", of: id, in: transaction)
                _ = try transaction.node(named: .verse)
                throw Refused()
            }
            return try transaction.node(named: .verse)?.configuration.title
        }
        #expect(inside == "")
        #expect(try await title(store) == "")
    }

    @Test(
        "standings with a node are those that are stored, be they few or many",
        arguments: [0, NodeCache.mostStandings, NodeCache.mostStandings + 1]
    )
    func standings(others: Int) async throws {
        let store = try Store.inMemory()
        let id = try await store.makeNode()
        let standing = { @Sendable (transaction: Transaction) in
            try transaction.affiliation(of: .romeo, with: id)
        }
        try await store.write { transaction in
            for number in 0..<others {
                let jid = try JID("r\(number)@verona.lit")
                try transaction.setAffiliation(.member, of: jid, with: id)
            }
        }
        #expect(try await store.read(standing) == .none)
        let inside = try await store.write { transaction in
            let before = try standing(transaction)
            try transaction.setAffiliation(.outcast, of: .romeo, with: id)
            return (before, try standing(transaction))
        }
        #expect(inside.0 == .none)
        #expect(inside.1 == .outcast)
        #expect(try await store.read(standing) == .outcast)
        try? await store.write { transaction in
            try transaction.setAffiliation(.owner, of: .romeo, with: id)
            _ = try standing(transaction)
            throw Refused()
        }
        #expect(try await store.write(standing) == .outcast)
        let kept = try await store.write { transaction in
            try? transaction.savepoint {
                try transaction.setAffiliation(.none, of: .romeo, with: id)
                _ = try standing(transaction)
                throw Refused()
            }
            return try standing(transaction)
        }
        #expect(kept == .outcast)
        try await store.write { try $0.setAffiliation(.none, of: .romeo, with: id) }
        #expect(try await store.read(standing) == .none)
        try await store.write { try $0.setAffiliation(.owner, of: .romeo, with: id) }
        try await store.write { try $0.deleteNode(id, at: moment()) }
        #expect(try await store.read(standing) == .none)
    }

    @Test("a standing that can't be read concerns nobody else")
    func unreadable() async throws {
        let store = try Store.inMemory()
        let id = try await store.makeNode()
        try await store.write { transaction in
            try transaction.setAffiliation(.owner, of: .juliet, with: id)
            try transaction.setAffiliation(.member, of: .romeo, with: id)
            try transaction.run(
                "UPDATE affiliation SET affiliation = 'foe' WHERE jid LIKE 'romeo%'"
            )
        }
        let owner = try await store.read { try $0.affiliation(of: .juliet, with: id) }
        #expect(owner == .owner)
        await #expect(throws: StoreError.self) {
            try await store.read { try $0.affiliation(of: .romeo, with: id) }
        }
    }

    @Test("a deleted node is found no more, and another of its name is another")
    func deleted() async throws {
        let store = try Store.inMemory()
        let id = try await store.makeNode()
        _ = try await title(store)
        try await store.write { try $0.deleteNode(id, at: moment()) }
        #expect(try await title(store) == nil)
        let other = try await store.makeNode()
        #expect(try await store.read { try $0.node(named: .verse)?.id } == other)
        #expect(try await store.read { try $0.node(id) } == nil)
    }

    @Test("a reader that began before a change leaves nothing of what it saw")
    func olderReader() async throws {
        let cache = NodeCache()
        let older = cache.view()
        let record = NodeRecord(
            id: NodeRowID(rawValue: 1),
            node: NewNode(name: .verse, createdAt: moment())
        )
        let writer = cache.view()
        writer.beginChange()
        let during = cache.view()
        older.keep(record)
        writer.keep(record)
        during.keep(record)
        cache.endWriting()
        during.keep(record)
        older.keep(record)
        #expect(cache.view().node(named: .verse) == nil)
        cache.view().keep(record)
        #expect(cache.view().node(named: .verse) == record)
        #expect(older.node(named: .verse) == nil)
    }

    @Test("it does not grow without end")
    func bound() async throws {
        let cache = NodeCache()
        for number in 0..<NodeCache.capacity * 2 + 1 {
            let name = try #require(NodeID(rawValue: "n\(number)"))
            let id = NodeRowID(rawValue: Int64(number))
            cache.view().keep(NodeRecord(id: id, node: NewNode(name: name, createdAt: moment())))
        }
        let kept = (0...NodeCache.capacity * 2).filter { number in
            cache.view().node(NodeRowID(rawValue: Int64(number))) != nil
        }
        #expect(kept == [NodeCache.capacity * 2])
    }
}
