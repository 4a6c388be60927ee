import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("Readers who get something only while they are there")
struct PresentReadersTests {
    let store: Store
    let node: NodeRowID

    /// Juliet reads whenever she is there and free, Romeo always.
    init() async throws {
        store = try Store.inMemory()
        node = try await store.makeNode()
        var choice = DeliveryChoice()
        choice.showValues = [.online, .chat]
        try await store.subscribe(.juliet, to: node, choosing: choice)
        try await store.subscribe(.romeo, to: node)
    }

    private func show(
        _ show: Presence.Show?,
        on client: String = "juliet@verona.lit/balcony",
        until end: Date = moment(1_000)
    ) async throws {
        let presence = KnownPresence(
            client: try JID(client),
            show: show,
            heardAt: moment(),
            until: end
        )
        try await store.write { try $0.setPresence(presence) }
    }

    /// Who gets what begins then, and how many that is said to be.
    private func readers(at date: Date = moment(10)) async throws -> (names: [String], total: Int) {
        let new = NewFanOut(node: node, item: .first, variants: [.sample(.event)])
        return try await store.write { transaction in
            let fanOut = try transaction.startFanOut(new, at: date)
            try transaction.withholdFromAbsent(fanOut, after: .start, at: date)
            let page = try transaction.recipients(of: fanOut, after: .start, limit: 10)
            let total = known(try transaction.fanOut(fanOut.id)).total
            // Whoever was left out is so for good.
            #expect(try transaction.withholdFromAbsent(fanOut, after: .start, at: date) == 0)
            #expect(try transaction.nextRetry() == nil)
            return (page.map(\.name), total)
        }
    }

    @Test("get it if any of their clients shows what they have chosen")
    func chosen() async throws {
        #expect(try await readers() == (["romeo"], 1))
        try await show(.away)
        #expect(try await readers() == (["romeo"], 1))
        try await show(.chat, on: "juliet@verona.lit/phone")
        #expect(try await readers() == (["juliet", "romeo"], 2))
        try await show(nil, on: "juliet@verona.lit/phone")
        try await show(.online, on: "juliet@verona.lit/balcony", until: moment(10))
        #expect(try await readers() == (["romeo"], 1), "what is no longer believed counts no more")
        try await show(.online, on: "juliet@verona.literal/phone")
        #expect(try await readers() == (["romeo"], 1), "somebody else's client")
    }

    @Test("what is to be tried again is not, when they are gone by then")
    func retried() async throws {
        try await show(.online)
        let new = NewFanOut(node: node, item: .first, variants: [.sample(.event)])
        try await store.write { [node] transaction in
            let fanOut = try transaction.startFanOut(new, at: moment(10))
            let juliet = known(try transaction.subscription(of: .juliet, to: node))
            try transaction.recordException(
                DeliveryExceptionRecord(
                    fanOut: fanOut.id,
                    subscription: juliet.id,
                    jid: .juliet,
                    kind: .retry,
                    attempts: 1,
                    nextAttemptAt: moment(60),
                    condition: .remoteServerTimeout,
                    recordedAt: moment(11)
                )
            )
            try transaction.setState(.finished, of: fanOut.id, at: moment(12))
        }
        func due() async throws -> Int {
            try await store.write { try $0.dueRetries(at: moment(60), limit: 10).count }
        }
        #expect(try await due() == 1)
        try await show(.dnd)
        #expect(try await due() == 0)
    }

    @Test("what is known of somebody goes when it is old, or when they read nothing any more")
    func forgotten() async throws {
        try await show(.online)
        try await show(.online, on: "juliet@verona.lit/phone", until: moment(5))
        try await show(.online, on: "romeo@verona.lit")
        func clients(at date: Date) async throws -> [String] {
            try await store.write { transaction in
                try transaction.prunePresences(at: date)
                return try [JID.juliet, .romeo].flatMap {
                    try transaction.presences(of: $0, at: date)
                }
                .map(\.client.description)
            }
        }
        #expect(
            try await clients(at: moment(5)) == ["juliet@verona.lit/balcony", "romeo@verona.lit"]
        )
        try await store.write { [node] in _ = try $0.unsubscribe(.juliet, from: node) }
        #expect(try await clients(at: moment(5)) == ["romeo@verona.lit"])
    }
}
