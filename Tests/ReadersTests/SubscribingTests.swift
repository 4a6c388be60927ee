import Commands
import Foundation
import PubSub
import Readers
import Storage
import Testing
import XMPP

/// Subscribing and leaving, by writing to a newsletter.
@Suite struct SubscribingTests {
    @Test(
        "`subscribe` is understood as people type it",
        arguments: [
            "subscribe", "Subscribe", "SUBSCRIBE!", "subscribe.", "  subscribe  ", "/subscribe",
            "!subscribe", "subscribe en", "Subscribe EN", "join", "Start",
        ]
    )
    func spellings(line: String) async throws {
        let parlour = try await Parlour()
        let outcome = try await parlour.answer(to: line)
        #expect(outcome == .done(Self.welcome("en")))
        #expect(
            try await parlour.subscriptions() == ["dispatch-en juliet@verona.example chat short"]
        )
    }

    @Test("another language is another subscription, and its tag may be written in any capitals")
    func languages() async throws {
        let parlour = try await Parlour()
        #expect(try await parlour.answer(to: "subscribe DE") == .done(Self.welcome("de")))
        #expect(try await parlour.answer(to: "subscribe pt-br") == .done(Self.welcome("pt-br")))
        #expect(try await parlour.answer(to: "subscribe PT-BR") == .done(Self.already("pt-br")))
        #expect(
            try await parlour.subscriptions() == [
                "dispatch-de juliet@verona.example chat short",
                "dispatch-pt-br juliet@verona.example chat short",
            ]
        )
    }

    @Test("who asks for a language there is none of is told which there are")
    func unknownLanguage() async throws {
        let parlour = try await Parlour()
        #expect(
            try await parlour.answer(to: "subscribe it")
                == .refused(
                    "The Verona Dispatch does not appear in 'it', but in: en, de, pt-br."
                )
        )
        #expect(
            try await parlour.answer(to: "subscribe 123").text
                .hasPrefix("The Verona Dispatch does not appear in '123', but in: ")
        )
        #expect(try await parlour.subscriptions().isEmpty)
    }

    @Test("owners of a node hear who comes and goes by chat, once each (notify_sub)")
    func owners() async throws {
        let parlour = try await Parlour()
        try await parlour.watch("dispatch-en", as: "escalus@verona.example")
        for line in ["subscribe", "subscribe", "subscribe de", "unsubscribe", "unsubscribe"] {
            _ = try await parlour.answer(to: line)
        }
        let said = parlour.post.all.map { message in
            let event = message.child("event", in: .pubsubEvent)?.child("subscription")
            return [message.to?.description, event?["jid"], event?["subscription"]]
        }
        #expect(
            said == [
                ["escalus@verona.example", "juliet@verona.example", "subscribed"],
                ["escalus@verona.example", "juliet@verona.example", "none"],
            ]
        )
    }

    @Test("subscribing twice is one subscription, and the reader is told")
    func twice() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        #expect(try await parlour.answer(to: "subscribe") == .done(Self.already("en")))
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("who asks twice at the same time is subscribed once")
    func atOnce() async throws {
        let parlour = try await Parlour()
        async let first = parlour.answer(to: "subscribe")
        async let second = parlour.answer(to: "subscribe")
        let answers = try await [first, second]
        #expect(Set(answers) == [.done(Self.welcome("en")), .done(Self.already("en"))])
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("a PubSub reader who subscribes by chat gets messages instead of events")
    func fromPubSub() async throws {
        let parlour = try await Parlour()
        try await parlour.subscribeByPubSub("juliet@verona.example", to: "dispatch-en")
        let outcome = try await parlour.answer(to: "subscribe")
        #expect(outcome.text.contains("with a PubSub client"))
        #expect(outcome.text.contains("as messages here instead"))
        #expect(
            try await parlour.subscriptions() == ["dispatch-en juliet@verona.example chat short"]
        )
        #expect(try await parlour.answer(to: "subscribe") == .done(Self.already("en")))
    }

    @Test("a subscription of one client does not bring the same issue a second time")
    func fromOneResource() async throws {
        let parlour = try await Parlour()
        try await parlour.subscribeByPubSub("juliet@verona.example/balcony", to: "dispatch-en")
        try await parlour.subscribeByPubSub("juliet@verona.example/balcony", to: "dispatch-de")
        let outcome = try await parlour.answer(to: "subscribe")
        #expect(outcome.text.contains("as messages here instead"))
        #expect(
            try await parlour.subscriptions() == [
                "dispatch-de juliet@verona.example/balcony event short",
                "dispatch-en juliet@verona.example chat short",
            ]
        )
    }

    @Test("who is excluded, or sits in a room, is refused with the reason and stays as they were")
    func refused() async throws {
        let parlour = try await Parlour()
        try await parlour.exclude("tybalt@verona.example", from: "dispatch-en")
        #expect(
            try await parlour.answer(to: "subscribe", from: "tybalt@verona.example")
                == .refused("You are excluded from the node 'dispatch-en'.")
        )
        let occupant = "feast@rooms.verona.example"
        let outcome = try await parlour.answer(to: "subscribe", from: occupant)
        #expect(outcome.text.contains("Subscribe from your own account"))
        #expect(
            try await parlour.answer(to: "subscribe", from: nil)
                == .refused("I can't see your address here. Please write to me directly.")
        )
        #expect(try await parlour.subscriptions(of: "tybalt@verona.example").isEmpty)
        #expect(try await parlour.subscriptions(of: occupant).isEmpty)
    }

    // MARK: -

    private static func welcome(_ language: String) -> String {
        "You are subscribed to The Verona Dispatch (\(language)). Each new issue comes to you as a "
            + "message.\nWrite “latest” to read the newest issue now, and “unsubscribe” to get no "
            + "more.\nxmpp:dispatch@news.verona.example?message;body=unsubscribe"
    }

    private static func already(_ language: String) -> String {
        "You are subscribed to The Verona Dispatch (\(language)) already."
    }
}

@Suite struct UnsubscribingTests {
    @Test(
        "one word ends it all, however the reader had subscribed",
        arguments: ["unsubscribe", "Unsubscribe!", "STOP", "leave", "unsubscribe all", "end"]
    )
    func all(line: String) async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        try await parlour.subscribeByPubSub("juliet@verona.example", to: "dispatch-de")
        try await parlour.subscribeByPubSub("juliet@verona.example/orchard", to: "dispatch-de")
        _ = try await parlour.answer(to: "subscribe", from: "romeo@verona.example")
        #expect(
            try await parlour.answer(to: line)
                == .done(
                    "You get The Verona Dispatch (en, de) no more. "
                        + "Write “subscribe” if you want it back.\n"
                        + "xmpp:dispatch@news.verona.example?message;body=subscribe"
                )
        )
        #expect(try await parlour.subscriptions().isEmpty)
        #expect(try await parlour.subscriptions(of: "romeo@verona.example").count == 1)
    }

    @Test("one language can be left alone")
    func oneLanguage() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe en")
        _ = try await parlour.answer(to: "subscribe pt-BR")
        let outcome = try await parlour.answer(to: "unsubscribe PT-br")
        #expect(outcome.text.hasPrefix("You get The Verona Dispatch (pt-br) no more."))
        #expect(
            try await parlour.subscriptions() == ["dispatch-en juliet@verona.example chat short"]
        )
        #expect(
            try await parlour.answer(to: "unsubscribe de").text
                == "You were not subscribed to The Verona Dispatch (de), "
                + "so there is nothing to end."
        )
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("who is not subscribed is told so")
    func notSubscribed() async throws {
        let parlour = try await Parlour()
        #expect(
            try await parlour.answer(to: "unsubscribe")
                == .done(
                    "You were not subscribed to The Verona Dispatch, so there is nothing to end."
                )
        )
    }

    @Test("leaving one newsletter leaves the others")
    func otherNewsletters() async throws {
        let parlour = try await Parlour(others: ["gazette"])
        _ = try await parlour.answer(to: "subscribe", at: "dispatch")
        _ = try await parlour.answer(to: "subscribe", at: "gazette")
        _ = try await parlour.answer(to: "unsubscribe", at: "dispatch")
        #expect(
            try await parlour.subscriptions() == ["gazette-en juliet@verona.example chat short"]
        )
    }
}
