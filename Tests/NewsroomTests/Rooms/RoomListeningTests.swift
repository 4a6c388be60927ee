import Testing
import XML
import XMPP

@testable import Newsroom

@Suite("What in a room is said to us")
struct RoomListeningTests {
    private func hear(
        _ xml: String,
        nick: String = "Gazette",
        sent: Set<String> = []
    ) throws -> RoomListening.Heard {
        let message = try Message(Element(xml: xml))
        let listening = RoomListening(
            nick: nick,
            room: try JID(Verona.room),
            isSent: sent.contains
        )
        return listening.hear(message)
    }

    private func heard(
        body: String,
        more: String = "",
        type: String = "groupchat",
        from: String = "Romeo",
        id: String = "m1",
        nick: String = "Gazette",
        sent: Set<String> = []
    ) throws -> RoomListening.Heard {
        try hear(
            """
            <message xmlns='jabber:component:accept' type='\(type)' id='\(id)' \
            from='\(Verona.room)/\(from)' to='\(Verona.address)'>\
            <body>\(body)</body>\(more)</message>
            """,
            nick: nick,
            sent: sent
        )
    }

    private func line(_ heard: RoomListening.Heard) -> String? {
        if case .command(let line, _) = heard { line } else { nil }
    }

    @Test(
        "a command begins with ! or with our nick",
        arguments: [
            ("!publish 2024-02", "publish 2024-02"),
            ("  !help\n", "help"),
            ("Gazette: publish 2024-02", "publish 2024-02"),
            ("Gazette, publish 2024-02", "publish 2024-02"),
            ("gazette:help", "help"),
            ("@Gazette: help", "help"),
            ("Gazette: !help", "help"),
            ("Gazette:", "help"),
            ("!éditions", "éditions"),
        ]
    )
    func addressed(body: String, expected: String) throws {
        #expect(line(try heard(body: body)) == expected)
    }

    @Test(
        "all else is talk among people",
        arguments: [
            "publish 2024-02", "Gazette publish 2024-02", "Gazettes: help", "the Gazette: help",
            "!!!", "! help", "!", "!42", "Romeo: !publish 2024-02", "Gazett: help",
            "I said !publish", "Gаzette: help",
        ]
    )
    func talk(body: String) throws {
        #expect(try heard(body: body) == .nothing(.notAddressed))
    }

    @Test("a nick with spaces is understood; a command keeps its author and the room's id for it")
    func details() throws {
        let heard = try heard(
            body: "The Gazette: status",
            more: """
                <stanza-id xmlns='urn:xmpp:sid:0' by='mallory@verona.lit' id='forged'/>
                <stanza-id xmlns='urn:xmpp:sid:0' by='\(Verona.room)' id='s1'/>
                """,
            nick: "The Gazette"
        )
        let original = RoomMessage(nick: "Romeo", text: "The Gazette: status", stanzaID: "s1")
        #expect(heard == .command("status", original))
    }

    @Test(
        "kept messages are never commands, by whichever stamp (XEP-0203, XEP-0091)",
        arguments: [
            "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>",
            "<delay xmlns='urn:xmpp:delay' stamp='nonsense'/>",
            "<x xmlns='jabber:x:delay' stamp='20260101T00:00:00'/>",
        ]
    )
    func delayed(stamp: String) throws {
        #expect(try heard(body: "!publish 2024-02", more: stamp) == .nothing(.delayed))
    }

    @Test("our own words are never commands, by nick or by id")
    func ours() throws {
        #expect(try heard(body: "!help", from: "Gazette") == .nothing(.ours))
        #expect(try heard(body: "!help", id: "g7", sent: ["g7"]) == .nothing(.ours))
        #expect(line(try heard(body: "!help", id: "g8", sent: ["g7"])) == "help")
    }

    @Test("errors, subjects, the room itself and messages without words are no commands")
    func others() throws {
        #expect(try heard(body: "!help", type: "error") == .nothing(.anError))
        #expect(
            try heard(body: "!help", more: "<subject>!help</subject>") == .nothing(.aSubject)
        )
        #expect(try heard(body: " ") == .nothing(.withoutText))
        #expect(
            try hear(
                "<message xmlns='jabber:component:accept' type='groupchat' "
                    + "from='\(Verona.room)/Romeo'/>"
            ) == .nothing(.withoutText)
        )
        #expect(
            try hear(
                "<message xmlns='jabber:component:accept' type='groupchat' "
                    + "from='\(Verona.room)'><body>!help</body></message>"
            ) == .nothing(.notFromAnOccupant)
        )
    }

    @Test("a private message through the room is no command, whatever it says (§7.5)")
    func privateMessage() throws {
        let x = "<x xmlns='http://jabber.org/protocol/muc#user'/>"
        #expect(
            try heard(body: "!publish 2024-02", more: x, type: "chat")
                == .privateMessage(nick: "Romeo")
        )
        #expect(try heard(body: "hi", type: "normal") == .privateMessage(nick: "Romeo"))
        #expect(try heard(body: "!help", type: "chat", from: "Gazette") == .nothing(.ours))
    }
}

@Suite("Replies and quotations (XEP-0461, XEP-0428)")
struct ReplyFallbackTests {
    private func message(_ body: String, _ fallback: String) throws -> Message {
        try Message(
            Element(
                xml: "<message xmlns='jabber:component:accept' type='groupchat' "
                    + "from='\(Verona.room)/Romeo'><body>\(body)</body>\(fallback)</message>"
            )
        )
    }

    private func fallback(_ parts: String, for feature: String = "urn:xmpp:reply:0") -> String {
        "<fallback xmlns='urn:xmpp:fallback:0' for='\(feature)'>\(parts)</fallback>"
    }

    private func line(_ message: Message) throws -> String? {
        let listening = RoomListening(
            nick: "Gazette",
            room: try JID(Verona.room),
            isSent: { _ in false }
        )
        guard case .command(let line, _) = listening.hear(message) else { return nil }
        return line
    }

    @Test("a command in the quoted part of a reply is not obeyed")
    func quotedCommand() throws {
        let body = "&gt; !publish 2024-02\nnot yet, please"
        let marked = try message(body, fallback("<body start='0' end='19'/>"))
        #expect(ReplyFallback.removed(from: marked) == "not yet, please")
        #expect(try line(marked) == nil)
        #expect(try line(try message(body, "")) == nil)
        #expect(try line(try message("!publish 2024-02 no", fallback("<body/>"))) == nil)
        #expect(try line(try message("Gazette: &gt; !publish 2024-02", "")) == nil)
    }

    @Test("a command beneath a quotation is, once the quotation is marked as such")
    func commandInReply() throws {
        let body = "&gt; shall we?\n!publish 2024-02"
        let marked = try message(body, fallback("<body start='0' end='12'/>"))
        #expect(try line(marked) == "publish 2024-02")
        #expect(try line(try message(body, "")) == nil)
    }

    @Test("ranges count code points, not bytes or what people see as letters")
    func codePoints() throws {
        // 👩‍🚀 is three code points, é here two.
        let quote = "> 👩‍🚀 e\u{301}\n"
        let length = quote.unicodeScalars.count
        #expect(length == 9)
        let marked = try message(
            quote.replacing(">", with: "&gt;") + "!help",
            fallback("<body start='0' end='\(length)'/>")
        )
        #expect(try line(marked) == "help")
    }

    @Test(
        "a range that can't be read leaves nothing to obey",
        arguments: ["start='x' end='2'", "start='5' end='2'", "start='-1' end='2'", "end='y'"]
    )
    func unreadable(range: String) throws {
        let marked = try message("!help", fallback("<body \(range)/>"))
        #expect(ReplyFallback.removed(from: marked) == "")
    }

    @Test("a range beyond the end, several ranges, and none at all")
    func ranges() throws {
        let beyond = try message("!help", fallback("<body start='5' end='99999'/>"))
        #expect(try line(beyond) == "help")
        let several = try message(
            "abc!help xyz",
            fallback("<body start='0' end='3'/><body start='8' end='12'/>")
        )
        #expect(try line(several) == "help")
        #expect(ReplyFallback.removed(from: try message("!help", fallback(""))) == "")
        let open = try message("!help me", fallback("<body start='5'/>"))
        #expect(try line(open) == "help")
        let ofTheSubject = try message("!help", fallback("<subject/>"))
        #expect(try line(ofTheSubject) == "help")
    }

    @Test("fallbacks for other features stay, since we know nothing better")
    func otherFeature() throws {
        let marked = try message("!help", fallback("<body/>", for: "urn:example:colours"))
        #expect(try line(marked) == "help")
    }

    @Test("we quote two lines at most, each shortened")
    func quotation() {
        #expect(ReplyFallback.quotation(of: "!help") == "> !help\n")
        #expect(ReplyFallback.quotation(of: "a\n\nb\nc") == "> a\n> b\n")
        let long = ReplyFallback.quotation(of: String(repeating: "x", count: 500))
        #expect(long.count == 83)
    }
}
