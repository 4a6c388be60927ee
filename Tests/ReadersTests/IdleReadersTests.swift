import Foundation
import PubSub
import Readers
import Storage
import Testing
import XMPP

/// Readers of whom nothing is heard.
@Suite struct IdleReadersTests {
    private let juliet = "juliet@verona.example"
    private static let day: TimeInterval = 86_400

    private func idle(_ parlour: Parlour, expiry: Duration? = .seconds(180 * 86_400)) -> IdleReaders
    {
        var limits = IdleLimits()
        limits.expiry = expiry
        return IdleReaders(parlour.office, limits: limits)
    }

    private func words(_ effects: [PubSubEffect]) -> [String] {
        effects.compactMap { effect in
            if case .message(let message) = effect { message.body } else { nil }
        }
    }

    @Test("nobody is asked unless the operator wants it")
    func off() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let later = Date() + 10_000 * Self.day
        #expect(try await idle(parlour, expiry: nil).round(at: later).isEmpty)
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("they are asked once, and what they have ends if they do not answer")
    func ended() async throws {
        let parlour = try await Parlour()
        for line in ["subscribe de", "subscribe en"] { _ = try await parlour.answer(to: line) }
        try await parlour.subscribeByPubSub("romeo@verona.example", to: "dispatch-en")
        let idle = idle(parlour)
        let start = Date()
        #expect(try await idle.round(at: start + 179 * Self.day).isEmpty)
        let asked = words(try await idle.round(at: start + 181 * Self.day))
        #expect(asked.count == 1 && asked[0].contains("30"))
        #expect(try await idle.round(at: start + 182 * Self.day).isEmpty)
        let ended = words(try await idle.round(at: start + 212 * Self.day))
        #expect(ended.count == 2 && ended.allSatisfy { $0.contains("subscribe") })
        #expect(try await parlour.subscriptions().isEmpty)
        #expect(try await parlour.subscriptions(of: "romeo@verona.example").count == 1)
    }

    @Test("any sign of life is an answer", arguments: [true, false])
    func answered(byWriting: Bool) async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let (idle, start) = (idle(parlour), Date())
        #expect(try await idle.round(at: start + 181 * Self.day).count == 1)
        #expect(try await parlour.say("mydata").contains("askedAt"))
        let (later, reader) = (start + 190 * Self.day, try JID(juliet))
        try await parlour.store.write { transaction in
            if byWriting {
                try transaction.noteConversation(with: reader, at: later)
            } else {
                try transaction.noteSign(of: reader, at: later)
            }
        }
        #expect(try await idle.round(at: start + 212 * Self.day).isEmpty)
        #expect(try await parlour.subscriptions().count == 1)
        #expect(try await idle.round(at: later + 181 * Self.day).count == 1, "and then asked anew")
    }

    @Test("who takes it by PubSub from then on is left alone")
    func changed() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let (idle, start) = (idle(parlour), Date())
        #expect(try await idle.round(at: start + 181 * Self.day).count == 1)
        let reader = try JID(juliet)
        try await parlour.store.write { transaction in
            let record = try #require(try transaction.subscriptions(of: reader).first)
            var choice = record.choice
            choice.form = .event
            try transaction.setOptions(choice, of: record.id)
        }
        #expect(try await idle.round(at: start + 212 * Self.day).isEmpty)
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("who pauses is left alone")
    func paused() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        _ = try await parlour.answer(to: "pause until 2030-01-01")
        #expect(try await idle(parlour).round(at: Date() + 400 * Self.day).isEmpty)
    }
}
