import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("Nodes and readers beside a running service")
struct StoreListingTests {
    @Test("are told one by one, with what they have")
    func listing() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sqlite")
        let store = try Store(path: path)
        let verse = try await store.makeNode(.verse)
        let prose = try await store.makeNode(.prose)
        try await store.subscribe(.juliet, to: verse)
        let nurse = try await store.subscribe(.nurse, to: verse, as: .chat, .full)
        try await store.subscribe(.romeo, to: prose)
        try await store.write { _ = try $0.suspend(nurse.id, at: moment(5)) }
        let listing = StoreListing(path: path)
        let nodes = try listing.nodes()
        #expect(nodes.map(\.name) == [.prose, .verse])
        #expect(nodes.map(\.subscribers) == [1, 2])
        #expect(nodes.map(\.suspended) == [0, 1])
        var readers: [StoreListing.Reader] = []
        try listing.forEachReader(of: nil) { readers.append($0) }
        #expect(readers.map(\.record.jid) == [.romeo, .juliet, .nurse])
        #expect(readers.last?.suspendedAt == moment(5))
        #expect(readers.last?.record.choice.amount == .full)
        var ofVerse: [JID] = []
        try listing.forEachReader(of: .verse) { ofVerse.append($0.record.jid) }
        #expect(ofVerse == [.juliet, .nurse])
    }

    @Test("without a database there is an error that says so")
    func missing() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StoreError.self) {
            try StoreListing(path: folder.file("none.sqlite")).nodes()
        }
    }
}
