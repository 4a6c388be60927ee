import Commands
import Foundation
import Storage
import Testing
import XMPP

@testable import Readers

/// What readers choose by words: amount, language, pauses; and what they see of themselves.
@Suite struct ChoosingTests {
    @Test("one word says how much of each issue comes", arguments: ["full", "Short!", "LINK"])
    func amount(line: String) async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let outcome = try await parlour.answer(to: line)
        #expect(outcome.text.hasPrefix("From now on you get"))
        let word = line.lowercased().filter(\.isLetter)
        #expect(
            try await parlour.subscriptions() == ["dispatch-en juliet@verona.example chat \(word)"]
        )
    }

    @Test(
        "whoever writes in a language is answered in it",
        arguments: [
            ("de", "Du hast The", "Du bekommst The", "Du bekommst The", "Alles löschen"),
            (
                "fr", "Vous êtes abonné à The", "Vous recevez", "Vous ne recevez plus",
                "Effacer tout"
            ),
            ("es", "Está suscrito a The", "Recibe The", "Ya no recibe The", "¿Borrar todo"),
            ("it", "Sei iscritto a The", "Ricevi The", "Non ricevi più The", "Cancellare tutto"),
        ]
    )
    func answersInLanguages(
        language: String,
        welcome: String,
        settings: String,
        farewell: String,
        question: String
    ) async throws {
        let parlour = try await Parlour()
        for (line, beginning) in [
            ("subscribe", welcome), ("settings", settings), ("unsubscribe", farewell),
            ("forget me", question),
        ] {
            #expect(try await parlour.answer(to: line, in: language).text.hasPrefix(beginning))
        }
        for line in [
            "subscribe xx", "latest", "last 99", "issue nothing", "search nowhere", "pause someday",
            "pause 1999-01-01", "full", "unsubscribe", "settings", "pause",
        ] {
            let english = try await parlour.answer(to: line).text
            let text = try await parlour.answer(to: line, in: language).text
            #expect(text != english && !text.contains("{"), "\(line)")
        }
    }

    @Test("subscribing again keeps the amount that was chosen")
    func amountStays() async throws {
        let parlour = try await Parlour()
        for line in ["subscribe", "full", "subscribe"] { _ = try await parlour.answer(to: line) }
        #expect(
            try await parlour.subscriptions() == ["dispatch-en juliet@verona.example chat full"]
        )
    }

    @Test("another language comes instead of the one before, in the same amount")
    func language() async throws {
        let parlour = try await Parlour()
        for line in ["subscribe", "link"] { _ = try await parlour.answer(to: line) }
        #expect(try await parlour.answer(to: "language de").text.hasSuffix("in 'de'."))
        #expect(
            try await parlour.subscriptions() == ["dispatch-de juliet@verona.example chat link"]
        )
        #expect(try await parlour.answer(to: "language it").text.contains("but in: en, de"))
        #expect(try await parlour.subscriptions().count == 1, "a slip changes nothing")
    }

    @Test(
        "who is not subscribed is told how to be, and nothing begins by itself",
        arguments: ["full", "language de", "pause until 2030-01-01", "unpause"]
    )
    func notSubscribed(line: String) async throws {
        let parlour = try await Parlour()
        #expect(try await parlour.answer(to: line).text.contains("Write “subscribe”"))
        #expect(try await parlour.subscriptions().isEmpty)
    }

    @Test(
        "a pause ends at its day, at “unpause”, or at “subscribe”",
        arguments: [
            nil, "unpause", "subscribe",
        ]
    )
    func pause(line: String?) async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        let day = "\(DateTime(Date() + 40 * 86_400))".prefix(10)
        let paused = try await parlour.answer(to: "Pause until \(day)")
        #expect(paused.text.contains("before \(day)"))
        #expect(try await parlour.isDelivered() == false)
        #expect(try await parlour.answer(to: "settings").text.contains("paused until \(day)"))
        if let line {
            #expect(try await parlour.answer(to: line).text.hasSuffix("again."))
        } else {
            let early = try await parlour.store.write {
                try $0.endPauses(at: Date() + 38 * 86_400)
            }
            #expect(early == 0)
            _ = try await parlour.store.write { try $0.endPauses(at: Date() + 41 * 86_400) }
        }
        #expect(try await parlour.isDelivered() == true)
        #expect(!(try await parlour.answer(to: "settings").text.contains("paused")))
    }

    @Test(
        "a day that is none, is over, or is in another age is refused",
        arguments: ["pause", "pause until May", "pause 2020-01-01", "pause until 2199-01-01"]
    )
    func wrongDay(line: String) async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        guard case .refused = try await parlour.answer(to: line) else {
            Issue.record("taken: \(line)")
            return
        }
        #expect(try await parlour.isDelivered() == true)
    }

    @Test("`settings` shows what comes in which form, and how to change it")
    func settings() async throws {
        let parlour = try await Parlour()
        #expect(try await parlour.answer(to: "settings").text.contains("You are not subscribed"))
        for line in ["subscribe", "full"] { _ = try await parlour.answer(to: line) }
        try await parlour.subscribeByPubSub("juliet@verona.example/orchard", to: "dispatch-de")
        let text = try await parlour.answer(to: "Settings?").text
        #expect(text.contains("- en: as messages with the whole text\n"))
        #expect(text.contains("- de: by a PubSub client (orchard)\n"))
        #expect(text.contains("“pause until …”"))
    }

    @Test("`mydata` is all there is, of this reader and of nobody else")
    func data() async throws {
        let parlour = try await Parlour(others: ["gazette"])
        _ = try await parlour.presence(.subscribe)
        _ = try await parlour.answer(to: "subscribe")
        _ = try await parlour.answer(to: "subscribe", at: "gazette")
        _ = try await parlour.answer(to: "subscribe", from: "romeo@verona.example")
        try await parlour.watch("dispatch-de", as: "juliet@verona.example")
        let json = try await parlour.answer(to: "mydata").text
        let data = try JSONDecoder().decode(StoredData.self, from: Data(json.utf8))
        #expect(data.address == "juliet@verona.example")
        #expect(data.subscriptions.map(\.node) == ["dispatch-en", "gazette-en"])
        #expect(data.contacts.map(\.address) == ["dispatch@news.verona.example"])
        #expect(data.affiliations.map(\.node) == ["dispatch-de"])
        #expect(!json.contains("romeo"))
    }

    @Test("`forget me` asks first, then nothing is left of the reader at any newsletter")
    func forget() async throws {
        let parlour = try await Parlour(others: ["gazette"])
        _ = try await parlour.presence(.subscribe)
        _ = try await parlour.answer(to: "subscribe")
        _ = try await parlour.answer(to: "subscribe", at: "gazette")
        _ = try await parlour.answer(to: "subscribe", from: "romeo@verona.example")
        try await parlour.set(.member, of: "juliet@verona.example", at: "dispatch-de")
        guard case .question(let question) = try await parlour.answer(to: "Forget me") else {
            Issue.record("erased without a question")
            return
        }
        #expect(question.contains("“mydata”"))
        #expect(try await parlour.subscriptions().count == 2, "not yet")
        let consent = CommandConsent.to(question: question)
        let erased = try await parlour.answer(to: "forget me", consent: consent)
        #expect(erased.text.contains("All is erased"))
        let json = try await parlour.answer(to: "mydata").text
        let data = try JSONDecoder().decode(StoredData.self, from: Data(json.utf8))
        #expect(data.subscriptions.isEmpty && data.contacts.isEmpty && data.affiliations.isEmpty)
        #expect(try await parlour.subscriptions(of: "romeo@verona.example").count == 1)
    }

    @Test("who is excluded stays so, and is told")
    func forgottenOutcast() async throws {
        let parlour = try await Parlour()
        try await parlour.exclude("tybalt@verona.example", from: "dispatch-en")
        let text = try await parlour.answer(
            to: "forget me",
            from: "tybalt@verona.example",
            consent: .toEverything
        ).text
        #expect(text.contains("What stays"))
    }
}

/// Issues that readers ask for.
@Suite struct ReadingTests {
    @Test("`last 2` shows the two newest issues, newest first")
    func last() async throws {
        let parlour = try await Parlour()
        for month in ["03", "05", "04"] {
            try await parlour.publish("2026-\(month)-05-dispatch", in: "en")
        }
        let text = try await parlour.answer(to: "last 2").text
        let newest = try #require(text.range(of: "2026-05-05"))
        let second = try #require(text.range(of: "2026-04-05"))
        #expect(newest.lowerBound < second.lowerBound)
        #expect(!text.contains("2026-03-05"))
        #expect(try await parlour.answer(to: "last many").text.contains("no number from 1 to 20"))
        #expect(try await parlour.answer(to: "last 0").text.contains("no number from 1 to 20"))
        #expect(try await parlour.answer(to: "last 3 de").text.contains("has appeared in 'de'"))
    }

    @Test("`issue` takes any beginning that fits one, and names the candidates of several")
    func issue() async throws {
        let parlour = try await Parlour()
        for month in ["04", "05"] {
            try await parlour.publish("2026-\(month)-05-dispatch", in: "en")
        }
        try await parlour.publish("2026-04-05-dispatch", in: "de")
        #expect(try await parlour.answer(to: "issue 2026-05") == .done("2026-05-05-dispatch in en"))
        #expect(try await parlour.answer(to: "issue latest").text.hasPrefix("2026-05-05"))
        #expect(
            try await parlour.answer(to: "issue 2026-04 de") == .done("2026-04-05-dispatch in de")
        )
        #expect(
            try await parlour.answer(to: "issue 2026")
                == .refused(
                    """
                    Several issues begin with “2026”. Which one?
                    - issue 2026-05-05-dispatch
                    - issue 2026-04-05-dispatch
                    """
                )
        )
        #expect(try await parlour.answer(to: "issue 1595").text.contains("“last 5”"))
    }

    @Test("`search` shows the newest issues that have all the words, in the reader's languages")
    func search() async throws {
        let parlour = try await Parlour()
        for month in 1...6 {
            let id = "2026-0\(month)-05-dispatch"
            try await parlour.publish(id, in: "en", saying: "A quarrel\n in the Market Square.")
            try await parlour.publish(id, in: "de", saying: "Ein Streit, quarrel genannt.")
        }
        try await parlour.publish("2026-07-05-dispatch", in: "en", saying: "A market, no more.")
        let text = try await parlour.answer(to: "Search market QUARREL").text
        #expect(text.hasPrefix("6 issues have “market QUARREL”; the newest 5:\n\n"))
        #expect(text.contains("link to 2026-06-05-dispatch\n> A quarrel in the Market Square."))
        #expect(!text.contains("2026-01-05"))
        let reader = "romeo@verona.example"
        _ = try await parlour.answer(to: "subscribe de", from: reader)
        let german = try await parlour.answer(to: "search quarrel", from: reader).text
        #expect(german.contains("> Ein Streit") && !german.contains("Square"))
    }

    @Test(
        "what is looked for is words, whatever signs are in it",
        arguments: [
            "search balcony", "search \"", "search * OR NEAR(", "search market NOT quarrel",
        ]
    )
    func searchForNothing(line: String) async throws {
        let parlour = try await Parlour()
        try await parlour.publish("2026-05-05-dispatch", in: "en", saying: "A market")
        guard case .refused(let text) = try await parlour.answer(to: line) else {
            Issue.record("found something")
            return
        }
        #expect(text.hasPrefix("No issue of The Verona Dispatch has"))
    }
}

extension Parlour {
    /// Whether Juliet's first subscription sends anything.
    fileprivate func isDelivered() async throws -> Bool? {
        let (service, juliet) = (service, try JID("juliet@verona.example"))
        return try await store.read { transaction in
            try service.subscriptions(of: juliet, in: transaction).first?.record.choice.isDelivered
        }
    }
}
