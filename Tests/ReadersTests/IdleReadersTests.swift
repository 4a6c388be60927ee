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

    /// Lets a round be made, of which the server has read all; gives what was said.
    private func said(by idle: IdleReaders, at date: Date) async throws -> [String] {
        let round = try await idle.round(at: date)
        try await idle.noteRead(round, at: date)
        return words(round)
    }

    private func words(_ round: IdleReaders.Round) -> [String] {
        round.effects.compactMap { effect in
            if case .message(let message) = effect { message.body } else { nil }
        }
    }

    @Test("nobody is asked unless the operator wants it")
    func off() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let later = Date() + 10_000 * Self.day
        #expect(try await said(by: idle(parlour, expiry: nil), at: later).isEmpty)
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("they are asked once, and what they have ends if they do not answer")
    func ended() async throws {
        let parlour = try await Parlour()
        for line in ["subscribe de", "subscribe en"] { _ = try await parlour.answer(to: line) }
        try await parlour.subscribeByPubSub("romeo@verona.example", to: "dispatch-en")
        let idle = idle(parlour)
        let start = Date()
        #expect(try await said(by: idle, at: start + 179 * Self.day).isEmpty)
        let asked = try await said(by: idle, at: start + 181 * Self.day)
        #expect(asked.count == 1 && asked[0].contains("30"))
        #expect(asked[0].hasSuffix("xmpp:dispatch@news.verona.example?message;body=subscribe"))
        #expect(try await said(by: idle, at: start + 182 * Self.day).isEmpty)
        let ended = try await said(by: idle, at: start + 212 * Self.day)
        #expect(ended.count == 2 && ended.allSatisfy { $0.contains("subscribe") })
        #expect(try await parlour.subscriptions().isEmpty)
        #expect(try await parlour.subscriptions(of: "romeo@verona.example").count == 1)
    }

    @Test("any sign of life is an answer", arguments: [true, false])
    func answered(byWriting: Bool) async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let (idle, start) = (idle(parlour), Date())
        #expect(try await said(by: idle, at: start + 181 * Self.day).count == 1)
        #expect(try await parlour.say("mydata").contains("askedAt"))
        let (later, reader) = (start + 190 * Self.day, try JID(juliet))
        try await parlour.store.write { transaction in
            if byWriting {
                try transaction.noteConversation(with: reader, at: later)
            } else {
                try transaction.noteSign(of: reader, at: later)
            }
        }
        #expect(try await said(by: idle, at: start + 212 * Self.day).isEmpty)
        #expect(try await parlour.subscriptions().count == 1)
        #expect(
            try await said(by: idle, at: later + 181 * Self.day).count == 1,
            "and then asked anew"
        )
    }

    @Test("who takes it by PubSub from then on is left alone")
    func changed() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let (idle, start) = (idle(parlour), Date())
        #expect(try await said(by: idle, at: start + 181 * Self.day).count == 1)
        let reader = try JID(juliet)
        try await parlour.store.write { transaction in
            let record = try #require(try transaction.subscriptions(of: reader).first)
            var choice = record.choice
            choice.form = .event
            try transaction.setOptions(choice, of: record.id)
        }
        #expect(try await said(by: idle, at: start + 212 * Self.day).isEmpty)
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("of what is no newsletter at the moment nobody is asked, nor loses it later")
    func notHere() async throws {
        let parlour = try await Parlour(others: ["gazette"])
        for newsletter in ["dispatch", "gazette"] {
            _ = try await parlour.answer(to: "subscribe", at: newsletter)
        }
        let office = ReaderOffice(
            newsletters: [parlour.dispatch],
            service: parlour.service,
            store: parlour.store
        )
        var limits = IdleLimits()
        limits.expiry = .seconds(180 * 86_400)
        let start = Date()
        let without = IdleReaders(office, limits: limits)
        #expect(try await said(by: without, at: start + 181 * Self.day).count == 1)
        let said = try await said(by: idle(parlour), at: start + 212 * Self.day)
        #expect(said.count == 2 && said.contains { $0.contains("30") })
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("who pauses is left alone")
    func paused() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        _ = try await parlour.answer(to: "pause until 2030-01-01")
        #expect(try await said(by: idle(parlour), at: Date() + 400 * Self.day).isEmpty)
    }

    @Test("whose question may have been lost with the stream is asked again, and does not lose it")
    func lost() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let (idle, start) = (idle(parlour), Date())
        let lost = try await idle.round(at: start + 181 * Self.day)
        #expect(words(lost).count == 1)
        #expect(try await said(by: idle, at: start + 212 * Self.day).count == 1)
        #expect(try await parlour.subscriptions().count == 1)
        let ended = try await said(by: idle, at: start + 243 * Self.day)
        #expect(ended.count == 1 && ended[0].contains("subscribe"))
    }

    @Test("who answers before the server says that it has read the question has answered")
    func quickAnswer() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let (idle, start) = (idle(parlour), Date())
        let (round, reader) = (try await idle.round(at: start + 181 * Self.day), try JID(juliet))
        try await parlour.store.write { transaction in
            try transaction.noteConversation(with: reader, at: start + 181 * Self.day + 1)
        }
        try await idle.noteRead(round, at: start + 181 * Self.day + 2)
        #expect(try await said(by: idle, at: start + 212 * Self.day).isEmpty)
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("whom the question does not reach is not ended for it; another's error changes nothing")
    func cameBack() async throws {
        let parlour = try await Parlour()
        for reader in [juliet, "romeo@verona.example"] {
            _ = try await parlour.answer(to: "subscribe", from: reader)
        }
        let (idle, start) = (idle(parlour), Date())
        let round = try await idle.round(at: start + 181 * Self.day)
        try await idle.noteRead(round, at: start + 181 * Self.day)
        let questions = round.effects.compactMap { effect in
            if case .message(let message) = effect { message } else { nil }
        }
        let question = try #require(questions.first { $0.to?.localpart == "juliet" })
        let error = question.reply(error: StanzaError(.remoteServerNotFound))
        #expect(error.mayAnswerQuestion)
        try await idle.cameBack([error], at: start + 182 * Self.day)
        #expect(try await said(by: idle, at: start + 212 * Self.day).count == 1)
        #expect(try await parlour.subscriptions(of: juliet).count == 1)
        #expect(try await parlour.subscriptions(of: "romeo@verona.example").isEmpty)
        let again = try await said(by: idle, at: start + 363 * Self.day)
        #expect(again.count == 1 && again[0].contains("30"))
    }

    @Test("where the server never says that it has read them, questions come once a day at most")
    func unread() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let (idle, start) = (idle(parlour), Date() + 181 * Self.day)
        #expect(words(try await idle.round(at: start)).count == 1)
        for hours in 1...23 {
            let round = try await idle.round(at: start + Double(hours) * 3_600)
            try await idle.noteRead(round)
            #expect(words(round).isEmpty)
        }
        #expect(try await said(by: idle, at: start + Self.day).count == 1)
        _ = try await parlour.answer(to: "subscribe", from: "romeo@verona.example")
        let next = start + Self.day + 3_600
        #expect(try await said(by: idle, at: next).count == 1, "which was read, so nobody waits")
    }
}
