import Foundation
import Storage
import Synchronization
import Testing
import XMPP

@testable import PubSub

@Suite("What the service does without being asked")
struct UpkeepTests {
    let store: Store
    let domain: JID
    let node: NodeID

    init() throws {
        store = try Store.inMemory()
        domain = try JID("news.verona.lit")
        node = try #require(NodeID(rawValue: "verse"))
    }

    private func service(at seconds: Double) -> PubSubService {
        PubSubService(domain: domain, now: { Date(timeIntervalSince1970: seconds) })
    }

    @Test("a lease that is over ends once, and whoever had it is told (§12.18)")
    func lease() async throws {
        let reader = try JID("romeo@verona.lit")
        let definition = NodeDefinition(id: node, title: "Verse")
        let start = service(at: 0)
        try await store.write { transaction in
            _ = try start.ensureNode(definition, in: transaction)
            let choice = DeliveryChoice(expiresAt: Date(timeIntervalSince1970: 60))
            _ = try start.subscribe(reader, to: definition.id, choice: choice, in: transaction)
        }
        var told: [Int] = []
        for seconds in [59.0, 60, 61] {
            let service = service(at: seconds)
            told.append(try await store.write { try service.upkeep(in: $0) }.count)
        }
        #expect(told == [0, 1, 0])
        #expect(try await store.read { try start.subscriptions(of: reader, in: $0) }.isEmpty)
    }

    @Test("nobody waits for ever for a reader who can't be reached; others stay")
    func suspended() async throws {
        let definition = NodeDefinition(id: node, title: "Verse")
        let (romeo, nurse) = (try JID("romeo@verona.lit"), try JID("nurse@verona.lit"))
        var settings = PubSubSettings()
        settings.suspendedExpiry = .seconds(100)
        let clock = Mutex(0.0)
        let service = PubSubService(
            domain: domain,
            settings: settings,
            now: { Date(timeIntervalSince1970: clock.withLock { $0 }) }
        )
        try await store.write { transaction in
            _ = try service.ensureNode(definition, in: transaction)
            for reader in [romeo, nurse] {
                _ = try service.subscribe(reader, to: definition.id, in: transaction)
            }
            let subscription = try transaction.subscriptions(of: romeo)[0]
            try transaction.suspend(subscription.id, at: Date(timeIntervalSince1970: 10))
        }
        func left(at seconds: Double) async throws -> Int {
            clock.withLock { $0 = seconds }
            return try await store.write { transaction in
                _ = try service.upkeep(in: transaction)
                return try transaction.subscriptions(of: romeo).count
                    + transaction.subscriptions(of: nurse).count
            }
        }
        #expect(try await left(at: 110) == 2)
        #expect(try await left(at: 111) == 1)
    }

    @Test("so many of a domain and of all are taken within an hour, and the rooms are told once")
    func signUps() async throws {
        let definition = NodeDefinition(id: node, title: "Verse")
        var settings = PubSubSettings()
        settings.signUps = SignUpLimits(perDomain: 2, total: 3)
        let clock = Mutex(0.0)
        let service = PubSubService(
            domain: domain,
            settings: settings,
            now: { Date(timeIntervalSince1970: clock.withLock { $0 }) }
        )
        try await store.write { _ = try service.ensureNode(definition, in: $0) }
        func signUp(_ reader: String) async throws -> Bool {
            let jid = try JID(reader)
            do {
                try await store.write { transaction in
                    _ = try service.subscribe(jid, to: definition.id, in: transaction)
                }
                return true
            } catch PubSubError.tooManySignUps {
                return false
            }
        }
        #expect(try await signUp("a@capulet.lit"))
        #expect(try await signUp("b@capulet.lit"))
        #expect(try await signUp("a@capulet.lit"), "whoever is there is no sign-up")
        #expect(try await !signUp("c@capulet.lit"))
        #expect(try await !signUp("d@capulet.lit"))
        #expect(try await signUp("a@montague.lit"))
        #expect(try await !signUp("b@montague.lit"), "it is as many as are taken of all")
        #expect(
            service.signUps.takeAlarms() == [
                SignUpAlarm(domain: "capulet.lit", limit: 2), SignUpAlarm(domain: nil, limit: 3),
            ]
        )
        #expect(service.signUps.takeAlarms().isEmpty)
        let refused = try JID("c@capulet.lit")
        #expect(try await store.read { try $0.subscriptions(of: refused) }.isEmpty)
        clock.withLock { $0 = 3600 }
        #expect(try await signUp("c@capulet.lit"), "an hour later")
        #expect(
            PubSubError.tooManySignUps.stanzaError.condition == .resourceConstraint
        )
    }

    @Test("an account counts once an hour as a sign-up, and who reads already does not")
    func signUpsAreAccounts() async throws {
        var settings = PubSubSettings(roomDomains: ["rooms.lit"])
        settings.signUps = SignUpLimits(perDomain: 2, total: 0)
        let clock = Mutex(0.0)
        let service = PubSubService(
            domain: domain,
            settings: settings,
            now: { Date(timeIntervalSince1970: clock.withLock { $0 }) }
        )
        let prose = try #require(NodeID(rawValue: "prose"))
        let definitions = [node, prose].map { NodeDefinition(id: $0, title: $0.rawValue) }
        try await store.write { transaction in
            for definition in definitions { try service.ensureNode(definition, in: transaction) }
        }
        func join(
            _ reader: String,
            _ node: NodeID,
            form: DeliveryForm = .event
        ) async throws {
            let jid = try JID(reader)
            try await store.write { transaction in
                _ = try service.subscribe(
                    jid,
                    to: node,
                    choice: DeliveryChoice(form: form),
                    in: transaction
                )
            }
        }
        func leave(_ reader: String, _ node: NodeID) async throws {
            let jid = try JID(reader)
            _ = try await store.write { try service.unsubscribe(jid, from: node, in: $0) }
        }
        for resource in ["", "/one", "/two", ""] {
            try await join("a@capulet.lit\(resource)", node)
            try await leave("a@capulet.lit\(resource)", node)
        }
        try await join("b@capulet.lit", node)
        await #expect(throws: PubSubError.tooManySignUps) { try await join("c@capulet.lit", node) }
        // Hours later the domain is at its limit again; who was there before is no stranger.
        clock.withLock { $0 = 20_000 }
        try await join("c@capulet.lit", node)
        try await join("d@capulet.lit", node)
        await #expect(throws: PubSubError.tooManySignUps) { try await join("e@capulet.lit", node) }
        try await join("b@capulet.lit", prose)
        try await leave("b@capulet.lit", prose)
        try await leave("b@capulet.lit", node)
        try await join("b@capulet.lit", prose)
        // Nor is who leaves at an hour's end and comes back at the next one's beginning.
        clock.withLock { $0 = 23_599 }
        try await leave("c@capulet.lit", node)
        clock.withLock { $0 = 23_601 }
        for reader in ["f@capulet.lit", "g@capulet.lit", "c@capulet.lit"] {
            try await join(reader, node)
        }
        await #expect(throws: PubSubError.tooManySignUps) { try await join("h@capulet.lit", node) }
        for room in ["one", "two", "three"] {
            try await join("\(room)@rooms.lit", node, form: .room)
        }
    }

    @Test(
        "whom the operator blocks loses the subscription, is told, and is refused until let in again (§4.1)"
    )
    func blocked() async throws {
        let reader = try JID("romeo@verona.lit")
        let resource = try JID("romeo@verona.lit/orchard")
        let definition = NodeDefinition(id: node, title: "Verse")
        let service = service(at: 0)
        try await store.write { transaction in
            _ = try service.ensureNode(definition, in: transaction)
            for jid in [reader, resource] {
                _ = try service.subscribe(jid, to: definition.id, in: transaction)
            }
        }
        func set(_ isBlocked: Bool) async throws -> Int {
            let effects = try await store.write { transaction in
                try service.setBlocked(isBlocked, resource, at: definition.id, in: transaction)
            }
            return effects.count { if case .message = $0 { true } else { false } }
        }
        #expect(try await set(true) == 2)
        #expect(try await set(true) == 0)
        #expect(try await store.read { try service.subscriptions(of: reader, in: $0) }.isEmpty)
        await #expect(throws: PubSubError.self) {
            try await store.write { transaction in
                _ = try service.subscribe(reader, to: definition.id, in: transaction)
            }
        }
        #expect(try await set(false) == 0)
        try await store.write { transaction in
            _ = try service.subscribe(reader, to: definition.id, in: transaction)
        }
    }

    @Test("whom the operator blocks sees drafts no more, though they were let in")
    func blockedFromDrafts() async throws {
        let editor = try JID("tybalt@verona.lit")
        let definition = NodeDefinition(id: node, title: "Drafts", isHidden: true)
        let service = service(at: 0)
        func seen() async throws -> Bool {
            try await store.read { [node] transaction in
                (try? service.visibleNode(node, to: editor, in: transaction)) != nil
            }
        }
        try await store.write { transaction in
            let record = try service.ensureNode(definition, in: transaction)
            try service.admit(editor, to: record, in: transaction)
        }
        #expect(try await seen())
        _ = try await store.write { [node] transaction in
            try service.setBlocked(true, editor, at: node, in: transaction)
        }
        #expect(try await !seen())
    }

    @Test("what is left of a deleted node goes an hour later, though nothing else is delivered")
    func deletedNode() async throws {
        let row = try await store.write { [node] transaction in
            let new = NewNode(name: node, createdAt: Date(timeIntervalSince1970: 0))
            let record = try transaction.createNode(new)
            _ = try record.map { try transaction.deleteNode($0.id, at: new.createdAt) }
            return record?.id
        }
        let id = try #require(row)
        let reader = try JID("romeo@verona.lit")
        try await store.write { transaction in
            _ = try transaction.subscribe(reader, to: id, at: Date(timeIntervalSince1970: 0))
        }
        var left: [Int] = []
        for seconds in [3600.0, 3601] {
            let service = service(at: seconds)
            try await store.write { _ = try service.upkeep(in: $0) }
            left.append(try await store.read { try $0.subscriptions(to: id).count })
        }
        #expect(left == [1, 0])
    }
}
