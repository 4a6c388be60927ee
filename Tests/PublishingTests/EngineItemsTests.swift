import Engine
import Foundation
import PubSubWire
import Storage
import Synchronization
import Testing
import XML
import XMPP

@testable import Publishing

@Suite("What only an engine has comes home and keeps nothing back, and nothing is lost")
struct EngineItemsTests {
    private let house: MovingPress

    init() async throws {
        house = try await MovingPress()
    }

    /// So many issues, as long ago as there are numbers.
    private func issues(_ count: Int) -> [String] {
        (0..<count).map { "19\($0 / 12 + 10)-\($0 % 12 + 10)-dispatch" }
    }

    /// Has so many issues published, and the readers moved to the engine.
    private func moveThere(_ count: Int) async throws -> [String] {
        let issues = issues(count)
        try await house.publish(issues)
        try await house.start(isLeavingHome: true)
        try await house.runUntilMoved()
        return issues
    }

    /// Lets the engine give too much wherever it is not asked for a single item.
    private func giveTooMuch() throws {
        let (node, large) = (
            house.node.rawValue,
            StanzaError.oversizedAnswer(1_234_567, at: try JID(Press.domain))
        )
        house.engine.treat { request in
            let isOne = request.askedItem != nil
            let node = node == request.payload?.child("items")?["node"]
            return request.asksForItems && !isOne && node ? .refused(large) : .answered
        }
    }

    private var askedItems: [String] { house.engine.asked.compactMap(\.askedItem) }

    private var isAskedForNames: Int {
        house.engine.asked.count {
            $0.payload?.isNamed("query", in: .discoItems) == true
                && $0.payload?["node"] == house.node.rawValue
        }
    }

    // MARK: - Asking

    @Test("of items that come one by one those that are here are not asked for")
    func onlyMissing() async throws {
        let issues = try await moveThere(5)
        try await house.press.store.write { [house] transaction in
            guard let record = try transaction.node(named: house.node) else { return }
            for issue in issues[1...2] {
                guard let item = ItemID(rawValue: issue) else { continue }
                _ = try transaction.deleteItem(item, of: record.id)
            }
        }
        try giveTooMuch()
        let before = askedItems.count
        try await house.start(isLeavingHome: false)
        try await house.runUntilMoved()
        #expect(try await house.move()?.reason == nil)
        #expect(askedItems.dropFirst(before).sorted() == Array(issues[1...2]))
        #expect(try await house.textsHere().count == 5)
    }

    @Test("what is published goes there before all items are here", arguments: [true, false])
    func publishedMeanwhile(oneByOne: Bool) async throws {
        let issues = try await moveThere(130)
        try await house.forgetItems()
        if oneByOne { try giveTooMuch() }
        let before = house.engine.asked.count
        let (begun, new) = (Once(), "2026-04-05-dispatch")
        try await house.start(isLeavingHome: false)
        try await house.run { [house] request in
            let isItem = request.asksForItems && (request.askedItem != nil) == oneByOne
            guard isItem, begun.isFirst() else { return nil }
            try await house.publish([new])
            return nil
        } until: {
            try await house.move()?.phase == .moved
        }
        let asked = house.engine.asked.dropFirst(before)
        let published = asked.firstIndex(where: \.isAboutItems)
        let last = asked.lastIndex { request in
            guard !oneByOne else { return issues.contains(request.askedItem ?? "") }
            let node = request.payload?.child("items")?["node"]
            return request.asksForItems && request.askedItem == nil && node == house.node.rawValue
        }
        #expect(try #require(published) < #require(last))
        #expect(try await house.move()?.reason == nil)
        #expect(try await house.textsHere().count == 131)
    }

    @Test("after an item that can't be had in time it goes on where it was")
    func goesOn() async throws {
        let issues = try await moveThere(45)
        try await house.forgetItems()
        try giveTooMuch()
        let (before, names) = (askedItems.count, isAskedForNames)
        let lost = Once()
        try await house.start(isLeavingHome: false)
        try await house.run { request in
            guard request.askedItem == issues[7], lost.isFirst() else { return nil }
            throw ForeignService.NoAnswer()
        } until: {
            try await house.move()?.phase == .moved
        }
        #expect(lost.hasHappened)
        #expect(try await house.move()?.reason == nil)
        #expect(askedItems.count - before == 45)
        #expect(isAskedForNames - names == 1)
        #expect(try await house.textsHere().count == 45)
    }

    // MARK: - Deleting

    /// What an engine gives of a node with three items, all of which are here but for the first.
    private func leave(
        _ answer: @escaping @Sendable (IQ, [String]) -> IQ?
    ) async throws -> (reason: String?, deletions: Int) {
        let issues = try await moveThere(3)
        try await house.press.store.write { [house] transaction in
            guard let record = try transaction.node(named: house.node),
                let first = ItemID(rawValue: issues[0])
            else { return }
            _ = try transaction.deleteItem(first, of: record.id)
        }
        try await house.leave()
        try await house.run(isLeaving: true) { [house] request in
            let node = request.payload?["node"] ?? request.payload?.child("items")?["node"]
            return node == house.node.rawValue ? answer(request, issues) : nil
        } until: {
            let move = try await house.move()
            return move == nil || move?.phase == .moved
        }
        return (
            try await house.move()?.reason, house.engine.asked.count(where: \.deletesNode)
        )
    }

    private static func items(_ issues: ArraySlice<String>, of node: NodeID, count: Int?) -> Element
    {
        let items = issues.map { issue in
            PubSubItem(id: ItemID(rawValue: issue), payload: Element("entry", in: "x"))
        }
        let page = count.map {
            ResultSetPage(first: issues.first, last: issues.last, count: $0)
        }
        return ItemsReply(node: node, items: items, page: page).element
    }

    @Test("a node stays whose items come one by one, named without saying how many")
    func namesWithoutCount() async throws {
        let (us, service) = (try JID(Press.domain), house.service)
        let outcome = try await leave { request, issues in
            if request.payload?.isNamed("query", in: .discoItems) == true {
                let entries = issues[1...].map { DiscoItems.Entry(jid: service, name: $0) }
                return request.reply(with: DiscoItems(entries: entries).element)
            }
            guard request.asksForItems, request.askedItem == nil else { return nil }
            return request.reply(error: .oversizedAnswer(1_234_567, at: us))
        }
        #expect(outcome.deletions == 0)
        #expect(
            outcome.reason
                == "The items of 'dispatch-en' there come one by one, and the service does not say how "
                + "many they are, so its nodes stay. Raise 'component.maximum_stanza_size' until they come "
                + "in one answer, restart Broadsheet, and give the command again; or compare them, and "
                + "give it with --abandon."
        )
    }

    @Test("a node stays whose service says that it has more than it gives")
    func lessThanCounted() async throws {
        let node = house.node
        let outcome = try await leave { request, issues in
            guard request.asksForItems else { return nil }
            return request.reply(with: Self.items(issues[1...], of: node, count: 3))
        }
        #expect(outcome.deletions == 0)
        #expect(
            outcome.reason
                == "The service counts or names more items of 'dispatch-en' than it gives. Those it gave "
                + "are here now: compare them, and give the command again. As long as that is so, its "
                + "nodes stay there; --abandon leaves them alone."
        )
    }

    @Test("a node goes whose service gives all in one answer, as Prosody does, if it is here")
    func noPages() async throws {
        let node = house.node
        let outcome = try await leave { request, issues in
            guard request.asksForItems else { return nil }
            return request.reply(with: Self.items(issues[1...], of: node, count: nil))
        }
        #expect(outcome.deletions == 3)
        #expect(outcome.reason == nil)
    }

    @Test("a node goes whose service counts what it names, if all of it is here")
    func namesWithCount() async throws {
        let us = try JID(Press.domain)
        let outcome = try await leave { request, _ in
            guard request.asksForItems, request.askedItem == nil else { return nil }
            return request.reply(error: .oversizedAnswer(1_234_567, at: us))
        }
        #expect(outcome.deletions == 3)
        #expect(outcome.reason == nil)
        #expect(try await house.textsHere().count == 3)
    }
}
