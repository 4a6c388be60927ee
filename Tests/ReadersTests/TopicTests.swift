import Commands
import Testing

/// Reading single sections of the issues, by writing to a newsletter.
@Suite struct TopicTests {
    private func parlour() async throws -> Parlour {
        try await Parlour(topics: ["specifications", "events"])
    }

    @Test(
        "a topic is named by what it is called or by its title, in the newsletter's own language",
        arguments: ["subscribe events", "Subscribe EVENTS", "subscribe en events"]
            + ["subscribe \"All events\""]
    )
    func names(line: String) async throws {
        let parlour = try await parlour()
        let outcome = try await parlour.answer(to: line)
        #expect(
            outcome.text.hasPrefix("You are subscribed to The Verona Dispatch (en All events).")
        )
        #expect(
            try await parlour.subscriptions()
                == ["dispatch-en-events juliet@verona.example chat short"]
        )
    }

    @Test(
        "several topics of a language can be had at once; settings shows them, unsubscribe ends them"
    )
    func several() async throws {
        let parlour = try await parlour()
        _ = try await parlour.answer(to: "subscribe de specifications events")
        #expect(
            try await parlour.subscriptions().sorted() == [
                "dispatch-de-events juliet@verona.example chat short",
                "dispatch-de-specifications juliet@verona.example chat short",
            ]
        )
        let settings = try await parlour.answer(to: "settings").text
        #expect(settings.contains("- de All specifications: as short messages"))
        let left = try await parlour.answer(to: "unsubscribe de events").text
        #expect(left.hasPrefix("You get The Verona Dispatch (de All events) no more."))
        #expect(try await parlour.subscriptions().count == 1)
        _ = try await parlour.answer(to: "unsubscribe de")
        #expect(try await parlour.subscriptions().isEmpty)
    }

    @Test("who gets the whole issues is told that a section of them does not come once more")
    func withTheWhole() async throws {
        let parlour = try await parlour()
        _ = try await parlour.answer(to: "subscribe")
        let outcome = try await parlour.answer(to: "subscribe events")
        #expect(
            outcome.text.contains("You get whole issues in 'en', so the section comes with them")
        )
        _ = try await parlour.answer(to: "unsubscribe")
        #expect(try await parlour.subscriptions().isEmpty)
    }

    @Test("what is no topic is answered with those there are")
    func unknown() async throws {
        let parlour = try await parlour()
        #expect(
            try await parlour.answer(to: "subscribe duels")
                == .refused(
                    "The Verona Dispatch has no topic “duels” in 'en', but: specifications, events. "
                        + "Languages: en, de, pt-br."
                )
        )
    }

    @Test("another language is for topics too, and the amounts stay")
    func language() async throws {
        let parlour = try await parlour()
        _ = try await parlour.answer(to: "subscribe events")
        _ = try await parlour.answer(to: "full")
        _ = try await parlour.answer(to: "language de")
        #expect(
            try await parlour.subscriptions()
                == ["dispatch-de-events juliet@verona.example chat full"]
        )
    }
}
