import Component
import Foundation
import Storage
import Testing
import XMPP

@testable import Delivery

@Suite("Texts too large for one message", .timeLimit(.minutes(10)))
struct PartsTests {
    let stand: Newsstand
    let listener = Listener()
    private static let parts = ["first", "second", "third"]

    init() async throws {
        stand = try await Newsstand()
        try await stand.subscribe(1...6)
    }

    /// To chat readers it goes in three parts, to the others in one.
    private func publish(_ item: String = "issue") async throws -> FanOutRecord {
        let chat = VariantRecord(
            kind: .chat(.short),
            first: VariantKind.chatMessage(Self.parts[0]),
            further: Self.parts.dropFirst().map(VariantKind.chatMessage)
        )
        let variants = [VariantKind.event.sample(about: item), chat]
        return try await stand.store.write { [stand] transaction in
            try transaction.startFanOut(
                NewFanOut(
                    node: stand.node,
                    item: known(ItemID(rawValue: item)),
                    variants: variants
                ),
                at: .now
            )
        }
    }

    @Test("a chat reader gets all parts one after the other, and counts as one reader")
    func order() async throws {
        let fanOut = try await publish()
        #expect(fanOut.total == 6)
        let stream = ScriptedStream()
        let dispatcher = try stand.dispatcher(report: { [listener] in await listener.hear($0) })
        try await deliver(with: dispatcher, on: stream, until: listener)
        let messages = try stream.messages()
        let readers = [1, 2, 3, 3, 3, 4, 5, 6, 6, 6].map { "r\($0)@verona.lit" }
        #expect(messages.map { $0.to?.description } == readers)
        #expect(messages.compactMap(\.body) == Self.parts + Self.parts)
        #expect(Set(messages.compactMap(\.id)).count == 10)
        #expect(await listener.finished.map(\.fanOut.sent) == [6])
    }

    @Test("the pace is that of messages, of which a chat reader gets three")
    func pace() async throws {
        let fanOut = try await publish()
        var settings = DeliverySettings()
        settings.pace = 1
        var writer = MessageWriter(settings, serverDomain: "verona.lit")
        let (variants, readers) = try await stand.store.read { transaction in
            (
                try transaction.variants(of: fanOut.id),
                try transaction.recipients(of: fanOut, after: .start, limit: 6)
            )
        }
        writer.learn(variants, of: fanOut)
        writer.take(readers, of: fanOut.id)
        for _ in 1...3 {
            while writer.makePiece(of: fanOut.id, after: nil)?.count == nil {
                try await Task.sleep(for: .seconds(known(writer.pause)))
            }
        }
        // The third is a chat reader.
        #expect(writer.makePiece(of: fanOut.id, after: nil)?.count == nil)
        #expect(known(writer.pause) > 1.5)
    }

    @Test("the pace is kept from one delivery to the next")
    func paceBetween() async throws {
        let first = try await publish("first")
        let dispatcher = try stand.dispatcher(pace: 2)
        let (stream, start) = (ScriptedStream(), ContinuousClock.now)
        try await withThrowingTaskGroup { group in
            group.addTask { try await dispatcher.run(on: stream) }
            while try await stand.fanOut(first.id).state != .finished {
                try await Task.sleep(for: .milliseconds(5))
            }
            _ = try await publish("second")
            await dispatcher.wake()
            while try stream.messages().count < 11 { try await Task.sleep(for: .milliseconds(5)) }
            group.cancelAll()
        }
        #expect(start.duration(to: .now) > .milliseconds(4900))
    }

    @Test("after a crash the second copy of each part bears the id of the first")
    func sameIDs() async throws {
        _ = try await publish()
        let lost = ScriptedStream(answers: .never)
        let first = try stand.dispatcher()
        let run = Task { try await first.run(on: lost) }
        while try lost.messages().count < 10 { try await Task.sleep(for: .milliseconds(5)) }
        run.cancel()
        _ = await run.result

        let stream = ScriptedStream()
        let second = try stand.dispatcher(report: { [listener] in await listener.hear($0) })
        try await deliver(with: second, on: stream, until: listener)
        #expect(try stream.messages() == (try lost.messages()))
    }

    @Test("errors to several parts are one failure, after which all parts are written again")
    func retry() async throws {
        let time = TestTime()
        _ = try await publish()
        let stream = ScriptedStream()
        let dispatcher = try stand.dispatcher(
            time: time,
            report: { [listener] in await listener.hear($0) }
        )
        try await deliver(with: dispatcher, on: stream, until: listener)
        let sent = try stream.messages()
        let errors = sent[2...4].map { $0.reply(error: StanzaError(.remoteServerTimeout)) }
        let bounce = try await dispatcher.bounced(errors[0])
        #expect(bounce?.reader.jid.description == "r3@verona.lit")
        #expect(bounce?.nextAttemptAt == time.now + 60)
        #expect(try await dispatcher.bounced(Array(errors[1...])).isEmpty)
        time.advance(by: 61)
        let again = ScriptedStream()
        try await dispatcher.retry(on: again)
        #expect(try again.messages() == Array(sent[2...4]))
    }

    @Test("when a delivery is over, its parts are forgotten with the rest")
    func forgotten() async throws {
        let id = try await publish().id
        let left = try await stand.store.write { transaction in
            try transaction.setState(.finished, of: id, at: .now - 10)
            try transaction.pruneFanOuts(acknowledgedBefore: .now, writtenBefore: .now)
            return try transaction.variants(of: id)
        }
        #expect(left.isEmpty)
    }
}
