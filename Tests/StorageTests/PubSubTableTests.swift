import Testing
import XML
import XMPP

@testable import Storage

@Suite("Nodes, items and subscriptions")
struct PubSubTableTests {
    let store: Store

    init() throws {
        store = try Store.inMemory()
    }

    @Test("a node keeps all that was said of it")
    func node() async throws {
        let node = NewNode(
            name: .verse,
            newsletter: "newsletter",
            language: "en",
            title: "Verse",
            description: "Poems",
            type: "urn:xmpp:pubsub-social-feed:1",
            isHidden: true,
            owner: .juliet,
            createdAt: moment()
        )
        let record = try await store.write { try $0.createNode(node) }
        #expect(record?.node == node)
        #expect(try await store.read { try $0.node(named: .verse) } == record)
    }

    @Test("a node's name is taken once")
    func uniqueNode() async throws {
        try await store.makeNode()
        let second = try await store.write { transaction in
            try transaction.createNode(NewNode(name: .verse, title: "Other", createdAt: moment()))
        }
        #expect(second == nil)
        #expect(try await store.read { try $0.nodes().map(\.node.title) } == [""])
    }

    @Test("a changed node keeps its name, and one that is gone is not changed")
    func updateNode() async throws {
        let id = try await store.makeNode()
        try await store.write { transaction in
            var record = try #require(try transaction.node(id))
            record.node.title = "Verses"
            #expect(try transaction.updateNode(record))
            try transaction.deleteNode(id)
            #expect(try transaction.updateNode(record) == false)
        }
        #expect(try await store.read { try $0.nodes() } == [])
    }

    @Test("deleting a node takes all that belongs to it, and nothing of others")
    func deleteNode() async throws {
        let verse = try await store.makeNode()
        let prose = try await store.makeNode(.prose)
        for node in [verse, prose] {
            try await store.subscribe(.juliet, to: node)
            try await store.write { transaction in
                _ = try transaction.upsertItem(
                    .first,
                    in: node,
                    publisher: "x",
                    payload: nil,
                    at: moment()
                )
                try transaction.setAffiliation(.owner, of: .romeo, with: node)
                _ = try transaction.startFanOut(
                    NewFanOut(node: node, item: .first, variants: [.sample(.event)]),
                    at: moment()
                )
            }
        }
        try await store.write { transaction throws in
            #expect(try transaction.deleteNode(verse))
            #expect(try transaction.deleteNode(verse) == false)
            #expect(try transaction.subscriptions(of: .juliet).map(\.node) == [prose])
            #expect(try transaction.affiliations(of: .romeo).map(\.node) == [prose])
            #expect(try transaction.unfinishedFanOuts().map(\.node) == [prose])
            #expect(try transaction.count("SELECT count(*) FROM item") == 1)
            #expect(try transaction.count("SELECT count(*) FROM variant") == 1)
        }
    }

    @Test("overwriting an item moves it to the end and keeps when it was published (§7.1.2)")
    func overwrite() async throws {
        let node = try await store.makeNode()
        try await store.write { transaction in
            func publish(_ item: ItemID, _ text: String, at second: Double) throws -> ItemChange {
                try transaction.upsertItem(
                    item,
                    in: node,
                    publisher: "contact@news.verona.lit",
                    payload: Element("entry", in: .atom) { Element("title") { text } },
                    at: moment(second)
                )
            }
            #expect(try publish(.first, "One", at: 0) == .created)
            #expect(try publish(.second, "Two", at: 1) == .created)
            #expect(try publish(.third, "Three", at: 2) == .created)
            #expect(try publish(.first, "One, <corrected>", at: 3) == .replaced)
            #expect(try transaction.itemNames(of: node) == [.first, .third, .second])
            let item = try #require(try transaction.latestItem(of: node))
            #expect(item.publishedAt == moment(0))
            #expect(item.updatedAt == moment(3))
            #expect(try item.payloadElement()?.child("title")?.text == "One, <corrected>")
            #expect(try item.payloadElement()?.namespace == .atom)
            #expect(try transaction.itemCount(of: node) == 3)
            #expect(try transaction.items(of: node, limit: 2).map(\.name) == [.first, .third])
            #expect(try transaction.items(of: node, limit: 0).isEmpty)
        }
    }

    @Test("items are found by name, newest first, and names that are none are left out")
    func namedItems() async throws {
        let node = try await store.makeNode()
        let other = try await store.makeNode(.prose)
        let odd = ItemID(rawValue: "it's \"odd\" ☃")!
        try await store.write { transaction in
            for name in [.first, odd, .second] {
                _ = try transaction.upsertItem(
                    name,
                    in: node,
                    publisher: "x",
                    payload: nil,
                    at: moment()
                )
            }
            let found = try transaction.items(of: node, named: [.first, odd, .third])
            #expect(found.map(\.name) == [odd, .first])
            #expect(try found[0].payloadElement() == nil)
            #expect(try transaction.items(of: other, named: [.first]).isEmpty)
            #expect(try transaction.deleteItem(odd, of: node))
            #expect(try transaction.deleteItem(odd, of: node) == false)
            #expect(try transaction.item(odd, of: node) == nil)
        }
    }

    @Test("subscribing twice is one subscription, as it was first (§6.1)")
    func subscribeTwice() async throws {
        let node = try await store.makeNode()
        let first = try await store.subscribe(.juliet, to: node, as: .chat, .link)
        let outcome = try await store.write { transaction in
            try transaction.subscribe(.juliet, to: node, at: moment(9))
        }
        #expect(outcome == .existing(first))
        #expect(try await store.read { try $0.subscriptionCount(of: node) } == 1)
    }

    @Test("a subscription to a node that is not there can't be made")
    func foreignKey() async throws {
        await #expect(throws: StoreError.self) {
            try await store.subscribe(.juliet, to: NodeRowID(rawValue: 99))
        }
    }

    @Test("who subscribes again is a new reader: ids are never used twice")
    func idsAreNotReused() async throws {
        let node = try await store.makeNode()
        let first = try await store.subscribe(.juliet, to: node)
        try await store.write { try $0.unsubscribe(.juliet, from: node) }
        let second = try await store.subscribe(.juliet, to: node)
        #expect(second.id > first.id)
    }

    @Test("a reader's subscriptions are those of the address and its resources, nobody else's")
    func subscriptionsOfReader() async throws {
        let node = try await store.makeNode()
        let mine = ["juliet@verona.lit", "juliet@verona.lit/balcony", "juliet@verona.lit/ÿ"]
        let others = [
            "juliet@verona.lit.example", "juliet2@verona.lit", "a@b.lit/juliet@verona.lit",
        ]
        for address in mine + others {
            try await store.subscribe(try JID(address), to: node)
        }
        let asked = try JID("juliet@verona.lit/phone")
        let found = try await store.read { try $0.subscriptions(of: asked).map(\.jid.description) }
        #expect(found == mine)
    }

    @Test("only those who get what is published count as subscribers (§12.4)")
    func counting() async throws {
        let node = try await store.makeNode()
        let juliet = try await store.subscribe(.juliet, to: node)
        try await store.subscribe(.romeo, to: node)
        try await store.write { transaction throws in
            #expect(try transaction.setState(.pending, of: juliet.id))
            #expect(try transaction.subscriptionCount(of: node) == 1)
            #expect(
                try transaction.subscriptions(to: node).map(\.state) == [.pending, .subscribed]
            )
            #expect(try transaction.unsubscribe(.romeo, from: node))
            #expect(try transaction.unsubscribe(.romeo, from: node) == false)
            #expect(try transaction.endSubscription(juliet.id))
            #expect(try transaction.subscriptionCount(of: node) == 0)
            #expect(try transaction.setOptions(DeliveryChoice(), of: juliet.id) == false)
        }
    }

    @Test("an affiliation belongs to the bare address, and none is no row (§4.1)")
    func affiliations() async throws {
        let node = try await store.makeNode()
        let balcony = try JID.juliet.with(resourcepart: "balcony")
        try await store.write { transaction in
            try transaction.setAffiliation(.publisher, of: balcony, with: node)
            try transaction.setAffiliation(.owner, of: .juliet, with: node)
            #expect(try transaction.affiliation(of: balcony, with: node) == .owner)
            #expect(try transaction.affiliations(with: node).count == 1)
            try transaction.setAffiliation(.none, of: .juliet, with: node)
            #expect(try transaction.affiliation(of: .juliet, with: node) == .none)
            #expect(try transaction.affiliations(with: node).isEmpty)
        }
    }
}
