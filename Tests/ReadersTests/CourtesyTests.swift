import Testing
import XML
import XMPP

@testable import Readers

/// What is answered to things that are no commands, and to those who never stop.
@Suite struct CourtesyTests {
    private func read(_ xml: String) throws -> Message {
        let stream = "<stream xmlns='jabber:component:accept'>\(xml)</stream>"
        var message = try Message(#require(Element(xml: stream).elements.first { _ in true }))
        message.from = try JID("juliet@verona.example/balcony")
        message.to = try JID("dispatch@news.verona.example")
        return message
    }

    @Test(
        "an encrypted message is answered with how to switch that off, and is no command",
        arguments: [
            "<encrypted xmlns='eu.siacs.conversations.axolotl'/>",
            "<encrypted xmlns='urn:xmpp:omemo:2'/>",
            "<openpgp xmlns='urn:xmpp:openpgp:0'/>", "<x xmlns='jabber:x:encrypted'>…</x>",
        ]
    )
    func encrypted(payload: String) throws {
        let message = try read(
            "<message type='chat'><body>subscribe</body>\(payload)</message>"
        )
        #expect(DirectChat(message) == nil)
        let occasion = try #require(Courtesy.Occasion(message))
        let answer = try #require(Courtesy.answer(to: message, on: occasion))
        #expect(answer.body?.contains("switch encryption off") == true)
        #expect(answer.id != nil)
        var inFrench = message
        inFrench.xmlLang = "fr"
        let words = Courtesy.answer(to: inFrench, on: occasion)?.body
        #expect(words?.hasPrefix("Je ne peux pas lire les messages chiffrés") == true)
        #expect(answer.to == (try JID("juliet@verona.example")))
        #expect(answer.from == (try JID("dispatch@news.verona.example")))
    }

    @Test("a call is declined, at the client that calls (XEP-0353 §3.4)")
    func call() throws {
        let message = try read(
            "<message type='chat'><propose xmlns='urn:xmpp:jingle-message:0' id='c1'/></message>"
        )
        let answer = try #require(Courtesy.answer(to: message, on: .call(id: "c1")))
        #expect(Courtesy.Occasion(message) == .call(id: "c1"))
        #expect(answer.child("reject", in: .callInvitation)?["id"] == "c1")
        #expect(answer.to == message.from)
        #expect(answer.body == nil)
    }

    @Test("a file and an invitation are answered with a word, a reaction and a withdrawal are not")
    func others() throws {
        let url = "https://verona.example/ring.png"
        let file = try read(
            "<message type='chat'><body>\(url)</body><x xmlns='jabber:x:oob'><url>\(url)</url></x></message>"
        )
        #expect(Courtesy.Occasion(file) == .file)
        #expect(Courtesy.answer(to: file, on: .file)?.body?.contains("files") == true)
        let invitation = try read(
            "<message><x xmlns='jabber:x:conference' jid='feast@rooms.verona.example'/></message>"
        )
        #expect(Courtesy.Occasion(invitation) == .invitation)
        #expect(Courtesy.answer(to: invitation, on: .invitation)?.body?.contains("rooms") == true)
        for payload in [
            "<reactions id='m1' xmlns='urn:xmpp:reactions:0'><reaction>♥</reaction></reactions>",
            "<retract id='m1' xmlns='urn:xmpp:message-retract:1'/>",
        ] {
            let gesture = try read("<message type='chat'><body>stop</body>\(payload)</message>")
            #expect(Courtesy.Occasion(gesture) == .gesture)
            #expect(Courtesy.answer(to: gesture, on: .gesture) == nil)
            #expect(DirectChat(gesture) == nil, "nobody leaves by a fallback text")
        }
    }

    @Test("words with an address in them are words")
    func words() throws {
        let message = try read(
            "<message type='chat'><body>latest</body><x xmlns='jabber:x:oob'><url>https://a.b</url></x></message>"
        )
        #expect(Courtesy.Occasion(message) == nil)
        #expect(DirectChat(message)?.line == "latest")
    }

    @Test("who asks for a receipt gets one, and receipts are never answered (XEP-0184 §5.3)")
    func receipts() throws {
        let request = "<request xmlns='urn:xmpp:receipts'/>"
        let message = try read("<message type='chat' id='m1'><body>help</body>\(request)</message>")
        let receipt = try #require(Courtesy.receipt(for: message))
        #expect(receipt.child("received", in: .receipts)?["id"] == "m1")
        #expect(receipt.to == message.from)
        #expect(Courtesy.receipt(for: receipt) == nil)
        let inRoom = try read(
            "<message type='chat' id='m1'><body>help</body>\(request)"
                + "<x xmlns='http://jabber.org/protocol/muc#user'/></message>"
        )
        #expect(Courtesy.receipt(for: inRoom) == nil, "through a room, nobody knows to whom")
        let withoutID = try read("<message type='chat'><body>help</body>\(request)</message>")
        #expect(Courtesy.receipt(for: withoutID) == nil)
        let error = try read("<message type='error' id='m1'>\(request)</message>")
        #expect(Courtesy.receipt(for: error) == nil)
    }

    @Test(
        "a command is understood in whatever dressing it comes",
        arguments: [
            ("“subscribe de”", "subscribe de"), ("subscribe de.", "subscribe de"),
            ("'Stop!'", "Stop"), ("> Write “subscribe”.\n> Or not.\nsubscribe", "subscribe"),
            ("  help ?? ", "help"), ("issue \"2024-02\"", "issue \"2024-02\""), ("???", "???"),
            ("„latest“", "latest"),
            ("This is a longer text, with an end.", "This is a longer text, with an end."),
        ]
    )
    func spoken(body: String, line: String) {
        #expect(SpokenLine.line(in: body) == line)
    }

    @Test("who writes without end is told once, then not heard until the time is over")
    func budget() throws {
        let (juliet, romeo) = (try JID("juliet@verona.example"), try JID("romeo@verona.example"))
        var budget = AnswerBudget(2, per: .seconds(60))
        let verdicts = (0..<5).map { budget.spend(by: juliet, at: .seconds($0)) }
        #expect(verdicts == [.answer, .answer, .warn, .ignore, .ignore])
        #expect(budget.spend(by: romeo, at: .seconds(5)) == .answer)
        #expect(budget.spend(by: juliet, at: .seconds(59)) == .ignore)
        #expect(budget.spend(by: juliet, at: .seconds(60)) == .answer)
    }

    @Test("however many write, the memory of them is bounded")
    func manyPeople() throws {
        var budget = AnswerBudget(1, per: .seconds(60))
        for number in 0..<10_000 {
            _ = budget.spend(by: try JID("p\(number)@verona.example"), at: .zero)
        }
        let first = try JID("p0@verona.example")
        #expect(budget.spend(by: first, at: .seconds(1)) == .warn, "still remembered")
        _ = budget.spend(by: try JID("late@verona.example"), at: .seconds(1))
        #expect(budget.spend(by: first, at: .seconds(1)) == .answer, "begun anew")
    }
}
