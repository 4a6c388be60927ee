import Engine
import Foundation
import PubSub
import PubSubWire
import Storage
import Synchronization
import Testing
import XML
import XMPP

@testable import Publishing

@Suite("Readers go to an engine and come back, and are in one list all the time")
struct EngineReadersTests {
    private let press: Press
    private let engine: ForeignService

    init() async throws {
        press = try await Press(engine: ForeignService.address)
        engine = try ForeignService(addsReaders: true)
    }

    private var node: NodeID { press.newsletter.defaultFeed.node }
    private static let juliet = "juliet@capulet.example"
    private static let romeo = "romeo@montague.example"

    private func subscribe(_ reader: String, _ choice: DeliveryChoice = DeliveryChoice())
        async throws
    {
        let (service, node, jid) = (press.service, node, try JID(reader))
        try await press.store.write {
            _ = try service.subscribe(jid, to: node, choice: choice, in: $0)
        }
    }

    private func subscribeThere(_ reader: String) async throws {
        let (service, node, jid) = (engine.service, node, try JID(reader))
        try await engine.store.write { _ = try service.subscribe(jid, to: node, in: $0) }
    }

    private func readers(in store: Store) async throws -> [String] {
        let node = node
        return try await store.read { transaction in
            guard let record = try transaction.node(named: node) else { return [] }
            return try transaction.subscriptions(to: record.id).map(\.jid.description).sorted()
        }
    }

    private func here() async throws -> [String] { try await readers(in: press.store) }
    private func there() async throws -> [String] { try await readers(in: engine.store) }

    private func start(isLeavingHome: Bool) async throws {
        let name = press.newsletter.name
        try await press.store.write {
            try $0.startEngineMove(
                of: name,
                at: try JID(ForeignService.address),
                isLeavingHome: isLeavingHome
            )
        }
    }

    private func move() async throws -> EngineMove? {
        let name = press.newsletter.name
        return try await press.store.read { try $0.engineMove(of: name) }
    }

    /// Lets a courier work until something is so, and gives what it told.
    @discardableResult
    private func run(
        leaving former: String? = nil,
        until isSo: () async throws -> Bool
    ) async throws -> [EngineNews] {
        let told = Mutex<[EngineNews]>([])
        var newsletter = press.newsletter
        if former != nil { newsletter.engine = nil }
        var settings = EngineSettings()
        settings.grace = .milliseconds(1)
        settings.retryDelay = .milliseconds(1)
        settings.retryLimit = .milliseconds(2)
        let courier = try #require(
            EngineCourier(
                of: newsletter,
                leaving: try former.map { try JID($0) },
                pubsub: press.service,
                store: press.store,
                settings: settings,
                report: { news in told.withLock { $0.append(news) } }
            )
        )
        let engine = engine
        let running = Task { await courier.run { try await engine.ask($0) } }
        let end = ContinuousClock.now + .seconds(180)
        while try await !isSo() {
            guard ContinuousClock.now < end else {
                Issue.record("It has not become so.")
                break
            }
            await courier.wake()
            try await Task.sleep(for: .milliseconds(5))
        }
        running.cancel()
        await running.value
        return told.withLock { $0 }
    }

    /// Of how many readers the engine was asked.
    private var askedReaders: Int { engine.asked.count { $0.isAboutReaders } }

    private func refusedReaders() async throws -> Int {
        let name = press.newsletter.name
        return try await press.store.read { try $0.engineMoveCounts(of: name).refused }
    }

    private func runUntilMoved() async throws {
        try await run { try await move()?.phase == .moved }
    }

    private func publish(_ issue: String) async throws {
        try await press.publisher.publish([press.edition(of: issue)], of: press.newsletter)
        _ = try await press.deliver()
    }

    private func isAsked(_ reader: String) async throws -> EngineReader? {
        let jid = try JID(reader)
        return try await press.store.read { try $0.engineReaders(of: jid).first }
    }

    private func ask(_ reader: String, isSubscribed: Bool) async throws {
        let (node, name, jid) = (node, press.newsletter.name, try JID(reader))
        try await press.store.write { transaction in
            let record = try transaction.node(named: node)
            let local = try record.flatMap { try transaction.subscription(of: jid, to: $0.id) }
            try transaction.addEngineReader(
                EngineReaderWish(
                    newsletter: name,
                    service: try JID(ForeignService.address),
                    node: node,
                    reader: jid,
                    isSubscribed: isSubscribed,
                    local: isSubscribed ? local?.id : nil
                ),
                at: .monday
            )
        }
    }

    // MARK: - One reader

    @Test("who asks to be subscribed there is, and here no more")
    func goes() async throws {
        try await subscribe(Self.juliet, DeliveryChoice(form: .chat))
        try await ask(Self.juliet, isSubscribed: true)
        try await run { try await isAsked(Self.juliet) == nil }
        #expect(try await here() == [])
        #expect(try await there() == [Self.juliet])
        try await ask(Self.juliet, isSubscribed: false)
        try await run { try await isAsked(Self.juliet) == nil }
        #expect(try await there() == [])
    }

    @Test("to end what is not there is done already")
    func nothingToEnd() async throws {
        try await ask(Self.juliet, isSubscribed: false)
        try await run { try await isAsked(Self.juliet) == nil }
        #expect(try await there() == [])
    }

    @Test("whom the engine does not take stays here, and nothing waits for them")
    func refused() async throws {
        engine.treat { $0.isAboutReaders ? .refused(StanzaError(.forbidden)) : .answered }
        try await subscribe(Self.juliet, DeliveryChoice(form: .chat))
        try await ask(Self.juliet, isSubscribed: true)
        try await publish("2026-04-05-dispatch")
        try await run {
            try await isAsked(Self.juliet)?.state == .refused && !engine.changes.isEmpty
        }
        #expect(try await here() == [Self.juliet])
        #expect(try await there() == [])
    }

    @Test("one whom it has trouble with all the time keeps back nothing for long")
    func trouble() async throws {
        engine.treat {
            $0.isAboutReaders
                ? .refused(StanzaError(.internalServerError, type: .wait)) : .answered
        }
        try await subscribe(Self.juliet, DeliveryChoice(form: .chat))
        try await ask(Self.juliet, isSubscribed: true)
        try await publish("2026-04-05-dispatch")
        try await run {
            try await isAsked(Self.juliet)?.state == .refused && !engine.changes.isEmpty
        }
        #expect(try await here() == [Self.juliet])
    }

    @Test("while the engine is away everybody waits, and nobody is given up")
    func engineAway() async throws {
        try await subscribe(Self.juliet, DeliveryChoice(form: .chat))
        try await ask(Self.juliet, isSubscribed: true)
        let asked = Mutex(0)
        engine.treat { _ in
            asked.withLock { $0 += 1 }
            return .refused(StanzaError(.remoteServerNotFound))
        }
        try await run { asked.withLock { $0 } > 12 }
        #expect(try await isAsked(Self.juliet)?.state != .refused)
        engine.treat { _ in .answered }
        try await run { try await isAsked(Self.juliet) == nil }
        #expect(try await there() == [Self.juliet])
    }

    @Test("a lost answer is asked for again, and the reader is there once")
    func answerLost() async throws {
        try await subscribe(Self.juliet, DeliveryChoice(form: .chat))
        try await ask(Self.juliet, isSubscribed: true)
        let number = Mutex(0)
        engine.treat { request in
            guard request.isAboutReaders else { return .answered }
            return number.withLock { number in
                number += 1
                return number == 1 ? .answerLost : .answered
            }
        }
        try await run { try await isAsked(Self.juliet) == nil }
        #expect(try await here() == [])
        #expect(try await there() == [Self.juliet])
    }

    @Test("who leaves here before the engine was asked is not subscribed there")
    func leftBefore() async throws {
        try await subscribe(Self.juliet)
        try await ask(Self.juliet, isSubscribed: true)
        let (service, node, jid) = (press.service, node, try JID(Self.juliet))
        try await press.store.write { _ = try service.unsubscribe(jid, from: node, in: $0) }
        try await run { try await isAsked(Self.juliet) == nil }
        #expect(try await there() == [])
    }

    @Test("nobody goes while an issue is going out to them from here")
    func waitsForDelivery() async throws {
        try await subscribe(Self.juliet)
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        try await ask(Self.juliet, isSubscribed: true)
        let (name, service) = (press.newsletter.name, try JID(ForeignService.address))
        try await run {
            let step = try await press.store.read {
                try $0.nextEngineStep(of: name, at: service)
            }
            return step == nil && !engine.changes.isEmpty
        }
        #expect(try await here() == [Self.juliet])
        #expect(try await there() == [])
        _ = try await press.deliver()
        try await run { try await isAsked(Self.juliet) == nil }
        #expect(try await here() == [])
        #expect(try await there() == [Self.juliet])
    }

    @Test("what is published while the engine answers comes from here, and the move is tried again")
    func publishedMeanwhile() async throws {
        try await subscribe(Self.juliet)
        try await ask(Self.juliet, isSubscribed: true)
        let name = press.newsletter.name
        let (store, service, node) = (press.store, try JID(ForeignService.address), node)
        let began = try await store.write { transaction -> EngineReader? in
            guard case .reader(let reader)? = try transaction.nextEngineStep(of: name, at: service)
            else { return nil }
            return try transaction.beginEngineReader(reader)
        }
        let reader = try #require(began)
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        let isDone = try await store.write { try $0.endEngineReader(reader) }
        #expect(!isDone)
        #expect(try await here() == [Self.juliet])
        try await store.write { try $0.putOffEngineReader(reader) }
        // What was published goes first.
        let step = try await store.read { try $0.nextEngineStep(of: name, at: service) }
        guard case .operation(let operation)? = step else {
            Issue.record("It does not go first.")
            return
        }
        #expect(operation.target.node == node)
    }

    @Test("who has left a wrong engine leaves the right one, and who was on the way there stays")
    func passedOn() async throws {
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        try await subscribeThere(Self.juliet)
        let (node, name) = (node, press.newsletter.name)
        let (wrong, right) = (try JID("pubsub.padua.example"), try JID(ForeignService.address))
        let endings = try await press.store.write { transaction in
            for (reader, isSubscribed) in [(Self.juliet, false), (Self.romeo, true)] {
                let wish = EngineReaderWish(
                    newsletter: name,
                    service: wrong,
                    node: node,
                    reader: try JID(reader),
                    isSubscribed: isSubscribed,
                    local: nil
                )
                try transaction.addEngineReader(wish, at: .monday)
            }
            return try transaction.passOnEngineWork(of: name, from: wrong, to: right, at: .monday)
                .endings
        }
        #expect(endings == 1)
        #expect(try await isAsked(Self.romeo) == nil)
        try await run { try await isAsked(Self.juliet) == nil }
        #expect(try await there() == [])
    }

    // MARK: - Leaving

    private func leave(_ reader: String) async throws {
        let (node, name, jid) = (node, press.newsletter.name, try JID(reader))
        try await press.store.write { transaction in
            let wish = EngineReaderWish(
                newsletter: name,
                service: try JID(ForeignService.address),
                node: node,
                reader: jid,
                isSubscribed: false,
                turn: .afterItems(isToldOf: true)
            )
            try transaction.addEngineReader(wish, at: .monday)
        }
    }

    /// What of the readers and items the engine was asked to change, in order.
    private var changes: [String] {
        engine.asked.compactMap { request in
            if request.isAboutItems { return "item" }
            let change = request.payload?.child("subscriptions")?.child("subscription")
            guard request.isAboutReaders, let change else { return nil }
            return "\(change["subscription"] ?? "") \(change["jid"] ?? "")"
        }
    }

    @Test("what is published does not wait for who leaves, but for who has it from here instead")
    func leavesAfterItems() async throws {
        try await leave(Self.juliet)
        try await ask(Self.romeo, isSubscribed: false)
        try await publish("2026-04-05-dispatch")
        try await leave("tybalt@capulet.example")
        try await run { try await isAsked("tybalt@capulet.example") == nil }
        #expect(
            changes == [
                "none \(Self.romeo)", "item", "none \(Self.juliet)",
                "none tybalt@capulet.example",
            ]
        )
    }

    @Test("who leaves while what is published waits for a node over there leaves all the same")
    func leavesPastItems() async throws {
        try await makeStrangersNode()
        try await publish("2026-04-05-dispatch")
        try await leave(Self.juliet)
        try await run { try await isAsked(Self.juliet)?.state == .refused }
        #expect(changes == ["none \(Self.juliet)"])
    }

    @Test("who leaves and comes back before that is done is subscribed, and who leaves last is not")
    func leavesAndReturns() async throws {
        for reader in [Self.juliet, Self.romeo] { try await subscribe(reader) }
        try await leave(Self.juliet)
        try await ask(Self.juliet, isSubscribed: true)
        try await ask(Self.romeo, isSubscribed: true)
        try await leave(Self.romeo)
        try await run {
            let (juliet, romeo) = (try await isAsked(Self.juliet), try await isAsked(Self.romeo))
            return juliet == nil && romeo == nil
        }
        #expect(try await there() == [Self.juliet])
        #expect(changes == ["subscribed \(Self.juliet)", "none \(Self.romeo)"])
    }

    @Test("what was begun with who leaves is settled first, before what is published")
    func leavingBegun() async throws {
        let (name, service) = (press.newsletter.name, try JID(ForeignService.address))
        try await leave(Self.juliet)
        try await press.store.write { transaction in
            let step = try transaction.nextEngineStep(of: name, at: service)
            guard case .reader(let reader)? = step else { return }
            _ = try transaction.beginEngineReader(reader)
        }
        #expect(try await isAsked(Self.juliet)?.state == .sent)
        try await publish("2026-04-05-dispatch")
        try await run { engine.changes.count == 1 }
        #expect(changes == ["none \(Self.juliet)", "item"])
    }

    // MARK: - All of them

    @Test("all go whom the engine can serve as we did, and come back with their items")
    func thereAndBack() async throws {
        for number in 0..<230 { try await subscribe("reader\(number)@montague.example") }
        try await subscribe(Self.juliet, DeliveryChoice(form: .chat))
        try await subscribe(Self.romeo, DeliveryChoice(form: .event, isDelivered: false))
        // That of a single client nobody could end there who leaves with another.
        let client = Self.romeo + "/orchard"
        try await subscribe(client)
        let all = try await here().filter { $0.hasPrefix("reader") }
        try await publish("2026-04-05-dispatch")
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        #expect(try await here() == [Self.juliet, Self.romeo, client])
        #expect(try await there() == all)
        #expect(try await move()?.moved == 230)
        #expect(try await engine.texts(in: node) == ["Two households"])

        try await subscribeThere(Self.juliet)
        try await start(isLeavingHome: false)
        try await runUntilMoved()
        #expect(try await there() == [])
        #expect(try await here() == ([Self.juliet] + all + [Self.romeo, client]).sorted())
        #expect(try await move()?.moved == 231)
        // What she had here stays as it was.
        let (node, juliet) = (node, try JID(Self.juliet))
        let form = try await press.store.read { transaction in
            try transaction.node(named: node).flatMap {
                try transaction.subscription(of: juliet, to: $0.id)?.choice.form
            }
        }
        #expect(form == .chat)
    }

    @Test("while the engine is away, a move tells why it does not go on, and since when")
    func moveWithoutEngine() async throws {
        try await subscribe(Self.juliet)
        try await start(isLeavingHome: true)
        engine.treat { _ in .refused(StanzaError(.remoteServerNotFound)) }
        try await run { try await move()?.obstacle != nil }
        let since = try #require(try await move()?.obstacleSince)
        #expect(try await move()?.obstacle == "It answers remote-server-not-found.")
        // It stays that old, in the next process too.
        let asked = Mutex(0)
        engine.treat { _ in
            asked.withLock { $0 += 1 }
            return .refused(StanzaError(.remoteServerTimeout))
        }
        try await run { asked.withLock { $0 } > 5 }
        #expect(try await move()?.obstacle == "It answers remote-server-timeout.")
        #expect(try await move()?.obstacleSince == since)
        engine.treat { _ in .answered }
        try await runUntilMoved()
        #expect(try await move()?.obstacle == nil)
        #expect(try await move()?.obstacleSince == nil)
        #expect(try await move()?.reason == nil)
        #expect(try await there() == [Self.juliet])
    }

    @Test("a move that goes on again says no more that it does not, before it is at its end")
    func moveResumed() async throws {
        try await subscribe(Self.juliet)
        try await start(isLeavingHome: true)
        engine.treat { _ in .refused(StanzaError(.remoteServerNotFound)) }
        try await run { try await move()?.obstacle != nil }
        // She waits for what goes out from here, and nothing is wrong any more.
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        engine.treat { _ in .answered }
        try await run { try await move()?.obstacle == nil }
        #expect(try await move()?.phase == .moving)
    }

    @Test("an operator's word has what is held tried at once", .timeLimit(.minutes(5)))
    func urged() async throws {
        try await subscribe(Self.juliet)
        try await start(isLeavingHome: true)
        engine.treat { _ in .refused(StanzaError(.remoteServerNotFound)) }
        var settings = EngineSettings()
        settings.retryDelay = .seconds(86_400)
        settings.retryLimit = .seconds(86_400)
        let made = EngineCourier(
            of: press.newsletter,
            pubsub: press.service,
            store: press.store,
            settings: settings
        )
        let courier = try #require(made)
        let running = Task { [engine] in await courier.run { try await engine.ask($0) } }
        while try await move()?.obstacle == nil { try await Task.sleep(for: .milliseconds(5)) }
        engine.treat { _ in .answered }
        while try await move()?.phase != .moved {
            await courier.urge()
            try await Task.sleep(for: .milliseconds(5))
        }
        running.cancel()
        await running.value
    }

    @Test(
        "items that can't be had end the move with the reason, and keep nothing back",
        arguments: [StanzaError?.none, StanzaError(.forbidden)]
    )
    func itemsOutOfReach(refusal: StanzaError?) async throws {
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        try await start(isLeavingHome: false)
        engine.treat { request in
            guard request.type == .get, request.payload?.child("items") != nil else {
                return .answered
            }
            return refusal.map { .refused($0) } ?? .pretended
        }
        try await runUntilMoved()
        let reason = try #require(try await move()?.reason)
        #expect(reason.contains(refusal == nil ? "no list of items" : "forbidden"))
    }

    @Test(
        "an engine that lets us subscribe nobody is not asked for each reader, and they stay",
        arguments: [
            (StanzaError.Condition.forbidden, 5), (.notAllowed, 5), (.featureNotImplemented, 1),
        ]
    )
    func turnedAway(condition: StanzaError.Condition, asked: Int) async throws {
        for number in 0..<230 { try await subscribe("reader\(number)@montague.example") }
        let all = try await here()
        let refusal = StanzaError(condition)
        engine.treat { $0.isAboutReaders ? .refused(refusal) : .answered }
        try await start(isLeavingHome: true)
        let told = try await run { try await move()?.phase == .moved }
        #expect(askedReaders == asked)
        #expect(try await refusedReaders() == asked)
        #expect(try await here() == all)
        let staying = told.compactMap { news -> Int? in
            if case .turnedAway(node, _, let staying) = news { staying } else { nil }
        }
        #expect(staying == [230])
        // Who gives the command again wants it tried again.
        engine.treat { _ in .answered }
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        #expect(try await here() == [])
        #expect(try await there() == all)
    }

    @Test("an engine that takes some is asked for each; what is wrong at one node is no other's")
    func someTaken() async throws {
        for number in 0..<20 { try await subscribe("reader\(number)@montague.example") }
        let german = try #require(press.newsletter.feed(for: "de")).node
        let (service, juliet) = (press.service, try JID(Self.juliet))
        try await press.store.write { _ = try service.subscribe(juliet, to: german, in: $0) }
        let (node, forbidden) = (node, StanzaError(.forbidden))
        engine.treat { request in
            let list = request.payload?.child("subscriptions")
            guard request.isAboutReaders, list?["node"] == node.rawValue else { return .answered }
            let isFirst = list?.child("subscription")?["jid"]?.hasPrefix("reader0@") == true
            return isFirst ? .answered : .refused(forbidden)
        }
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        #expect(askedReaders == 21)
        #expect(try await refusedReaders() == 19)
        #expect(try await there() == ["reader0@montague.example"])
        // Again: this time nobody is taken at the one.
        let before = askedReaders
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        #expect(askedReaders - before == 5)
        let others = try await press.store.read { transaction in
            try transaction.node(named: german).map { try transaction.subscriptionCount(of: $0.id) }
        }
        #expect(others == 0)
    }

    @Test("whom the engine turned away before is not held against others when it is wanted again")
    func turnedAwayBefore() async throws {
        for number in 0..<4 { try await subscribe("reader\(number)@montague.example") }
        let (service, forbidden) = (try JID(ForeignService.address), StanzaError(.forbidden))
        engine.treat { $0.isAboutReaders ? .refused(forbidden) : .answered }
        let courier = try #require(
            EngineCourier(of: press.newsletter, pubsub: press.service, store: press.store)
        )
        let running = Task { [engine] in await courier.run { try await engine.ask($0) } }
        defer { running.cancel() }
        /// As an operator does, in the same process.
        func move() async throws {
            try await press.store.write { [press] in
                try $0.startEngineMove(of: press.newsletter.name, at: service, isLeavingHome: true)
            }
            await courier.urge()
            let end = ContinuousClock.now + .seconds(180)
            while try await self.move()?.phase != .moved, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        try await move()
        #expect(try await refusedReaders() == 4)
        // One of them it still does not take.
        engine.treat { request in
            let reader = request.payload?.child("subscriptions")?.child("subscription")?["jid"]
            let isFirst = reader == "reader0@montague.example"
            return request.isAboutReaders && isFirst ? .refused(forbidden) : .answered
        }
        try await move()
        #expect(try await here() == ["reader0@montague.example"])
        #expect(try await there().count == 3)
    }

    @Test("what goes out from here before readers can move can be told, first what is held")
    func deliveryBefore() async throws {
        try await subscribe(Self.juliet)
        try await start(isLeavingHome: true)
        func before() async throws -> FanOutRecord? {
            let move = try #require(try await move())
            return try await press.store.read { try $0.fanOutBefore(move) }
        }
        #expect(try await before() == nil)
        for issue in ["2026-04-05-dispatch", "2026-05-05-dispatch"] {
            let edition = try press.edition(of: issue, text: issue)
            try await press.publisher.publish([edition], of: press.newsletter)
        }
        // Nobody has been asked to move.
        #expect(try await before() == nil)
        try await run { try await isAsked(Self.juliet) != nil }
        #expect(try await before()?.item.rawValue == "2026-04-05-dispatch")
        try await press.store.write { transaction in
            for fanOut in try transaction.unfinishedFanOuts()
            where fanOut.item.rawValue == "2026-05-05-dispatch" {
                _ = try transaction.holdFanOut(fanOut.id)
            }
        }
        #expect(try await before()?.item.rawValue == "2026-05-05-dispatch")
        #expect(try await before()?.state == .held)
    }

    private func makeStrangersNode() async throws {
        let (node, stranger) = (node, try JID("tybalt@mantua.example"))
        try await engine.store.write { transaction in
            let new = NewNode(
                name: node,
                creator: stranger,
                configuration: NodeConfiguration(title: "Mantua"),
                createdAt: .monday
            )
            guard let record = try transaction.createNode(new) else { return }
            try transaction.setAffiliation(.owner, of: stranger, with: record.id)
        }
    }

    private func choose(_ choice: DeliveryChoice, for reader: String) async throws {
        let (service, node, jid) = (press.service, node, try JID(reader))
        try await press.store.write { try service.choose(choice, for: jid, at: node, in: $0) }
    }

    private func choice(of reader: String) async throws -> DeliveryChoice? {
        let (node, jid) = (node, try JID(reader))
        return try await press.store.read { transaction in
            let record = try transaction.node(named: node)
            return try record.flatMap { try transaction.subscription(of: jid, to: $0.id)?.choice }
        }
    }

    @Test(
        "who chooses something here while they wait to move stays, with what they chose",
        arguments: [
            DeliveryChoice(form: .event, isDelivered: false), DeliveryChoice(form: .chat),
        ]
    )
    func chosenMeanwhile(choice: DeliveryChoice) async throws {
        for reader in [Self.juliet, Self.romeo] { try await subscribe(reader) }
        try await start(isLeavingHome: true)
        // They wait for what goes out from here.
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        try await run { try await isAsked(Self.juliet) != nil }
        try await choose(choice, for: Self.juliet)
        _ = try await press.deliver()
        try await runUntilMoved()
        #expect(try await here() == [Self.juliet])
        #expect(try await self.choice(of: Self.juliet) == choice)
        #expect(try await there() == [Self.romeo])
        #expect(try await move()?.moved == 1)
    }

    @Test("who chooses something here while the engine answers is not there any more, and stays")
    func chosenWhileAnswering() async throws {
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        try await subscribe(Self.juliet)
        try await start(isLeavingHome: true)
        let (name, service) = (press.newsletter.name, try JID(ForeignService.address))
        let (store, node) = (press.store, node)
        let reader = try await store.write { transaction -> EngineReader? in
            guard let move = try transaction.engineMove(of: name) else { return nil }
            _ = try transaction.sendReaders(of: move, from: [node], limit: 9, at: .monday)
            guard case .reader(let reader)? = try transaction.nextEngineStep(of: name, at: service)
            else { return nil }
            return try transaction.beginEngineReader(reader)
        }
        let begun = try #require(reader)
        try await subscribeThere(Self.juliet)
        let choice = DeliveryChoice(form: .event, isDelivered: false)
        try await choose(choice, for: Self.juliet)
        try await run { try await isAsked(Self.juliet) == nil }
        #expect(begun.wish.isMove)
        #expect(try await here() == [Self.juliet])
        #expect(try await self.choice(of: Self.juliet) == choice)
        #expect(try await there() == [])
    }

    @Test("a node that is somebody else's is asked for nobody")
    func strangersNode() async throws {
        for number in 0..<9 { try await subscribe("reader\(number)@montague.example") }
        try await makeStrangersNode()
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        #expect(askedReaders == 0)
        #expect(try await refusedReaders() == 1)
        #expect(try await here().count == 9)
    }

    @Test("a move that is interrupted at any request goes on where it was", arguments: 1..<9)
    func interrupted(after last: Int) async throws {
        for number in 0..<4 { try await subscribe("reader\(number)@montague.example") }
        let all = try await here()
        for isLeavingHome in [true, false] {
            try await start(isLeavingHome: isLeavingHome)
            let number = Mutex(0)
            engine.treat { request in
                guard request.isAboutReaders else { return .answered }
                return number.withLock { number in
                    number += 1
                    return number == last ? .answerLost : number > last ? .lost : .answered
                }
            }
            // The program ends in the middle, and another begins.
            try await run {
                let phase = try await move()?.phase
                return number.withLock { $0 } > last || phase == .moved
            }
            engine.treat { _ in .answered }
            try await runUntilMoved()
            #expect(try await here() == (isLeavingHome ? [] : all))
            #expect(try await there() == (isLeavingHome ? all : []))
        }
    }

    /// Lets these begin to come home, as a courier does, and gives the move.
    private func bring(_ readers: [String]) async throws {
        try await start(isLeavingHome: false)
        let (node, name) = (node, press.newsletter.name)
        let jids = try readers.map { try JID($0) }
        try await press.store.write { transaction in
            guard let record = try transaction.node(named: node),
                let move = try transaction.engineMove(of: name)
            else { return }
            _ = try transaction.bringReaders(jids, of: move, to: record, at: .monday)
        }
    }

    @Test("who was coming home when they are sent back leaves there first, and is in one list")
    func turnedRound() async throws {
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        for reader in [Self.juliet, Self.romeo] { try await subscribeThere(reader) }
        try await bring([Self.juliet, Self.romeo])
        try await publish("2026-04-05-dispatch")
        try await start(isLeavingHome: true)
        let forbidden = StanzaError(.forbidden)
        engine.treat { request in
            let changes = request.payload?.child("subscriptions")?.child("subscription")
            let isOffered =
                changes?["jid"] == Self.romeo && changes?["subscription"] == "subscribed"
            return isOffered ? .refused(forbidden) : .answered
        }
        try await runUntilMoved()
        #expect(try await here() == [Self.romeo])
        #expect(try await there() == [Self.juliet])
        // What was published meanwhile came to both from here.
        let changes = engine.asked.compactMap { request -> String? in
            let change = request.payload?.child("subscriptions")?.child("subscription")
            return change?["subscription"] ?? (request.isAboutItems ? "item" : nil)
        }
        #expect(changes == ["none", "none", "item", "subscribed", "subscribed"])
        #expect(try await move()?.moved == 1)
    }

    @Test("whom the engine may have let go, though it said not, leaves there when turned round")
    func turnedRoundInDoubt() async throws {
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        try await subscribeThere(Self.romeo)
        let (doubtful, forbidden) = (StanzaError(.undefinedCondition), StanzaError(.forbidden))
        engine.treat { $0.isAboutReaders ? .refused(doubtful) : .answered }
        try await start(isLeavingHome: false)
        try await runUntilMoved()
        #expect(try await here() == [Self.romeo])
        // He is not taken again there, so that he has to be in the list here alone.
        engine.treat { request in
            let change = request.payload?.child("subscriptions")?.child("subscription")
            return change?["subscription"] == "subscribed" ? .refused(forbidden) : .answered
        }
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        #expect(try await here() == [Self.romeo])
        #expect(try await there() == [])
    }

    @Test("a correction of what was refused comes to who leaves from here, and not from there too")
    func correctedMeanwhile() async throws {
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        try await subscribeThere(Self.juliet)
        let large = StanzaError(.notAcceptable)
        engine.treat { $0.isAboutItems ? .refused(large) : .answered }
        try await publish("2026-04-05-dispatch")
        let (name, service) = (press.newsletter.name, try JID(ForeignService.address))
        try await run {
            try await press.store.read { try $0.engineBacklogs().first?.refused } == 1
        }
        try await bring([Self.juliet])
        let edition = try press.edition(of: "2026-04-05-dispatch", text: "Shorter")
        _ = try await press.publisher.correct([edition], of: press.newsletter)
        let step = try await press.store.read { try $0.nextEngineStep(of: name, at: service) }
        guard case .reader = step else {
            Issue.record("The correction goes first: \(String(describing: step))")
            return
        }
        #expect(try await press.store.read { try $0.engineBacklogs().first?.refused } == 0)
    }

    @Test("the engine is left when nobody is there any more: its nodes point to ours")
    func leaves() async throws {
        try await subscribe(Self.juliet)
        try await start(isLeavingHome: true)
        try await publish("2026-04-05-dispatch")
        try await runUntilMoved()
        try await start(isLeavingHome: false)
        try await runUntilMoved()
        try await subscribeThere(Self.romeo)
        let name = press.newsletter.name
        try await press.store.write { try $0.setEngineMove(of: name, to: .leaving) }
        try await run(leaving: ForeignService.address) { try await move() == nil }
        #expect(try await here() == [Self.juliet, Self.romeo])
        let node = node
        let (isThere, redirect) = try await engine.store.read {
            (try $0.node(named: node) != nil, try $0.redirect(from: node))
        }
        #expect(!isThere)
        #expect(redirect == "xmpp:news.verona.example?;node=\(node)")
        #expect(try await press.items(in: "en").count == 1)
    }

    @Test("whom an engine may have let go, though it says that it has not, is served from here")
    func inDoubt() async throws {
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        try await subscribeThere(Self.romeo)
        let refusal = StanzaError(.undefinedCondition)
        engine.treat { $0.isAboutReaders ? .refused(refusal) : .answered }
        try await start(isLeavingHome: false)
        try await runUntilMoved()
        #expect(try await here() == [Self.romeo])
    }

    @Test("an engine that lets somebody not go keeps its nodes")
    func staysThere() async throws {
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        try await subscribeThere(Self.romeo)
        try await start(isLeavingHome: false)
        let name = press.newsletter.name
        try await press.store.write { try $0.setEngineMove(of: name, to: .leaving) }
        engine.treat { $0.isAboutReaders ? .pretended : .answered }
        try await run(leaving: ForeignService.address) { try await move()?.phase == .moved }
        #expect(try await move()?.reason?.hasPrefix("There are readers") == true)
        #expect(try await there() == [Self.romeo])
        #expect(try await here() == [Self.romeo])
    }

    /// In place of an answer of so many bytes.
    private var oversized: StanzaError {
        get throws { StanzaError.oversizedAnswer(1_234_567, at: try JID(Press.domain)) }
    }

    @Test("readers who do not fit into one stanza end the move, and it is said what to do")
    func tooManyReaders() async throws {
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        try await subscribeThere(Self.romeo)
        let oversized = try oversized
        engine.treat { $0.asksForReaders ? .refused(oversized) : .answered }
        for isLeaving in [false, true] {
            try await start(isLeavingHome: false)
            let name = press.newsletter.name
            if isLeaving {
                try await press.store.write { try $0.setEngineMove(of: name, to: .leaving) }
            }
            try await run(leaving: isLeaving ? ForeignService.address : nil) {
                try await move()?.phase == .moved
            }
            #expect(
                try await move()?.reason
                    == "Who reads 'dispatch-en' there can't be had, since they come in one stanza. The "
                    + "answer has 1234567 bytes, more than 'component.maximum_stanza_size' lets in. Raise "
                    + "it above that, restart Broadsheet, and give the command again."
            )
        }
        #expect(try await there() == [Self.romeo])
        engine.treat { _ in .answered }
        try await start(isLeavingHome: false)
        try await runUntilMoved()
        #expect(try await move()?.reason == nil)
        #expect(try await here() == [Self.romeo])
    }

    @Test("items that do not fit into one stanza come along one by one")
    func largeItems() async throws {
        try await start(isLeavingHome: true)
        for number in 1...3 {
            let edition = try press.edition(of: "2026-04-0\(number)-dispatch", text: "\(number)")
            try await press.publisher.publish([edition], of: press.newsletter)
        }
        try await runUntilMoved()
        try await press.store.write { [node] transaction in
            guard let record = try transaction.node(named: node) else { return }
            _ = try transaction.deleteItems(of: record.id)
        }
        let (node, oversized) = (node.rawValue, try oversized)
        engine.treat { request in
            let list = request.payload?.child("items")
            let isAll = list?["node"] == node && list?.child("item") == nil
            return isAll ? .refused(oversized) : .answered
        }
        try await start(isLeavingHome: false)
        try await runUntilMoved()
        #expect(try await move()?.reason == nil)
        #expect(try await press.items(in: "en").count == 3)
    }

    @Test("what only the engine has comes along, in the order of its dates, and nobody is told")
    func items() async throws {
        try await publish("2026-04-05-dispatch")
        try await start(isLeavingHome: true)
        try await runUntilMoved()
        let (node, name) = (node, try #require(ItemID(rawValue: "older")))
        try await engine.store.write { transaction in
            guard let record = try transaction.node(named: node) else { return }
            _ = try transaction.upsertItem(
                name,
                in: record.id,
                publisher: "",
                payload: Element("entry", in: "http://www.w3.org/2005/Atom") {
                    Element("published") { "1996-01-01T00:00:00Z" }
                    Element("content") { "Prologue" }
                },
                at: .monday
            )
        }
        try await start(isLeavingHome: false)
        try await runUntilMoved()
        let texts = try await press.items(in: "en").map { item in
            try item.payloadElement()?.child("content")?.text
        }
        #expect(texts.reversed() == ["Prologue", "Two households"])
        #expect(try await press.deliver() == [])
    }
}

extension IQ {
    /// Whether it changes somebody's subscription.
    fileprivate var isAboutReaders: Bool {
        type == .set && payload?.child("subscriptions") != nil
    }
}
