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
}
