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

@Suite("What is published at another service comes there once, and in order")
struct EngineCourierTests {
    private let press: Press
    private let engine: ForeignService

    init() async throws {
        press = try await Press(engine: ForeignService.address)
        engine = try ForeignService()
    }

    private static let april = "2026-04-05-dispatch"
    private static let may = "2026-05-05-dispatch"

    private func publish(_ issue: String = april, text: String = "Two households") async throws {
        try await press.publisher.publish(
            [press.edition(of: issue, text: text)],
            of: press.newsletter
        )
        _ = try await press.deliver()
    }

    private func correct(_ issue: String = april, text: String) async throws {
        _ = try await press.publisher.correct(
            [press.edition(of: issue, text: text)],
            of: press.newsletter
        )
        _ = try await press.deliver()
    }

    private func withdraw(_ issue: String = april) async throws {
        try await withdraw(issue, by: press.publisher, of: press.newsletter)
    }

    private func withdraw(
        _ issue: String,
        by publisher: Publisher,
        of newsletter: Newsletter
    ) async throws {
        _ = try await publisher.retract(
            try #require(ItemID(rawValue: issue)),
            of: newsletter
        ) { title, _ in "\(title) is withdrawn" }
        _ = try await press.deliver()
    }

    private var texts: [String] {
        get async throws {
            try await engine.texts(in: press.newsletter.defaultFeed.node).reversed()
        }
    }

    private var backlog: EngineBacklog? {
        get async throws { try await press.store.read { try $0.engineBacklogs().first } }
    }

    private static var impatient: EngineSettings {
        var settings = EngineSettings()
        settings.grace = .milliseconds(1)
        settings.retryDelay = .milliseconds(1)
        settings.retryLimit = .milliseconds(4)
        return settings
    }

    /// Runs a courier until that is so, and gives what it told.
    @discardableResult
    private func run(
        _ press: Press? = nil,
        of newsletter: Newsletter? = nil,
        waking: Bool = true,
        settings: EngineSettings = Self.impatient,
        note: @escaping EngineCourier.Note = { _, _ in },
        until isSo: (EngineBacklog?, [EngineNews]) async throws -> Bool
    ) async throws -> [EngineNews] {
        let press = press ?? self.press
        let told = Told()
        let made = EngineCourier(
            of: newsletter ?? press.newsletter,
            pubsub: press.service,
            store: press.store,
            settings: settings,
            note: note,
            report: { told.add($0) }
        )
        let courier = try #require(made)
        let running = Task { [engine] in await courier.run { try await engine.ask($0) } }
        while true {
            let backlog = try await press.store.read { try $0.engineBacklogs().first }
            if try await isSo(backlog, told.news) { break }
            if waking { await courier.wake() }
            try await Task.sleep(for: .milliseconds(2))
        }
        running.cancel()
        await running.value
        return told.news
    }

    @discardableResult
    private func runUntilDone() async throws -> [EngineNews] {
        try await run { backlog, _ in backlog == nil }
    }

    @Test("an issue, its correction and its end arrive, under the newsletter's own name")
    func arrives() async throws {
        try await publish()
        let told = try await runUntilDone()
        #expect(told.contains { if case .created = $0 { true } else { false } })
        #expect(try await texts == ["Two households"])
        let node = press.newsletter.defaultFeed.node
        let item = try await engine.store.read { transaction in
            try transaction.node(named: node).map { try transaction.items(of: $0.id) }?.first
        }
        #expect(item?.publisher == "dispatch@news.verona.example")
        let payload = try #require(try item?.payloadElement())
        #expect(try await press.items(in: "en").first?.payloadElement() == payload)
        try await correct(text: "Both alike")
        try await runUntilDone()
        #expect(try await texts == ["Both alike"])
        try await withdraw()
        try await runUntilDone()
        #expect(try await texts == [])
        #expect(
            engine.changes == [
                "publish \(Self.april)", "publish \(Self.april)", "retract \(Self.april)",
            ]
        )
    }

    @Test("its node is open, keeps its items, and has title, language and type as ours has")
    func node() async throws {
        try await runUntilAllNodesAreThere()
        let own = press.newsletter.feeds.map(\.node)
        for node in own {
            let (ours, theirs) = (
                try await press.store.read { try $0.node(named: node)?.configuration },
                try await engine.store.read { try $0.node(named: node)?.configuration }
            )
            #expect(ours == theirs)
        }
    }

    private func runUntilAllNodesAreThere() async throws {
        try await run { _, told in
            told.count { if case .created = $0 { true } else { false } } == 3
        }
    }

    @Test("a node that is there is changed, and keeps its items (§8.2)")
    func takenOver() async throws {
        let (node, contact) = (press.newsletter.defaultFeed.node, press.newsletter.contact)
        try await engine.store.write { transaction in
            var configuration = NodeConfiguration(title: "Old")
            configuration.accessModel = .whitelist
            let new = NewNode(
                name: node,
                creator: contact,
                configuration: configuration,
                createdAt: .monday
            )
            guard let record = try transaction.createNode(new) else { return }
            try transaction.setAffiliation(.owner, of: contact, with: record.id)
            _ = try transaction.upsertItem(
                known(ItemID(rawValue: "old")),
                in: record.id,
                publisher: "",
                payload: Element("entry", in: "x") { Element("content") { "Old" } },
                at: .monday
            )
        }
        try await publish()
        try await runUntilDone()
        #expect(try await texts == ["Old", "Two households"])
        let configuration = try await engine.store.read {
            try $0.node(named: node)?.configuration
        }
        #expect(configuration?.accessModel == .open)
        #expect(configuration?.title == "en")
    }

    @Test("what somebody changes over there meanwhile is set right before the next issue (§7.1.5)")
    func preconditionNotMet() async throws {
        let node = press.newsletter.defaultFeed.node
        let client = EngineClient(engine.service.domain, as: press.newsletter.contact) {
            [engine] in try await engine.ask($0)
        }
        let closed = DataForm(
            .submit,
            formType: "http://jabber.org/protocol/pubsub#node_config",
            fields: [.init("pubsub#access_model", .listSingle, values: ["whitelist"])]
        )
        try await publish()
        var isChanged = false
        // One stream all the time, on which the node was looked at when it began.
        try await run { backlog, _ in
            guard backlog == nil, !isChanged else { return backlog == nil }
            isChanged = true
            try await client.configure(node, closed)
            try await publish(Self.may, text: "Both alike")
            return false
        }
        #expect(try await texts == ["Two households", "Both alike"])
        let form = try await client.configuration(of: node)
        #expect(form?["pubsub#access_model"]?.values == ["open"])
        // The first time it was refused, since the node was not as it should be.
        let may = engine.changes.filter { $0 == "publish \(Self.may)" }
        #expect(may.count == 2)
    }

    @Test("an answer that is lost is no reason to publish again (§12.9)")
    func lostAnswer() async throws {
        engine.treat { $0.isAboutItems ? .answerLost : .answered }
        try await publish()
        try await runUntilDone()
        try await correct(text: "Both alike")
        try await withdraw()
        try await runUntilDone()
        #expect(try await texts == [])
        #expect(engine.changes.filter { $0.hasPrefix("publish") }.count == 1)
    }

    @Test("what did not arrive is sent again when the engine is back")
    func lostRequest() async throws {
        engine.treat { $0.isAboutItems ? .lost : .answered }
        try await publish()
        let engine = engine
        try await run { backlog, _ in
            if engine.changes.count >= 3 { engine.treat { _ in .answered } }
            return backlog == nil
        }
        #expect(try await texts == ["Two households"])
    }

    @Test("nothing is sent again after a crash that the engine has")
    func crash() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "press.sqlite")
        let engine = engine
        // It is carried out, and then nothing comes through any more.
        engine.treat { request in
            request.isAboutItems ? .answerLost : engine.changes.isEmpty ? .answered : .lost
        }
        do {
            let before = try await Press(path: path, engine: ForeignService.address)
            try await before.publisher.publish([press.edition()], of: before.newsletter)
            try await run(before) { backlog, _ in
                !engine.changes.isEmpty && backlog?.waiting == 1
            }
        }
        engine.treat { _ in .answered }
        let after = try await Press(path: path, engine: ForeignService.address)
        try await run(after) { backlog, _ in backlog == nil }
        #expect(engine.changes == ["publish \(Self.april)"])
        #expect(try await texts == ["Two households"])
    }

    @Test("what the rooms are to hear of an item is kept with its end, or neither is")
    func notices() async throws {
        let isFull = Mutex(true)
        try await publish()
        // After the engine has shown the item, the disk is full once.
        try await run(note: { news, transaction in
            guard case .done(let operation) = news else { return }
            try transaction.addNotice("\(operation.target.item)", newsletter: "dispatch")
            if isFull.withLock({ exchange(&$0, for: false) }) { throw ForeignService.NoAnswer() }
        }) { _, _ in
            let (isDone, notices) = try await press.store.read { transaction in
                (try transaction.engineBacklogs().isEmpty, try transaction.notices().map(\.text))
            }
            #expect(notices == (isDone ? [Self.april] : []))
            return isDone
        }
        #expect(!isFull.withLock { $0 })
        #expect(engine.changes == ["publish \(Self.april)"])
    }

    @Test("what was corrected or withdrawn before it could leave never leaves, and the order stays")
    func replaced() async throws {
        try await runUntilAllNodesAreThere()
        try await publish()
        try await publish(Self.may, text: "In May")
        try await correct(text: "Both alike")
        try await publish("2026-06-05-dispatch", text: "In June")
        try await withdraw("2026-06-05-dispatch")
        try await runUntilDone()
        #expect(try await texts == ["Both alike", "In May"])
        #expect(
            engine.changes == [
                "publish \(Self.april)", "publish \(Self.may)", "retract 2026-06-05-dispatch",
            ]
        )
    }

    @Test("what was withdrawn while nobody knew whether it had arrived does not go out later")
    func withdrawnInDoubt() async throws {
        engine.treat { $0.isAboutItems ? .lost : .answered }
        try await publish()
        let engine = engine
        try await run { _, _ in !engine.changes.isEmpty }
        try await withdraw()
        engine.treat { request in
            request.payload?.child("publish") == nil ? .answered : .refused(StanzaError(.forbidden))
        }
        try await runUntilDone()
        #expect(try await texts == [])
    }

    @Test("an item that is never taken keeps no other back, and a correction gets another chance")
    func refused() async throws {
        let tooBig = PubSubErrorCondition.payloadTooBig.stanzaError()
        engine.treat { request in
            let item = request.payload?.child("publish")?.child("item")
            return item?["id"] == Self.april ? .refused(tooBig) : .answered
        }
        try await publish()
        try await publish(Self.may, text: "In May")
        let told = try await run { backlog, _ in backlog?.waiting == 0 && backlog?.refused == 1 }
        #expect(told.contains { if case .refused = $0 { true } else { false } })
        #expect(try await backlog?.reason?.contains("payload-too-big") == true)
        #expect(try await texts == ["In May"])
        engine.treat { _ in .answered }
        try await correct(text: "Shorter")
        try await runUntilDone()
        #expect(try await texts == ["In May", "Shorter"])
    }

    @Test(
        "an item for which our server would end the stream is not sent, and keeps no other back",
        arguments: [false, true]
    )
    func tooLargeToSend(wasSent: Bool) async throws {
        var settings = Self.impatient
        settings.largestStanza = 10_000
        try await runUntilAllNodesAreThere()
        try await publish(text: String(repeating: "o", count: 10_000))
        try await publish(Self.may, text: String(repeating: "o", count: 5_000))
        if wasSent {
            // As an earlier version has left it, whose stream ended with it.
            let service = engine.service.domain
            try await press.store.write { transaction in
                let next = try transaction.nextEngineOperation(of: "dispatch", at: service)
                _ = try transaction.sendEngineOperation(try #require(next))
            }
        }
        let told = try await run(settings: settings) { backlog, _ in
            backlog?.waiting == 0 && backlog?.refused == 1
        }
        #expect(told.contains { if case .refused = $0 { true } else { false } })
        #expect(!told.contains { if case .held = $0 { true } else { false } })
        #expect(try await backlog?.reason?.contains("10000 of 'pubsub.largest_stanza'") == true)
        #expect(engine.changes == ["publish \(Self.may)"])
        try await correct(text: "Shorter")
        try await run(settings: settings) { backlog, _ in backlog == nil }
        #expect(try await texts.last == "Shorter")
    }

    @Test("what is accepted and not there is told of, and not sent again unasked")
    func pretended() async throws {
        engine.treat { $0.isAboutItems ? .pretended : .answered }
        try await publish()
        try await run { backlog, _ in backlog?.refused == 1 }
        #expect(engine.changes == ["publish \(Self.april)"])
        #expect(try await texts == [])
    }

    @Test("what we may not do waits until we may, and the reason is told once")
    func forbidden() async throws {
        engine.treat { $0.isAboutItems ? .refused(StanzaError(.forbidden)) : .answered }
        try await publish()
        let engine = engine
        let told = try await run { backlog, _ in
            if engine.changes.count >= 3 { engine.treat { _ in .answered } }
            return backlog == nil
        }
        #expect(try await texts == ["Two households"])
        #expect(told.count { if case .held = $0 { true } else { false } } == 1)
    }

    @Test(
        "a node that somebody closes over there is opened before the next issue goes out (§7.1.5)"
    )
    func closedNode() async throws {
        try await publish()
        let (node, engine) = (press.newsletter.defaultFeed.node, engine)
        try await run { backlog, _ in
            guard engine.changes.count == 1, backlog == nil else {
                return engine.changes.count > 1 && backlog == nil
            }
            try await engine.store.write { transaction in
                guard var record = try transaction.node(named: node) else { return }
                record.configuration.accessModel = .whitelist
                try transaction.updateNode(record)
            }
            try await publish(Self.may, text: "In May")
            return false
        }
        #expect(try await texts == ["Two households", "In May"])
        let configuration = try await engine.store.read {
            try $0.node(named: node)?.configuration
        }
        #expect(configuration?.accessModel == .open)
    }

    @Test("a node that is deleted over there is there again, with all it had, and the next issue")
    func lostNode() async throws {
        try await publish()
        try await runUntilDone()
        let node = press.newsletter.defaultFeed.node
        try await engine.store.write { transaction in
            guard let record = try transaction.node(named: node) else { return }
            try transaction.deleteNode(record.id, at: .monday)
        }
        try await publish(Self.may, text: "In May")
        try await runUntilDone()
        #expect(try await texts == ["Two households", "In May"])
    }

    @Test("what arrives late, after the connection was lost, is not published twice")
    func late() async throws {
        engine.treat { $0.isAboutItems ? .late : .answered }
        try await publish()
        try await runUntilDone()
        #expect(engine.changes == ["publish \(Self.april)"])
        #expect(try await texts == ["Two households"])
    }

    @Test("who may not make the node, and is given it later, brings only what is new")
    func givenNode() async throws {
        try await publish()
        try await press.store.write { [press] transaction in
            let service = try JID(ForeignService.address)
            try transaction.dropEngineWork(of: press.newsletter.name, at: service)
        }
        let forbidden = StanzaError(.forbidden)
        engine.treat { request in
            request.payload?.child("create") == nil ? .answered : .refused(forbidden)
        }
        try await publish(Self.may, text: "In May")
        let told = try await run { _, told in
            told.contains { if case .held = $0 { true } else { false } }
        }
        #expect(!told.contains { if case .created = $0 { true } else { false } })
        try await makeNode(owner: press.newsletter.contact)
        engine.treat { _ in .answered }
        try await run { _, _ in try await !texts.isEmpty }
        #expect(try await texts == ["In May"])
        #expect(engine.changes == ["publish \(Self.may)"])
    }

    @Test("what was published before there was the node counts as that, though it took two goes")
    func earlier() async throws {
        try await publish()
        try await press.store.write { [press] transaction in
            let service = try JID(ForeignService.address)
            try transaction.dropEngineWork(of: press.newsletter.name, at: service)
            let node = press.newsletter.defaultFeed.node
            for _ in 1...2 {
                guard let record = try transaction.node(named: node) else { continue }
                _ = try transaction.refillEngineNode(
                    record,
                    of: press.newsletter.name,
                    at: service,
                    on: .monday
                )
            }
        }
        let told = try await runUntilDone()
        #expect(
            told.contains { if case .done(let done) = $0 { done.isEarlier } else { false } }
        )
        #expect(
            !told.contains { if case .done(let done) = $0 { !done.isEarlier } else { false } }
        )
    }

    @Test("nothing goes to a node that is somebody else's before it is ours")
    func strangersNode() async throws {
        let stranger = try JID("tybalt@mantua.example")
        try await makeNode(owner: stranger)
        try await publish()
        let told = try await run { backlog, _ in
            backlog?.reason?.contains("is not ours") == true
        }
        #expect(told.contains { if case .notOwned = $0 { true } else { false } })
        #expect(
            told.contains {
                if case .held(let error) = $0 { error.remedy == .setting } else { false }
            }
        )
        let (node, contact, engine) = (
            press.newsletter.defaultFeed.node, press.newsletter.contact, engine
        )
        #expect(engine.changes == [])
        var isGiven = false
        // On the same connection, and unasked.
        try await run(waking: false) { backlog, told in
            if !isGiven, told.contains(where: { if case .held = $0 { true } else { false } }) {
                isGiven = true
                try await engine.store.write { transaction in
                    guard let record = try transaction.node(named: node) else { return }
                    try transaction.setAffiliation(.owner, of: contact, with: record.id)
                }
            }
            return backlog == nil
        }
        #expect(try await texts == ["Two households"])
    }

    @Test("a node that is somebody else's, or forbidden, keeps back nothing but what is for it")
    func otherNodes() async throws {
        try await makeNode(owner: JID("tybalt@mantua.example"))
        let german = try #require(press.newsletter.feed(for: "de")).node
        let other = try #require(
            press.newsletter.allFeeds.map(\.node).first {
                $0 != german && $0 != press.newsletter.defaultFeed.node
            }
        )
        let forbidden = StanzaError(.forbidden)
        engine.treat { request in
            let action = request.payload?.child("publish") ?? request.payload?.child("create")
            return action?["node"] == other.rawValue ? .refused(forbidden) : .answered
        }
        try await publish()
        try await press.publisher.publish([press.edition("de")], of: press.newsletter)
        try await publish(Self.may, text: "In May")
        let told = try await run { backlog, told in
            let hasHeld = told.contains { if case .held = $0 { true } else { false } }
            return hasHeld && backlog?.waiting == 2
                && backlog?.reason?.contains("is not ours") == true
        }
        #expect(try await engine.texts(in: german) == ["Two households"])
        #expect(engine.changes == ["publish \(Self.april)"])
        #expect(told.count { if case .held = $0 { true } else { false } } == 1)
    }

    @Test("what is forbidden at one node goes out in its order once it is not, the others' before")
    func forbiddenNode() async throws {
        let (node, engine) = (press.newsletter.defaultFeed.node, engine)
        let german = try #require(press.newsletter.feed(for: "de")).node
        let forbidden = StanzaError(.forbidden)
        engine.treat { request in
            request.payload?.child("publish")?["node"] == node.rawValue
                ? .refused(forbidden) : .answered
        }
        try await publish()
        try await publish(Self.may, text: "In May")
        try await press.publisher.publish([press.edition("de")], of: press.newsletter)
        try await run { backlog, _ in
            guard try await engine.texts(in: german) == ["Two households"] else { return false }
            // The second is not tried before the first.
            #expect(!engine.changes.contains("publish \(Self.may)"))
            #expect(backlog?.reason?.contains("forbidden") ?? true)
            engine.treat { _ in .answered }
            return true
        }
        try await runUntilDone()
        #expect(try await texts == ["Two households", "In May"])
    }

    @Test(
        "what is published while a node has to wait for people does not wait with it",
        .timeLimit(.minutes(5))
    )
    func wokenFromPause() async throws {
        try await makeNode(owner: JID("tybalt@mantua.example"))
        let german = try #require(press.newsletter.feed(for: "de")).node
        try await publish()
        var settings = EngineSettings()
        settings.retryDelay = .seconds(86_400)
        settings.retryLimit = .seconds(86_400)
        var isPublished = false
        try await run(settings: settings) { backlog, _ in
            if !isPublished, backlog?.reason != nil {
                isPublished = true
                try await press.publisher.publish([press.edition("de")], of: press.newsletter)
            }
            return try await engine.texts(in: german) == ["Two households"]
        }
    }

    @Test("what an engine says is told on one line, and not at any length")
    func longReason() async throws {
        let text = "Not\r\n  you:\u{2028}no\u{7} " + String(repeating: "never ", count: 10_000)
        engine.treat {
            $0.isAboutItems ? .refused(StanzaError(.forbidden, text: text)) : .answered
        }
        try await publish()
        let told = try await run { backlog, told in
            told.contains { if case .held = $0 { true } else { false } } && backlog?.reason != nil
        }
        let held = told.compactMap { if case .held(let error) = $0 { "\(error)" } else { nil } }
        let reason = try #require(try await backlog?.reason)
        #expect(held == [reason])
        #expect(reason.hasPrefix("It answers forbidden: Not you: no never never"))
        #expect(reason.hasSuffix("…"))
        #expect(reason.unicodeScalars.count == 501)
    }

    @Test("a reader waits for what is published in their own node, and for no other")
    func readersPlace() async throws {
        let service = try JID(ForeignService.address)
        let nodes = [
            press.newsletter.defaultFeed.node, try #require(press.newsletter.feed(for: "de")).node,
        ]
        let item = known(ItemID(rawValue: Self.april))
        let newsletter = press.newsletter.name
        try await press.store.write { transaction in
            for node in nodes {
                let target = EngineTarget(
                    newsletter: newsletter,
                    service: service,
                    node: node,
                    item: item
                )
                try transaction.addEngineOperation(on: target, publishing: nil, at: .monday)
            }
            for node in nodes {
                let wish = EngineReaderWish(
                    newsletter: newsletter,
                    service: service,
                    node: node,
                    reader: try JID("romeo@verona.example"),
                    isSubscribed: true
                )
                try transaction.addEngineReader(wish, at: .monday)
            }
        }
        /// Which nodes the steps are about that can be done, in their order.
        func steps(notAt closed: Set<NodeID>) async throws -> [String] {
            try await press.store.write { transaction in
                var steps: [String] = []
                while let step = try transaction.nextEngineStep(
                    of: newsletter,
                    at: service,
                    publishingNotAt: closed
                ) {
                    switch step {
                    case .operation(let operation):
                        steps.append("item \(operation.target.node)")
                        try transaction.endEngineOperation(operation)
                    case .reader(let reader):
                        steps.append("reader \(reader.wish.node)")
                        try transaction.forgetEngineReader(reader.id)
                    }
                }
                return steps
            }
        }
        #expect(
            try await steps(notAt: [nodes[0]]) == ["item \(nodes[1])", "reader \(nodes[1])"]
        )
        #expect(try await steps(notAt: []) == ["item \(nodes[0])", "reader \(nodes[0])"])
    }

    private func makeNode(_ node: NodeID? = nil, owner: JID) async throws {
        let node = node ?? press.newsletter.defaultFeed.node
        try await engine.store.write { transaction in
            let new = NewNode(
                name: node,
                creator: owner,
                configuration: NodeConfiguration(title: "Verona"),
                createdAt: .monday
            )
            guard let record = try transaction.createNode(new) else { return }
            try transaction.setAffiliation(.owner, of: owner, with: record.id)
        }
    }

    @Test("what the engine can't do, or does not show, keeps nothing back")
    func lacking() async throws {
        try await publish()
        try await runUntilDone()
        let missing = StanzaError(.featureNotImplemented)
        engine.treat { request in
            request.payload?.child("retract") == nil ? .answered : .refused(missing)
        }
        try await withdraw()
        try await publish(Self.may, text: "In May")
        try await run { backlog, _ in backlog?.waiting == 0 && backlog?.refused == 1 }
        #expect(try await texts == ["Two households", "In May"])
        let forbidden = StanzaError(.forbidden)
        engine.treat { request in
            request.type == .get && request.payload?.child("items") != nil
                ? .refused(forbidden) : .answered
        }
        try await publish("2026-06-05-dispatch", text: "In June")
        try await run { backlog, _ in backlog?.waiting == 0 && backlog?.refused == 2 }
        #expect(try await texts == ["Two households", "In May", "In June"])
    }

    @Test("a language that is given up keeps nothing back, and can be withdrawn over there")
    func formerLanguage() async throws {
        try await press.publisher.publish([press.edition("de")], of: press.newsletter)
        try await runUntilDone()
        let german = try #require(press.newsletter.feed(for: "de")).node
        #expect(try await engine.texts(in: german) == ["Two households"])
        try await press.publisher.publish(
            [press.edition("de", of: Self.may, text: "Im Mai")],
            of: press.newsletter
        )
        let smaller = press.newsletter.only(press.newsletter.defaultFeed)
        let publisher = Publisher(
            service: press.service.domain,
            store: press.store,
            engine: RemoteEngine(service: press.service, newsletters: [smaller])
        )
        try await withdraw(Self.april, by: publisher, of: smaller)
        try await run(of: smaller) { backlog, _ in
            backlog?.waiting == 0 && backlog?.refused == 1
        }
        #expect(try await backlog?.reason?.contains("has no node 'dispatch-de'") == true)
        #expect(try await engine.texts(in: german) == [])
    }

    @Test("of two reasons, the one is named for which nothing goes on")
    func reason() async throws {
        let tooBig = PubSubErrorCondition.payloadTooBig.stanzaError()
        let forbidden = StanzaError(.forbidden)
        engine.treat { request in
            let item = request.payload?.child("publish")?.child("item")
            guard let item else { return .answered }
            return .refused(item["id"] == Self.april ? tooBig : forbidden)
        }
        try await publish()
        try await publish(Self.may, text: "In May")
        try await run { backlog, _ in
            backlog?.refused == 1 && backlog?.reason?.contains("forbidden") == true
        }
    }

    // MARK: - A former engine

    private func leftovers(butAt services: [String] = []) async throws -> [EngineLeftover] {
        let places = [press.newsletter.name: Set(try services.map { try JID($0) })]
        return try await press.store.read { try $0.engineLeftovers(butAt: places) }
    }

    /// As another process finds it, with the engine that the newsletter has.
    private func renew() async throws {
        let (name, service) = (press.newsletter.name, try JID(ForeignService.address))
        try await press.store.write {
            try $0.renewEngineOperations(of: name, at: service, at: .monday)
        }
    }

    @Test("what waits for a former engine is kept, and goes out as it is if it is one again")
    func engineAgain() async throws {
        try await runUntilAllNodesAreThere()
        for issue in [Self.april, Self.may, "2026-06-05-dispatch"] {
            try await publish(issue, text: issue)
        }
        // By mistake it has none for a while, so that nothing of this is asked of it.
        let local = Publisher(
            service: press.service.domain,
            store: press.store,
            engine: LocalEngine(service: press.service),
            now: { .tuesday }
        )
        _ = try await local.correct(
            [press.edition(of: Self.april, text: "Both alike")],
            of: press.newsletter
        )
        try await withdraw(Self.may, by: local, of: press.newsletter)
        #expect(try await leftovers().map(\.changes) == [3])
        #expect(try await leftovers(butAt: [ForeignService.address]) == [])
        try await renew()
        try await runUntilDone()
        #expect(try await texts == ["Both alike", "2026-06-05-dispatch"])
        #expect(!engine.changes.contains("publish \(Self.may)"))
    }

    @Test("what was under way when the setting changed is not published twice, nor comes back")
    func engineAgainInDoubt() async throws {
        try await runUntilAllNodesAreThere()
        engine.treat { $0.isAboutItems ? .answerLost : .answered }
        let engine = engine
        try await publish()
        try await run(settings: Self.slow) { _, _ in !engine.changes.isEmpty }
        engine.treat { _ in .answered }
        // As at any other start: nothing has changed, so nothing is asked for.
        try await renew()
        try await runUntilDone()
        #expect(engine.changes == ["publish \(Self.april)"])

        engine.treat { $0.isAboutItems ? .lost : .answered }
        try await publish(Self.may, text: "In May")
        try await run(settings: Self.slow) { _, _ in engine.changes.count > 1 }
        let local = Publisher(
            service: press.service.domain,
            store: press.store,
            engine: LocalEngine(service: press.service),
            now: { .tuesday }
        )
        try await withdraw(Self.may, by: local, of: press.newsletter)
        engine.treat { _ in .answered }
        try await renew()
        try await runUntilDone()
        #expect(try await texts == ["Two households"])
        #expect(engine.changes.count { $0 == "publish \(Self.may)" } == 1)
    }

    /// Nothing is tried a second time.
    private static var slow: EngineSettings {
        var settings = EngineSettings()
        settings.retryDelay = .seconds(86_400)
        settings.retryLimit = .seconds(86_400)
        return settings
    }

    @Test("what waits for a wrong engine can be given to the right one, in order and as it is")
    func passedOn() async throws {
        try await runUntilAllNodesAreThere()
        let (name, wrong) = (press.newsletter.name, try JID("pubsub.padua.example"))
        var mistaken = press.newsletter
        mistaken.engine = wrong
        let publisher = Publisher(
            service: press.service.domain,
            store: press.store,
            engine: RemoteEngine(service: press.service, newsletters: [mistaken]),
            now: { .monday }
        )
        for issue in [Self.april, Self.may] {
            try await publisher.publish([press.edition(of: issue, text: issue)], of: mistaken)
        }
        try await withdraw(Self.april, by: publisher, of: mistaken)
        try await publisher.publish([press.edition(text: "Again")], of: mistaken)
        #expect(try await leftovers(butAt: [ForeignService.address]).map(\.service) == [wrong])
        let number = try await press.store.write { transaction in
            try transaction.passOnEngineWork(
                of: name,
                from: wrong,
                to: try JID(ForeignService.address),
                at: .monday
            ).changes
        }
        #expect(number == 2)
        try await runUntilDone()
        #expect(try await texts == ["Again", Self.may])
        #expect(try await leftovers() == [])
    }

    @Test("what the right engine has by now is not published there a second time")
    func passedOnToFilledNode() async throws {
        try await publish()
        try await runUntilDone()
        let (feed, name) = (press.newsletter.defaultFeed, press.newsletter.name)
        let (wrong, right) = (try JID("pubsub.padua.example"), try JID(ForeignService.address))
        let item = try #require(ItemID(rawValue: Self.april))
        let target = EngineTarget(newsletter: name, service: wrong, node: feed.node, item: item)
        let number = try await press.store.write { transaction in
            try transaction.addEngineOperation(on: target, publishing: nil, at: .monday)
            return try transaction.passOnEngineWork(of: name, from: wrong, to: right, at: .monday)
                .changes
        }
        #expect(number == 1)
        try await runUntilDone()
        #expect(engine.changes.count { $0 == "publish \(Self.april)" } == 1)
        #expect(try await texts == ["Two households"])
    }

    @Test("what an operator drops is dropped, that of another engine and newsletter is not")
    func dropped() async throws {
        try await publish()
        let name = press.newsletter.name
        let (service, other) = (try JID(ForeignService.address), try JID("pubsub.padua.example"))
        try await press.store.write { transaction in
            try transaction.dropEngineWork(of: name, at: other)
            try transaction.dropEngineWork(of: "gazette", at: service)
        }
        #expect(try await leftovers().count == 1)
        try await press.store.write { try $0.dropEngineWork(of: name, at: service) }
        #expect(try await leftovers() == [])
    }

    @Test("who reads it in a chat is served from here, as ever")
    func chatReaders() async throws {
        try await press.subscribe("romeo@verona.example", to: "en", as: .chat)
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        let copies = try await press.deliver()
        #expect(copies.count == 1)
        #expect(copies.first?.contains("en short") == true)
        let link = press.publisher.itemURI(
            of: try press.edition().issue,
            in: press.newsletter.defaultFeed,
            of: press.newsletter
        )
        #expect(link.hasPrefix("xmpp:pubsub.mantua.example?;node=dispatch-en;"))
    }
}

/// What a courier has told.
private final class Told: Sendable {
    private let list = Mutex<[EngineNews]>([])

    var news: [EngineNews] { list.withLock { $0 } }

    func add(_ news: EngineNews) {
        list.withLock { $0.append(news) }
    }
}

extension Newsletter {
    /// The same, when it has given up all its languages but one.
    fileprivate func only(_ feed: Feed) -> Newsletter {
        var newsletter = Newsletter(
            name: name,
            title: title,
            contact: contact,
            defaultFeed: feed,
            author: author
        )
        newsletter.engine = engine
        return newsletter
    }
}

private func exchange<Value>(_ place: inout Value, for new: Value) -> Value {
    defer { place = new }
    return place
}

/// A value that the tests know to be right.
private func known<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("the tests' own value is wrong") }
    return value
}
