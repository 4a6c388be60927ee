import Foundation
import Storage
import Testing
import XML
import XMPP

@testable import PubSub

@Suite("Payloads that are remembered")
struct PayloadCacheTests {
    /// An item as it is stored in a node of its own.
    private func item(_ name: String, _ payload: String?) async throws -> ItemRecord {
        let store = try Store.inMemory()
        let node = try #require(NodeID(rawValue: "verse"))
        let id = try #require(ItemID(rawValue: name))
        let element = try payload.map { try Element(xml: $0) }
        let stored = try await store.write { transaction -> ItemRecord? in
            let date = Date(timeIntervalSince1970: 0)
            let new = NewNode(name: node, createdAt: date)
            guard let record = try transaction.createNode(new) else { return nil }
            _ = try transaction.upsertItem(
                id,
                in: record.id,
                publisher: "romeo@verona.lit",
                payload: element,
                at: date
            )
            return try transaction.item(id, of: record.id)
        }
        return try #require(stored)
    }

    @Test("an item of the same name with other content is told as it is")
    func replaced() async throws {
        let cache = PayloadCache()
        for payload in ["<a xmlns='urn:x'/>", "<a xmlns='urn:x'/>", "<b xmlns='urn:x'/>", nil] {
            let record = try await item("1", payload)
            let expected = try payload.map { try Element(xml: $0) }
            #expect(try cache.payload(of: record) == expected)
        }
    }

    @Test("more items than are kept are all told right")
    func many() async throws {
        let cache = PayloadCache()
        for number in 0...PayloadCache.capacity {
            let record = try await item("\(number)", "<a xmlns='urn:x' n='\(number)'/>")
            #expect(try cache.payload(of: record)?["n"] == "\(number)")
        }
    }

    @Test("however large an item is, it is read once while it is asked for again and again")
    func large() async throws {
        let cache = PayloadCache()
        let text = String(repeating: "o", count: PayloadCache.mostBytes)
        let (small, large) = (
            try await item("1", "<a xmlns='urn:x'>o</a>"),
            try await item("2", "<a xmlns='urn:x'>\(text)</a>")
        )
        for _ in 0..<2 {
            let first = try #require(try cache.payload(of: large))
            let second = try #require(try cache.payload(of: large))
            #expect(first.sharesContent(with: second))
            let isWhole = first.text == text
            #expect(isWhole)
            #expect(try cache.payload(of: small)?.text == "o")
        }
    }
}

extension Element {
    /// Whether both are one tree in memory.
    func sharesContent(with other: Element) -> Bool {
        children.withUnsafeBufferPointer { mine in
            other.children.withUnsafeBufferPointer { mine.baseAddress == $0.baseAddress }
        }
    }
}
