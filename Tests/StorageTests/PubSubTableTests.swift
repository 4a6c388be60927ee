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
        var configuration = NodeConfiguration(
            title: "Verse",
            description: "Poems",
            language: "en",
            type: "urn:xmpp:pubsub-social-feed:1"
        )
        configuration.contacts = [.romeo, .nurse]
        configuration.accessModel = .authorize
        configuration.publishModel = .subscribers
        configuration.maxItems = 7
        configuration.itemExpiry = 60
        configuration.maxPayloadSize = 9
        configuration.persistsItems = false
        configuration.deliversNotifications = false
        configuration.deliversPayloads = false
        configuration.eventPayload = .summary
        configuration.notificationType = .headline
        configuration.lastItemPolicy = .onSubscription
        configuration.itemReply = .owner
        configuration.notifiesOfConfiguration = true
        configuration.notifiesOfDeletion = false
        configuration.notifiesOfRetraction = false
        configuration.notifiesOwners = true
        let node = NewNode(
            name: .verse,
            newsletter: "newsletter",
            isHidden: true,
            creator: .juliet,
            configuration: configuration,
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
            try transaction.createNode(NewNode(name: .verse, isHidden: true, createdAt: moment()))
        }
        #expect(second == nil)
        #expect(try await store.read { try $0.nodes().map(\.node.isHidden) } == [false])
    }

    @Test("a changed node keeps its name, and one that is gone is not changed")
    func updateNode() async throws {
        let id = try await store.makeNode()
        try await store.write { transaction in
            var record = try #require(try transaction.node(id))
            record.configuration.title = "Verses"
            #expect(try transaction.updateNode(record))
            try transaction.deleteNode(id, at: moment())
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
            #expect(try transaction.deleteNode(verse, at: moment()))
            #expect(try transaction.deleteNode(verse, at: moment()) == false)
            #expect(try transaction.subscriptions(of: .juliet).map(\.node) == [prose])
            #expect(try transaction.affiliations(of: .romeo).map(\.node) == [prose])
            #expect(try transaction.unfinishedFanOuts().map(\.node) == [prose])
            #expect(try transaction.count("SELECT count(*) FROM item") == 1)
            #expect(try transaction.count("SELECT count(*) FROM fanOut") == 2)
        }
    }

    @Test("a deleted node's name is free at once, its readers stay for the notice, then all goes")
    func deletedNodeStays() async throws {
        let old = try await store.makeNode()
        let reader = try await store.subscribe(.juliet, to: old)
        try await store.write { transaction throws in
            try transaction.deleteNode(old, redirect: "xmpp:elsewhere", at: moment(1))
            #expect(try transaction.redirect(from: .verse) == "xmpp:elsewhere")
            let notice = try transaction.startFanOut(
                NewFanOut(node: old, item: .first, scope: .node, variants: [.sample(.event)]),
                at: moment(1)
            )
            let found = try transaction.recipients(of: notice, after: .start, limit: 9)
            #expect(found.map(\.subscription) == [reader.id])
            #expect(try transaction.createNode(NewNode(name: .verse, createdAt: moment(2))) != nil)
            #expect(try transaction.redirect(from: .verse) == nil)
            try transaction.pruneNodes(deletedBefore: moment(99))
            #expect(try transaction.fanOut(notice.id) != nil)
            try transaction.setState(.finished, of: notice.id, at: moment(3))
            try transaction.pruneNodes(deletedBefore: moment(3))
            #expect(try transaction.fanOut(notice.id) != nil)
            try transaction.pruneNodes(deletedBefore: moment(4))
            #expect(try transaction.fanOut(notice.id) == nil)
            #expect(try transaction.subscription(reader.id) == nil)
            #expect(try transaction.nodes().count == 1)
        }
    }

    @Test("readers and items are counted as they come and go, in whichever way")
    func counters() async throws {
        let node = try await store.makeNode()
        let juliet = try await store.subscribe(.juliet, to: node)
        let romeo = try await store.subscribe(.romeo, to: node)
        try await store.write { transaction in
            func readers() throws -> Int { try transaction.subscriptionCount(of: node) }
            #expect(try readers() == 2)
            try transaction.setState(.pending, of: juliet.id)
            try transaction.setState(.pending, of: juliet.id)
            #expect(try readers() == 1)
            try transaction.setState(.subscribed, of: juliet.id)
            #expect(try readers() == 2)
            try transaction.setOptions(DeliveryChoice(expiresAt: moment(5)), of: romeo.id)
            #expect(try transaction.endLeases(at: moment(4)).isEmpty)
            #expect(try transaction.endLeases(at: moment(5)).map(\.jid) == [.romeo])
            #expect(try readers() == 1)
            for second in 1...5 {
                _ = try transaction.upsertItem(
                    second == 5 ? .first : ItemID(rawValue: "\(second)")!,
                    in: node,
                    publisher: "x",
                    payload: nil,
                    at: moment(Double(second))
                )
            }
            #expect(try transaction.itemCount(of: node) == 5)
            #expect(try transaction.keepItems(4, of: node).map(\.rawValue) == ["1"])
            #expect(try transaction.deleteItems(of: node, publishedUntil: moment(3)) == 2)
            #expect(try transaction.itemCount(of: node) == 2)
            #expect(try transaction.deleteItems(of: node) == 2)
            #expect(try transaction.itemCount(of: node) == 0)
        }
    }

    @Test(
        "items are listed by creation or modification, in both directions, and in parts (XEP-0413)"
    )
    func orders() async throws {
        let node = try await store.makeNode()
        try await store.makeNode(.prose)
        try await store.write { transaction in
            for name in [ItemID.first, .second, .third, .first] {
                _ = try transaction.upsertItem(
                    name,
                    in: node,
                    publisher: "x",
                    payload: nil,
                    at: moment()
                )
            }
            func names(_ key: ItemOrdering.Key, _ isDescending: Bool) throws -> [ItemID] {
                let ordering = ItemOrdering(key, isDescending: isDescending)
                let names = try transaction.itemNames(of: node, by: ordering, in: 0..<9)
                for (index, name) in names.enumerated() {
                    #expect(try transaction.place(of: name, in: node, by: ordering) == index)
                }
                let part = try transaction.items(of: node, by: ordering, in: 1..<2)
                #expect(part.map(\.name) == [names[1]])
                return names
            }
            #expect(try names(.creation, false) == [.first, .second, .third])
            #expect(try names(.creation, true) == [.third, .second, .first])
            #expect(try names(.modification, false) == [.second, .third, .first])
            #expect(try names(.modification, true) == [.first, .third, .second])
            let missing = ItemID(rawValue: "none")!
            #expect(try transaction.place(of: missing, in: node, by: .newestFirst) == nil)
        }
    }

    @Test("what each request asks first, whether a lease has ended, reads no other subscription")
    func leasesPlan() async throws {
        let plan = try await store.read { transaction in
            try transaction.rows("EXPLAIN QUERY PLAN " + Transaction.endedLeases, [0]) {
                $0["detail"] as String
            }
        }
        #expect(plan == ["SEARCH subscription USING INDEX subscriptionExpiry (expiresAt<?)"])
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

    @Test("only those who get what is published count as subscribers (§5.4)")
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
