import Readers
import Testing
import XML
import XMPP

/// Registering with a newsletter (XEP-0077).
@Suite struct RegistrationTests {
    private static let query = Element("query", in: .registration)

    @Test("what is offered is one form, and one field for clients without forms")
    func offer() async throws {
        let parlour = try await Parlour()
        let offer = try #require(try await parlour.register(.get, Self.query).payload)
        #expect(offer.child("registered") == nil)
        #expect(offer.child("misc")?.text == "en")
        #expect(offer.child("instructions")?.text.contains("en, de, pt-br") == true)
        let form = DataForm(try #require(offer.child("x", in: .dataForms)))
        #expect(form.formType == "jabber:iq:register")
        #expect(form["language"]?.options.map(\.value) == ["en", "de", "pt-br"])
        #expect(form["amount"]?.values == ["short"])
    }

    @Test("a filled-in form subscribes with its choices, and shows them the next time")
    func form() async throws {
        let parlour = try await Parlour()
        #expect(try await parlour.register(.set, filled("de", "full")).type == .result)
        #expect(
            try await parlour.subscriptions() == ["dispatch-de juliet@verona.example chat full"]
        )
        let offer = try #require(try await parlour.register(.get, Self.query).payload)
        #expect(offer.child("registered") != nil)
        let form = DataForm(try #require(offer.child("x", in: .dataForms)))
        #expect(form["language"]?.values == ["de"] && form["amount"]?.values == ["full"])
        #expect(try await parlour.register(.set, filled("en", "link")).type == .result)
        #expect(
            try await parlour.subscriptions() == ["dispatch-en juliet@verona.example chat link"],
            "another language instead of the one before"
        )
    }

    @Test(
        "a client without forms chooses the language in the one field there is",
        arguments: [
            ("DE", "dispatch-de"), ("", "dispatch-en"),
        ]
    )
    func legacy(language: String, node: String) async throws {
        let parlour = try await Parlour()
        let query = Element("query", in: .registration) { Element("misc") { language } }
        #expect(try await parlour.register(.set, query).type == .result)
        #expect(
            try await parlour.subscriptions() == ["\(node) juliet@verona.example chat short"]
        )
    }

    @Test("a language that there is not is refused with those there are")
    func noLanguage() async throws {
        let parlour = try await Parlour()
        let error = try await parlour.register(.set, filled("it", "full")).error
        #expect(error?.condition == .notAcceptable)
        #expect(error?.text?.contains("but in: en, de, pt-br") == true)
        #expect(try await parlour.subscriptions().isEmpty)
    }

    @Test("who is not registered can't be removed (§3.2)")
    func removeNobody() async throws {
        let query = Element("query", in: .registration) { Element("remove") }
        let parlour = try await Parlour()
        #expect(try await parlour.register(.set, query).error?.condition == .registrationRequired)
    }

    @Test("rooms, outcasts, and the domain of several newsletters are refused with the reason")
    func refused() async throws {
        let parlour = try await Parlour(others: ["gazette"])
        let occupant = "feast@rooms.verona.example/Romeo"
        let room = try await parlour.register(.set, Self.query, from: occupant)
        #expect(room.error?.text?.contains("your own account") == true)
        let domain = try await parlour.register(.get, Self.query, at: "news.verona.example")
        #expect(domain.error?.text?.contains("several newsletters") == true)
        try await parlour.exclude("tybalt@verona.example", from: "dispatch-en")
        let tybalt = try await parlour.register(.set, Self.query, from: "tybalt@verona.example/x")
        #expect(tybalt.error?.condition == .forbidden)
        #expect(try await parlour.subscriptions(of: "tybalt@verona.example").isEmpty)
    }

    private func filled(_ language: String, _ amount: String) -> Element {
        Element("query", in: .registration) {
            DataForm(
                .submit,
                formType: "jabber:iq:register",
                fields: [
                    .init("language", values: [language]), .init("amount", values: [amount]),
                ]
            ).element
        }
    }
}
