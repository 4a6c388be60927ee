import Foundation
import Testing
import XMPP

@testable import Delivery
@testable import Storage

@Suite("Which ids may be those of deliveries", .timeLimit(.minutes(2)))
struct AnswerableDeliveriesTests {
    private func key(_ number: UInt8) -> FanOutKey {
        FanOutKey(
            key: (0..<UInt8(FanOutRecord.keyLength)).map { $0 &* 31 &+ number },
            lastSubscription: SubscriptionRowID(rawValue: 1_000)
        )
    }

    private func error(_ place: StanzaIDCodec.Place, of key: FanOutKey) throws -> Message {
        try error(StanzaIDCodec(key: key.key).id(for: place))
    }

    private func error(_ id: String?) throws -> Message {
        Message(.error, id: id, from: try JID("r1@verona.lit"), to: try JID("news.verona.lit"))
    }

    private func place(_ number: Int64, part: UInt8 = 0) -> StanzaIDCodec.Place {
        StanzaIDCodec.Place(subscription: SubscriptionRowID(rawValue: number), part: part)
    }

    @Test("those of its readers, shared ones too; not of whom came later, nor of another delivery")
    func places() throws {
        let deliveries = AnswerableDeliveries()
        deliveries.take([key(1), key(2)])
        for number in [1, 1_000] as [Int64] {
            for part in [0, 255] as [UInt8] {
                let error = try error(place(number, part: part), of: key(1))
                #expect(deliveries.mayBeAnswered(by: error))
            }
            let reader = SubscriptionRowID(rawValue: number)
            #expect(deliveries.mayBeAnswered(by: try error(.shared(by: reader), of: key(2))))
        }
        #expect(!deliveries.mayBeAnswered(by: try error(place(1_001), of: key(1))))
        let late = StanzaIDCodec.Place.shared(by: SubscriptionRowID(rawValue: 1_024))
        #expect(!deliveries.mayBeAnswered(by: try error(late, of: key(1))))
        #expect(!deliveries.mayBeAnswered(by: try error(place(1), of: key(3))))
        for id in [nil, "", "1", "something-else-19-ch"] {
            #expect(!deliveries.mayBeAnswered(by: try error(id)))
        }
    }

    @Test("who knows the beginning of an id makes up no other")
    func guesses() throws {
        let deliveries = AnswerableDeliveries()
        deliveries.take([key(1)])
        let real = StanzaIDCodec(key: key(1).key).id(for: place(7))
        var found = 0
        for number in 0..<20_000 as Range<UInt64> {
            var id = Array(real.utf8.prefix(8))
            let word = number &* 0x9e37_79b9_7f4a_7c15
            Base64URL.write((0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }, to: &id)
            let guess = String(decoding: id, as: UTF8.self)
            #expect(StanzaIDCodec.canBeOurs(guess))
            if deliveries.mayBeAnswered(by: try error(guess)) { found += 1 }
        }
        #expect(found == 0)
    }

    @Test("all, until they are read; and when there are many more they are read once more")
    func reading() async throws {
        let deliveries = AnswerableDeliveries(capacity: 2)
        let stranger = try error(place(1), of: key(9))
        #expect(deliveries.needsReading)
        #expect(deliveries.mayBeAnswered(by: stranger))
        deliveries.take((1...3).map(key))
        #expect(!deliveries.mayBeAnswered(by: stranger))
        let stand = try await Newsstand()
        for number in 1...4 {
            #expect(!deliveries.needsReading)
            deliveries.add(try await stand.publish("issue-\(number)"))
        }
        #expect(deliveries.needsReading)
        deliveries.take((1...2).map(key))
        #expect(!deliveries.needsReading)
    }

    @Test("the newest, and those that may still be written to somebody")
    func newest() async throws {
        let stand = try await Newsstand()
        var all: [FanOutRecord] = []
        for number in 1...4 { all.append(try await stand.publish("issue-\(number)")) }
        try await stand.store.write { [all] transaction in
            for fanOut in [all[0], all[2]] {
                try transaction.run("DELETE FROM variant WHERE fanOut = ?", [fanOut.id.rawValue])
            }
        }
        let keys = try await stand.store.read { try $0.fanOutKeys(ofNewest: 2) }
        #expect(Set(keys.map(\.key)) == Set([all[1], all[2], all[3]].map(\.key)))
    }

    @Test("a process knows those before it and each that goes out, and looks for no other")
    func running() async throws {
        let stand = try await Newsstand()
        try await stand.subscribe(1...3)
        let before = try await stand.publish()
        let first = Listener()
        let dead = try stand.dispatcher(report: { await first.hear($0) })
        try await deliver(with: dead, on: ScriptedStream(), until: first)
        await dead.streamEnded(.closedByUs)
        let (listener, stream) = (Listener(), ScriptedStream())
        let dispatcher = try stand.dispatcher(report: { await listener.hear($0) })
        let next = try await stand.publish("second")
        try await deliver(with: dispatcher, on: stream, until: listener)
        for fanOut in [before, next] {
            let id = StanzaIDCodec(key: fanOut.key).id(for: place(1))
            #expect(dispatcher.answerable.mayBeAnswered(by: try error(id)))
        }
        let messages = try stream.messages()
        #expect(messages.count == 3)
        for message in messages {
            let error = message.reply(error: StanzaError(.serviceUnavailable))
            #expect(dispatcher.answerable.mayBeAnswered(by: error))
        }
        let madeUp = try error(place(1), of: key(1))
        #expect(!dispatcher.answerable.mayBeAnswered(by: madeUp))
        #expect(try await dispatcher.genuine([madeUp]).isEmpty)
    }
}
