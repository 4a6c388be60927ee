import Testing
import XMPP

@testable import Storage

@Suite("The ledger of publications")
struct PublicationTableTests {
    let store: Store

    init() throws {
        store = try Store.inMemory()
    }

    private func record(
        _ issue: String,
        _ language: String = "en",
        title: String = "Title",
        at second: Double = 0
    ) -> PublicationRecord {
        PublicationRecord(
            newsletter: "newsletter",
            issue: issue,
            language: language,
            fileName: "\(issue).\(language).md",
            node: .verse,
            item: .first,
            atomID: "tag:verona.lit,2024:\(issue)/\(language)/\(Int(second))",
            title: title,
            contentHash: "hash",
            publishedAt: moment(second),
            updatedAt: moment(second),
            texts: PublicationTexts(full: "full", short: "short", link: "link", lead: "lead")
        )
    }

    @Test("a publication is read as it was entered")
    func roundTrip() async throws {
        let entered = record("2024-02")
        try await store.write { try $0.recordPublication(entered) }
        let found = try await store.read { transaction in
            try transaction.publication(newsletter: "newsletter", issue: "2024-02", language: "en")
        }
        #expect(found == entered)
    }

    @Test("a correction keeps the Atom id and when it was first published")
    func correction() async throws {
        let (first, second) = (record("2024-02"), record("2024-02", title: "Corrected", at: 60))
        let found = try await store.write { transaction in
            try transaction.recordPublication(first)
            try transaction.recordPublication(second)
            return try transaction.publications(newsletter: "newsletter")
        }
        var expected = second
        expected.atomID = first.atomID
        expected.publishedAt = first.publishedAt
        #expect(found == [expected])
    }

    @Test("publications are listed newest first, translations side by side")
    func listing() async throws {
        let entered = [record("2024-01"), record("2024-02", at: 5), record("2024-02", "fr", at: 5)]
        let found = try await store.write { transaction in
            for publication in entered {
                try transaction.recordPublication(publication)
            }
            return try transaction.publications(newsletter: "newsletter")
        }
        #expect(found == [entered[1], entered[2], entered[0]])
        #expect(try await store.read { try $0.publications(newsletter: "other") } == [])
    }

    @Test("the file tells which issue it was published as")
    func byFile() async throws {
        let entered = record("2024-02")
        try await store.write { try $0.recordPublication(entered) }
        let found = try await store.read { transaction in
            try transaction.publication(newsletter: "newsletter", fileName: "2024-02.en.md")
        }
        #expect(found == entered)
    }

    @Test("a withdrawn publication stays in the ledger")
    func retraction() async throws {
        let entered = record("2024-02")
        try await store.write { transaction in
            try transaction.recordPublication(entered)
            func retract(_ language: String) throws -> Bool {
                try transaction.setPublicationState(
                    .retracted,
                    newsletter: "newsletter",
                    issue: "2024-02",
                    language: language,
                    at: moment(9)
                )
            }
            #expect(try retract("en"))
            #expect(try retract("fr") == false)
            let found = try transaction.publications(newsletter: "newsletter")
            #expect(found.map(\.state) == [.retracted])
            #expect(found.map(\.updatedAt) == [moment(9)])
        }
    }
}
