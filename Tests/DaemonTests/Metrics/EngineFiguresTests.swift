import Foundation
import Storage
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("What metrics tell of engines")
struct EngineFiguresTests {
    private let store: Store
    private let service: JID

    init() throws {
        store = try Store.inMemory()
        service = try JID("pubsub.mantua.lit")
    }

    private func ask(_ item: String, at service: JID, on date: Date) async throws -> Int64 {
        let target = EngineTarget(
            newsletter: "dispatch",
            service: service,
            node: try #require(NodeID(rawValue: "dispatch-en")),
            item: try #require(ItemID(rawValue: item))
        )
        let operation = try await store.write { transaction in
            try transaction.addEngineOperation(
                on: target,
                publishing: Element("entry", in: "x"),
                at: date
            )
            return try transaction.nextEngineOperation(of: "dispatch", at: service)
        }
        return try #require(operation).id
    }

    private func samples(of newsletter: String) async -> [String: Double] {
        let figures = ServiceFigures(
            link: StreamLink(),
            rooms: [],
            newsletters: [],
            engines: ["dispatch": [service], "gazette": []],
            store: store
        )
        var values: [String: Double] = [:]
        for sample in await figures.samples() {
            guard sample.labels.first == MetricLabel("newsletter", newsletter),
                case .number(let number) = sample.value
            else { continue }
            let name = [sample.family.name] + sample.labels.dropFirst().map(\.value)
            values[name.joined(separator: " ")] = number
        }
        return values
    }

    @Test("what waits, is in doubt, refused or left for a former engine, and the age of the oldest")
    func counts() async throws {
        let refused = try await ask("march", at: service, on: Date(timeIntervalSinceNow: -9000))
        try await store.write { try $0.setEngineOperation(refused, to: .refused) }
        let sent = try await ask("april", at: service, on: Date(timeIntervalSinceNow: -600))
        try await store.write { try $0.setEngineOperation(sent, to: .sent) }
        for item in ["may", "june"] { _ = try await ask(item, at: service, on: Date()) }
        _ = try await ask("may", at: JID("pubsub.padua.lit"), on: Date())
        let samples = await samples(of: "dispatch")
        #expect(samples["broadsheet_engine_operations waiting"] == 2)
        #expect(samples["broadsheet_engine_operations in-doubt"] == 1)
        #expect(samples["broadsheet_engine_operations unverified"] == 0)
        #expect(samples["broadsheet_engine_operations refused"] == 1)
        #expect(samples["broadsheet_engine_operations former"] == 1)
        #expect(samples["broadsheet_engine_readers_waiting"] == 0)
        let lag = try #require(samples["broadsheet_engine_lag_seconds"])
        #expect(lag > 599 && lag < 1200)
        // One that has none has its series all the same.
        #expect(await self.samples(of: "gazette").values.allSatisfy { $0 == 0 })
        #expect(await self.samples(of: "gazette").count == 7)
    }
}
