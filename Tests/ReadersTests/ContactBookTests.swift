import Foundation
import Readers
import Testing
import XMPP

/// Adding the newsletter as a contact, and removing it.
@Suite struct ContactBookTests {
    @Test("who adds the contact is let in, sees it there, and is asked once what they want")
    func adding() async throws {
        let parlour = try await Parlour()
        let first = try await parlour.presence(.subscribe)
        #expect(types(of: first) == ["subscribed", "available", "message"])
        guard case .message(let question) = try #require(first.last) else { return }
        #expect(question.to == (try JID("juliet@verona.example")))
        #expect(question.id != nil)
        #expect(question.body?.contains("This is The Verona Dispatch") == true)
        #expect(question.body?.contains("en, de, pt-br") == true)
        #expect(question.body?.contains("If you write nothing, you get nothing.") == true)
        let links = ["subscribe", "subscribe%20de"].map {
            "\nxmpp:dispatch@news.verona.example?message;body=\($0)\n"
        }
        #expect(links.allSatisfy { question.body?.contains($0) == true })
        #expect(try await parlour.subscriptions().isEmpty, "adding alone subscribes nobody")
        let again = try await parlour.presence(.subscribe)
        #expect(types(of: again) == ["subscribed", "available"], "a server may ask again")
    }

    @Test("who gets the newsletter already is not asked")
    func readerAdds() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe")
        #expect(types(of: try await parlour.presence(.subscribe)) == ["subscribed", "available"])
    }

    @Test("a probe is answered with presence, whoever asks")
    func probe() async throws {
        let parlour = try await Parlour()
        #expect(types(of: try await parlour.presence(.probe)) == ["available"])
        #expect(types(of: try await parlour.presence(.unsubscribed)).isEmpty)
        #expect(types(of: try await parlour.presence(.available)).isEmpty)
    }

    @Test("who removes the contact leaves this newsletter, no other, and may come back as new")
    func removing() async throws {
        let parlour = try await Parlour(others: ["gazette"])
        _ = try await parlour.presence(.subscribe)
        _ = try await parlour.answer(to: "subscribe", at: "dispatch")
        _ = try await parlour.answer(to: "subscribe de", at: "dispatch")
        _ = try await parlour.answer(to: "subscribe", at: "gazette")
        let sent = try await parlour.presence(.unsubscribe)
        #expect(types(of: sent) == ["unavailable", "unsubscribed"])
        #expect(
            try await parlour.subscriptions() == ["gazette-en juliet@verona.example chat short"]
        )
        #expect(types(of: try await parlour.presence(.subscribe)).last == "message")
    }

    @Test("that somebody is busy is noted of those who want it so, and of nobody else")
    func busy() async throws {
        let parlour = try await Parlour()
        let juliet = try JID("juliet@verona.example")
        func end() async throws -> Date? {
            try await parlour.store.read { try $0.busyEnd(of: juliet) }
        }
        #expect(try await parlour.say("dnd wait").contains("no hours can be quiet"))
        _ = try await parlour.answer(to: "subscribe")
        #expect(try await parlour.presence(showing: "dnd").isEmpty)
        #expect(try await end() == nil)
        #expect(try await parlour.say("Do not disturb: wait").contains("24 h"))
        _ = try await parlour.presence(showing: "away")
        #expect(try await end() == nil)
        _ = try await parlour.presence(showing: "dnd")
        #expect(try await end() != nil)
        #expect(try await parlour.say("mydata").contains("busyUntil"))
        _ = try await parlour.presence(.unavailable)
        #expect(try await end() == nil)
        #expect(try await parlour.say("dnd").contains("24 h"))
        #expect(try await parlour.say("dnd ignore").contains("whether you are busy or not"))
    }

    @Test("who is busy at one client stays so, whatever another of theirs shows")
    func busyAtOne() async throws {
        let parlour = try await Parlour()
        let juliet = try JID("juliet@verona.example")
        func isBusy() async throws -> Bool {
            try await parlour.store.read { try $0.busyEnd(of: juliet) != nil }
        }
        _ = try await parlour.answer(to: "subscribe")
        _ = try await parlour.presence(from: "\(juliet)/desk", showing: "dnd")
        _ = try await parlour.say("dnd wait")
        #expect(try await isBusy(), "it was shown before it mattered")
        _ = try await parlour.presence(from: "\(juliet)/phone")
        #expect(try await isBusy())
        _ = try await parlour.presence(.unavailable, from: "\(juliet)/phone")
        #expect(try await isBusy())
        #expect(try await parlour.say("mydata").contains("\(juliet)/desk"))
        _ = try await parlour.presence(.unavailable, from: "\(juliet)/desk")
        #expect(try await !isBusy())
        _ = try await parlour.answer(to: "forget me", consent: .toEverything)
        #expect(try await !parlour.say("mydata").contains("\(juliet)/desk"))
    }

    @Test("the domain of several newsletters says which there are, and removing it ends none")
    func domain() async throws {
        let parlour = try await Parlour(others: ["gazette"])
        let domain = "news.verona.example"
        let sent = try await parlour.presence(.subscribe, at: domain)
        guard case .message(let question) = try #require(sent.last) else {
            Issue.record("\(sent)")
            return
        }
        #expect(question.body?.contains("xmpp:gazette@news.verona.example") == true)
        _ = try await parlour.answer(to: "subscribe", at: "dispatch")
        _ = try await parlour.presence(.unsubscribe, at: domain)
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("an occupant of a room is nobody's contact")
    func occupant() async throws {
        let parlour = try await Parlour()
        let sent = try await parlour.presence(.subscribe, from: "feast@rooms.verona.example/Romeo")
        #expect(sent.isEmpty)
    }

    private func types(of stanzas: [Stanza]) -> [String] {
        stanzas.map { stanza in
            if case .presence(let presence) = stanza { presence.type.rawValue } else { "message" }
        }
    }
}
