import Foundation
import PubSubWire
import Storage
import Synchronization
import Testing
import XML
import XMPP

@testable import Publishing

@Suite("Taking over a feed")
struct TakeoverTests {
    private let service: JID
    private let us: JID
    private let node: NodeID

    init() throws {
        service = try JID("pubsub.verona.lit")
        us = try JID("news.verona.lit")
        node = try #require(NodeID(rawValue: "verse"))
    }

    /// A service with so many items that gives some of them at a time, or all if it knows no pages.
    private func feed(
        _ count: Int,
        pages: Bool = true,
        asked: @escaping @Sendable (IQ) -> Void = { _ in }
    ) -> ForeignFeed {
        ForeignFeed(node, at: service, as: us) { [node] iq in
            asked(iq)
            let all = (0..<count).map { number in
                PubSubItem(id: ItemID(rawValue: "i\(number)"), payload: Self.entry(number))
            }
            let set = iq.payload?.child("set", in: .resultSets).map(ResultSetRequest.init)
            let start = set?.after.flatMap { Int($0.dropFirst()) }.map { $0 + 1 } ?? 0
            let some = pages ? Array(all[min(start, count)...].prefix(set?.max ?? count)) : all
            let page = ResultSetPage(
                first: some.first?.id?.rawValue,
                last: some.last?.id?.rawValue,
                count: count
            )
            let reply = ItemsReply(node: node, items: some, page: pages ? page : nil)
            return iq.reply(with: reply.element)
        }
    }

    /// The newest comes first, as many services have it.
    private static func entry(_ number: Int) -> Element {
        Element("entry", in: "http://www.w3.org/2005/Atom") {
            Element("published") {
                DateTime(Date(timeIntervalSince1970: 1e9 - Double(number))).description
            }
        }
    }

    private func store() async throws -> Store {
        let store = try Store.inMemory()
        try await store.write { [node] transaction in
            _ = try transaction.createNode(NewNode(name: node, createdAt: Date()))
        }
        return store
    }

    private func names(_ store: Store) async throws -> [String] {
        try await store.read { [node] transaction in
            let record = try transaction.node(named: node)
            return try record.map { try transaction.itemNames(of: $0.id).map(\.rawValue) } ?? []
        }
    }

    @Test("every page is asked for until there are no more", arguments: [0, 1, 49, 50, 51, 230])
    func pages(count: Int) async throws {
        let requests = Mutex(0)
        let feed = feed(count) { iq in
            #expect(iq.from?.description == "news.verona.lit")
            requests.withLock { $0 += 1 }
        }
        let content = try await feed.content()
        #expect(content.isWhole)
        #expect(content.items.map(\.id?.rawValue) == (0..<count).map { "i\($0)" })
        #expect(requests.withLock { $0 } <= count / 50 + 1)
    }

    @Test("a service that knows no pages is not asked again and again")
    func noPages() async throws {
        let content = try await feed(120, pages: false).content()
        #expect(content.items.count == 120)
        // It may have kept some to itself.
        #expect(!content.isWhole)
    }

    /// A service that knows no pages, and whose answers with more than one item are too large for us.
    private func largeFeed(_ count: Int, namesThem: Bool = true, alone: Bool = true) -> ForeignFeed
    {
        ForeignFeed(node, at: service, as: us) { [node, service, us] iq in
            let ids = (0..<count).compactMap { ItemID(rawValue: "i\($0)") }
            if iq.payload?.isNamed("query", in: .discoItems) == true {
                let entries = ids.map { DiscoItems.Entry(jid: service, name: $0.rawValue) }
                return iq.reply(with: DiscoItems(entries: namesThem ? entries : []).element)
            }
            let asked = iq.payload?.child("items")?.child("item")?["id"]
            guard alone, let number = asked.flatMap({ Int($0.dropFirst()) }) else {
                return iq.reply(error: .oversizedAnswer(2_000_000, at: us))
            }
            // One is withdrawn meanwhile.
            guard number > 0 else { return iq.reply(error: StanzaError(.itemNotFound)) }
            let item = PubSubItem(id: ids[number], payload: Self.entry(number))
            return iq.reply(with: ItemsReply(node: node, items: [item]).element)
        }
    }

    @Test("what is larger than a stanza may be comes item by item, if the service names them")
    func largeAnswers() async throws {
        let content = try await largeFeed(60).content()
        #expect(content.items.map(\.id?.rawValue) == (1..<60).map { "i\($0)" })
        #expect(!content.isWhole)
        let words =
            "pubsub.verona.lit gives too much at once. The answer has 2000000 bytes, more than "
            + "'component.maximum_stanza_size' lets in. Raise it above that, and restart Broadsheet."
        for feed in [largeFeed(2, namesThem: false), largeFeed(2, alone: false)] {
            let error = await #expect(throws: ForeignFeedError.self) { try await feed.content() }
            #expect(error?.description == words)
        }
    }

    @Test("items keep their ids and their order, the oldest first, and come once")
    func take() async throws {
        let store = try await store()
        let takeover = NodeTakeover(into: node, store: store)
        let three = try await feed(3).content()
        #expect(
            try await takeover.take(three, publisher: service) == .init(taken: 3, isWhole: true)
        )
        // Newest first is how names are told.
        #expect(try await names(store) == ["i0", "i1", "i2"])
        #expect(
            try await takeover.take(three, publisher: service) == .init(known: 3, isWhole: true)
        )
        let item = try await store.read { [node] transaction in
            try transaction.node(named: node).flatMap { try transaction.latestItem(of: $0.id) }
        }
        #expect(item?.publishedAt == Date(timeIntervalSince1970: 1e9))
        #expect(item?.publisher == "pubsub.verona.lit")
    }

    @Test("what was published here is not pushed back by what is older")
    func ownItems() async throws {
        let store = try await store()
        let mine = PubSubItem(id: ItemID(rawValue: "mine"), payload: Self.entry(0))
        let takeover = NodeTakeover(into: node, store: store)
        let own = ForeignFeed.Content(items: [mine], isWhole: false)
        #expect(try await takeover.take(own, publisher: us) == .init(taken: 1))
        let content = try await feed(3).content()
        await #expect(throws: TakeoverError.hasOwnItems(node, 1)) {
            try await takeover.take(content, publisher: service)
        }
        #expect(try await names(store) == ["mine"])
    }

    @Test("a refusal is told with the service's own words")
    func refused() async throws {
        let feed = ForeignFeed(node, at: service, as: us) { iq in
            iq.reply(error: StanzaError(.forbidden, text: "Members only."))
        }
        let error = await #expect(throws: ForeignFeedError.self) { try await feed.content() }
        #expect(error?.description == "pubsub.verona.lit refuses that (forbidden: Members only.).")
    }
}
