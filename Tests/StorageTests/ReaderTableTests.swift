import Foundation
import Storage
import Testing
import XMPP

/// What is known of readers beside their subscriptions.
@Suite struct ReaderTableTests {
    @Test("an address is added once, and removed once")
    func contacts() async throws {
        let store = try Store.inMemory()
        let (juliet, dispatch) = try (JID("juliet@verona.lit/x"), JID("dispatch@news.verona.lit"))
        let results = try await store.write { transaction in
            let date = Date(timeIntervalSince1970: 5)
            return (
                try transaction.addContact(dispatch, of: juliet, at: date),
                try transaction.addContact(dispatch, of: juliet.bare, at: date + 1),
                try transaction.contacts(of: juliet),
                try transaction.removeContact(dispatch, of: juliet),
                try transaction.removeContact(dispatch, of: juliet)
            )
        }
        #expect(results.0 && !results.1)
        #expect(results.2.map(\.jid) == [juliet.bare])
        #expect(results.2.map(\.addedAt) == [Date(timeIntervalSince1970: 5)], "the first counts")
        #expect(results.3 && !results.4)
    }

    @Test("all contacts are read page by page, none twice and none left out")
    func pages() async throws {
        let store = try Store.inMemory()
        let people = try (0..<7).map { try JID("p\($0)@verona.lit") }
        let addresses = try ["a@news.lit", "b@news.lit"].map { try JID($0) }
        try await store.write { transaction in
            for person in people {
                for address in addresses {
                    try transaction.addContact(address, of: person, at: Date())
                }
            }
        }
        var seen: [ContactRecord] = []
        while true {
            let last = seen.last
            let page = try await store.read { try $0.contacts(after: last, atMost: 3) }
            guard !page.isEmpty else { break }
            seen += page
        }
        #expect(seen.count == 14)
        #expect(Set(seen).count == 14)
    }

    @Test("readers of whom nothing was heard are looked for a part of the table at a time")
    func idle() async throws {
        let store = try Store.inMemory()
        let node = try await store.makeNode()
        for reader in [JID.juliet, .romeo, .nurse] {
            try await store.subscribe(reader, to: node, as: .chat)
        }
        try await store.write { try $0.noteSign(of: .romeo, at: moment(90_000)) }
        func idle(
            of nodes: [NodeID] = [.prose, .verse],
            after last: Int64,
            lookingAt count: Int
        ) async throws -> ([String], Int64?) {
            let found = try await store.read { transaction in
                try transaction.idleReaders(
                    of: nodes,
                    since: moment(90_000),
                    after: SubscriptionRowID(rawValue: last),
                    lookingAt: count,
                    limit: 10
                )
            }
            return (found.readers.map { $0.jid.localpart ?? "" }, found.last?.rawValue)
        }
        #expect(try await idle(after: 0, lookingAt: 2) == (["juliet"], 2))
        #expect(try await idle(after: 2, lookingAt: 2) == (["nurse"], nil))
        #expect(try await idle(after: 0, lookingAt: 10) == (["juliet", "nurse"], nil))
        #expect(try await idle(of: [.prose], after: 0, lookingAt: 10) == ([], nil))
    }

    @Test("questions that a dead server may have lost were not asked")
    func lostQuestions() async throws {
        let store = try Store.inMemory()
        let node = try await store.makeNode()
        let readers = [
            try await store.subscribe(.juliet, to: node, as: .chat).id,
            try await store.subscribe(.romeo, to: node, as: .chat).id,
            try await store.subscribe(.nurse, to: node, as: .chat).id,
        ]
        try await store.write { transaction in
            for (reader, seconds) in zip(readers, [1_000.0, 2_000, 2_010]) {
                try transaction.noteAsked(
                    reader,
                    unlessHeardSince: moment(900),
                    at: moment(seconds)
                )
            }
        }
        func asked() async throws -> [Bool] {
            try await store.read { transaction in
                try readers.map { try transaction.signs(of: $0).asked != nil }
            }
        }
        #expect(try await asked() == [true, true, true])
        try await store.write { transaction in
            try transaction.rewindQuestions(
                .beforeLastAcknowledgement(by: 30),
                upTo: moment(2_005)
            )
        }
        #expect(try await asked() == [true, false, true], "what came later the server has")
        try await store.write {
            try $0.rewindQuestions(.moment(moment(2_001)), upTo: moment(9_000))
        }
        #expect(try await asked() == [true, false, false])
    }
}
