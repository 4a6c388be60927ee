import Commands
import Foundation
import Readers
import Testing
import XML
import XMPP

/// Which messages to our addresses are commands, and where their answers go.
@Suite struct DirectChatTests {
    @Test("a chat message is a command, without the blanks around it")
    func chat() throws {
        let chat = try #require(
            try read("<message type='chat' xml:lang='de'><body> subscribe \n</body></message>")
        )
        #expect(chat.line == "subscribe")
        #expect(chat.reader == (try JID("juliet@verona.example")))
        #expect(chat.language == "de")
        #expect(chat.face == .chat(contact: try JID("dispatch@news.verona.example")))
    }

    @Test("a message without a type counts, as terminal clients send it (RFC 6121 §5.2.2)")
    func normal() throws {
        let chat = try read("<message><subject>Hi</subject><body>help</body></message>")
        #expect(chat?.line == "help")
        #expect(chat?.language == nil)
    }

    @Test(
        "what nobody waits for an answer to gets none",
        arguments: [
            "<message type='error'><body>subscribe</body><error type='cancel'/></message>",
            "<message type='headline'><body>subscribe</body></message>",
            "<message type='groupchat'><body>subscribe</body></message>",
            "<message type='chat'/>",
            "<message type='chat'><body/></message>",
            "<message type='chat'><body> \n\t </body></message>",
            "<message type='chat'><subject>subscribe</subject></message>",
            """
            <message type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>
            """,
            "<message type='chat'><received xmlns='urn:xmpp:receipts' id='m1'/></message>",
            """
            <message type='chat'><body>subscribe</body>\
            <delay xmlns='urn:xmpp:delay' stamp='2026-11-16T08:30:00Z'/></message>
            """,
            """
            <message type='chat'><body>subscribe</body>\
            <delay xmlns='urn:xmpp:delay' stamp='yesterday'/></message>
            """,
            """
            <message><body>Come to the feast</body><x xmlns='http://jabber.org/protocol/muc#user'>\
            <invite from='capulet@verona.example'/></x></message>
            """,
        ]
    )
    func unanswered(xml: String) throws {
        #expect(try read(xml) == nil)
    }

    @Test("two answers of the same words are two messages: Dino drops a repeated one without id")
    func ids() throws {
        let message = try read("<message type='chat'><body>settings</body></message>")
        let chat = try #require(message)
        let ids = [chat.answer("You get nothing."), chat.answer("You get nothing.")].map(\.id)
        #expect(ids[0] != nil)
        #expect(ids[0] != ids[1])
    }

    @Test("a message without sender or receiver has nobody to answer")
    func nobody() {
        #expect(DirectChat(Message(.chat, body: "subscribe")) == nil)
    }

    @Test(
        "the answer goes from the address that was written to, to the reader's bare address",
        arguments: [
            ("dispatch@news.verona.example", "dispatch@news.verona.example"),
            ("dispatch@news.verona.example/Gazette", "dispatch@news.verona.example"),
            ("news.verona.example", "news.verona.example"),
        ]
    )
    func answer(writtenTo: String, from: String) throws {
        let xml = "<message type='chat' id='m1'><body>help</body></message>"
        let chat = try #require(try read(xml, to: writtenTo))
        var answer = chat.answer("Do you bite your thumb & frown?")
        answer.id = nil
        #expect(
            answer.element().xml()
                == "<message xmlns='jabber:component:accept' type='chat' from='\(from)' "
                + "to='juliet@verona.example'><body>Do you bite your thumb &amp; frown?</body>"
                + "<store xmlns='urn:xmpp:hints'/></message>"
        )
    }

    private func read(
        _ xml: String,
        to address: String = "dispatch@news.verona.example"
    ) throws -> DirectChat? {
        let stream = "<stream xmlns='jabber:component:accept'>\(xml)</stream>"
        var message = try Message(#require(Element(xml: stream).elements.first { _ in true }))
        message.from = try JID("juliet@verona.example/balcony")
        message.to = try JID(address)
        return DirectChat(message)
    }
}
