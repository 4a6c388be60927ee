import Storage
import Testing
import XMPP

@testable import Delivery

@Suite("Errors that come back", .timeLimit(.minutes(1)))
struct BounceTests {
    let stand: Newsstand
    let dispatcher: Dispatcher
    let delivered: [Message]
    let fanOut: FanOutRecord

    init() async throws {
        stand = try await Newsstand()
        try await stand.subscribe(1...3)
        fanOut = try await stand.publish()
        let (stream, listener) = (ScriptedStream(), Listener())
        dispatcher = try stand.dispatcher(report: { await listener.hear($0) })
        try await deliver(with: dispatcher, on: stream, until: listener)
        delivered = try stream.messages()
    }

    private func exceptions() async throws -> [DeliveryExceptionRecord] {
        try await stand.store.read { [fanOut] in try $0.exceptions(of: fanOut.id) }
    }

    private func subscribers() async throws -> Int {
        try await stand.store.read { [stand] in try $0.subscriptionCount(of: stand.node) }
    }

    @Test(
        "a reader who is gone is subscribed no longer",
        arguments: [.gone, .itemNotFound] as [StanzaError.Condition]
    )
    func gone(_ condition: StanzaError.Condition) async throws {
        let error = delivered[1].reply(error: StanzaError(condition))
        let bounce = try await dispatcher.bounced(error)
        #expect(bounce?.verdict == .end)
        #expect(bounce?.reader.jid.description == "r2@verona.lit")
        #expect(try await subscribers() == 2)
        #expect(try await exceptions().map(\.kind) == [.failed])
    }

    @Test("an error that may mean anything is noted, and the subscription stays")
    func unavailable() async throws {
        let error = delivered[0].reply(error: StanzaError(.serviceUnavailable))
        #expect(try await dispatcher.bounced(error)?.verdict == .score)
        #expect(try await subscribers() == 3)
        let exceptions = try await exceptions()
        #expect(exceptions.map(\.condition) == [.serviceUnavailable])
        #expect(exceptions.map(\.jid.description) == ["r1@verona.lit"])
    }

    @Test("a passing error is to be tried again, and counts its attempts")
    func retry() async throws {
        let error = delivered[2].reply(error: StanzaError(.remoteServerTimeout))
        #expect(try await dispatcher.bounced(error)?.verdict == .retry)
        _ = try await dispatcher.bounced(error)
        let exceptions = try await exceptions()
        #expect(exceptions.map(\.kind) == [.retry])
        #expect(exceptions.map(\.attempts) == [2])
    }

    @Test("an error from a resource of the reader is the reader's")
    func resource() async throws {
        var error = delivered[0].reply(error: StanzaError(.serviceUnavailable))
        error.from = try JID("r1@verona.lit/phone")
        #expect(try await dispatcher.bounced(error)?.reader.jid.description == "r1@verona.lit")
    }

    @Test("a resource that reads for itself and is gone is pruned")
    func goneResource() async throws {
        let orchard = try JID("romeo@verona.lit/orchard")
        try await stand.store.write { [stand] transaction in
            _ = try transaction.subscribe(orchard, to: stand.node, at: .now)
        }
        let second = try await stand.publish("second")
        let (stream, listener) = (ScriptedStream(), Listener())
        let dispatcher = try stand.dispatcher(report: { await listener.hear($0) })
        try await deliver(with: dispatcher, on: stream, until: listener)
        let message = try #require(try stream.messages().first { $0.to == orchard })
        let error = message.reply(error: StanzaError(.serviceUnavailable))
        #expect(try await dispatcher.bounced(error)?.fanOut == second.id)
        #expect(try await subscribers() == 3)
    }

    @Test("a stranger who sends another's id ends nobody's subscription")
    func stranger() async throws {
        var error = delivered[0].reply(error: StanzaError(.gone))
        error.from = try JID("tybalt@verona.lit")
        #expect(try await dispatcher.bounced(error) == nil)
        #expect(try await subscribers() == 3)
        #expect(try await exceptions().isEmpty)
    }

    @Test("what is no error, or answers nothing of ours, is left alone")
    func unrelated() async throws {
        var message = delivered[0].reply(error: StanzaError(.gone))
        message.id = "something-else-19-ch"
        #expect(try await dispatcher.bounced(message) == nil)
        message.id = nil
        #expect(try await dispatcher.bounced(message) == nil)
        var chat = delivered[0]
        (chat.from, chat.to) = (chat.to, chat.from)
        #expect(try await dispatcher.bounced(chat) == nil)
    }
}
