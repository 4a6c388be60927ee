import Foundation
import Storage
import Testing

/// What is kept of the news that were collected.
@Suite struct NewsItemTableTests {
    private let date = Date(timeIntervalSince1970: 1_794_817_800)

    private func item(_ address: String, newsletter: String = "dispatch") -> NewNewsItem {
        NewNewsItem(
            newsletter: newsletter,
            section: "clients",
            address: "https://\(address)",
            addressKey: address,
            text: "About \(address)",
            contributor: "Rosaline",
            collector: "Benvolio"
        )
    }

    @Test("an address is kept once for each newsletter, whether drafted or not")
    func duplicates() async throws {
        let store = try Store.inMemory()
        let date = date
        let (first, again, other, afterwards) = try await store.write { transaction in
            let first = try transaction.addNews(item("a.example"), at: date)
            let again = try transaction.addNews(item("a.example"), at: date)
            let other = try transaction.addNews(item("a.example", newsletter: "gazette"), at: date)
            try transaction.assignNews([1], to: "2026-11-05-dispatch")
            return (first, again, other, try transaction.addNews(item("a.example"), at: date))
        }
        guard case .kept(var kept) = first else {
            Testing.Issue.record("not kept: \(first)")
            return
        }
        #expect(kept.id == 1 && kept.collectedAt == date && kept.issue == nil)
        #expect(again == .duplicate(kept))
        guard case .kept = other else {
            Testing.Issue.record("another newsletter's news is its own")
            return
        }
        kept.issue = "2026-11-05-dispatch"
        #expect(afterwards == .duplicate(kept))
    }

    @Test("a number is never used again, and a dropped address may come again")
    func numbers() async throws {
        let store = try Store.inMemory()
        let date = date
        let outcome = try await store.write { transaction in
            _ = try transaction.addNews(item("a.example"), at: date)
            try transaction.dropNews(1)
            return try transaction.addNews(item("a.example"), at: date)
        }
        guard case .kept(let item) = outcome else {
            Testing.Issue.record("not kept: \(outcome)")
            return
        }
        #expect(item.id == 2)
    }

    @Test("what is changed, moved and drafted is so afterwards")
    func changes() async throws {
        let store = try Store.inMemory()
        let date = date
        let (clash, change, waiting) = try await store.write { transaction in
            _ = try transaction.addNews(item("a.example"), at: date)
            _ = try transaction.addNews(item("b.example"), at: date)
            _ = try transaction.addNews(item("c.example"), at: date)
            let clash = try transaction.changeNews(
                1,
                text: "X",
                address: "https://b.example",
                addressKey: "b.example"
            )
            let change = try transaction.changeNews(
                1,
                text: "New",
                address: "https://d.example",
                addressKey: "d.example"
            )
            try transaction.moveNews(2, to: nil)
            try transaction.assignNews([3], to: "2026-11-05-dispatch")
            return (clash, change, try transaction.waitingNews(newsletter: "dispatch"))
        }
        #expect(clash?.id == 2 && change == nil)
        #expect(waiting.map(\.id) == [1, 2])
        #expect(waiting.map(\.text) == ["New", "About b.example"])
        #expect(waiting.map(\.section) == ["clients", nil])
    }
}
