import Testing
import XMPP

@testable import Storage

@Suite("The ledger beside a running service")
struct LedgerSnapshotTests {
    @Test("is read while the service has the database open, and changes nothing")
    func beside() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sqlite")
        let store = try Store(path: path)
        let record = PublicationRecord(
            newsletter: "dispatch",
            issue: "2024-02",
            language: "en",
            fileName: "2024-02.md",
            node: .verse,
            item: .first,
            atomID: "tag:verona.lit,2024:a",
            title: "Title",
            contentHash: "hash",
            publishedAt: moment(),
            updatedAt: moment(60),
            texts: PublicationTexts(full: "full", short: "short", link: "link", lead: "lead")
        )
        try await store.write { transaction in
            try transaction.recordPublication(record)
            try transaction.setSetting("tagAuthority", to: "verona.lit,2024-01-01")
        }
        let snapshot = try LedgerSnapshot(
            path: path,
            newsletter: "dispatch",
            setting: "tagAuthority"
        )
        #expect(snapshot?.publications == [record])
        #expect(snapshot?.setting == "verona.lit,2024-01-01")
        let other = try LedgerSnapshot(path: path, newsletter: "other", setting: "none")
        #expect(other?.publications == [] && other?.setting == nil)
    }

    @Test("is nothing where there is no database, and none is made")
    func absent() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("none.sqlite")
        let snapshot = try LedgerSnapshot(path: path, newsletter: "dispatch", setting: "x")
        #expect(snapshot == nil)
        #expect(try LedgerSnapshot(path: path, newsletter: "dispatch", setting: "x") == nil)
    }
}
