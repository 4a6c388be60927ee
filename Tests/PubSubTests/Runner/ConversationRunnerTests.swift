import Conversations
import Testing
import XML
import XMPP

/// A partner that sends what it is told to, whatever it hears.
private struct Parrot: ConversationPartner {
    let lines: [String]

    func receive(_ stanza: Element) async throws -> [Element] {
        try lines.map { line in
            let xml = line.replacing("SENDER", with: stanza["from"] ?? "nobody")
            var element = try Element(xml: "<s xmlns='jabber:component:accept'>\(xml)</s>")
            for case .element(let child) in element.children { element = child }
            return element
        }
    }
}

@Suite("The runner of conversations")
struct ConversationRunnerTests {
    private func play(_ lines: [String], _ script: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            through: Parrot(lines: lines),
            addresses: ["guest": "room@rooms.lit/guest"],
            script
        )
    }

    private let hello = "<message to='SENDER' id='7' type='chat'><body>hello</body></message>"

    @Test("what fits, fits: order of attributes, white space, wildcards, open addresses")
    func fits() async throws {
        try await play(
            [hello],
            """
            # Romeo is answered wherever he is.
            romeo  > <message/>
            romeo  < <message type='chat' id='*'>
                       <body>hello</body>
                     </message>
            romeo/phone > <message/>
            romeo/phone < <message to='romeo@verona.lit/phone' id='7' type='chat'>
                            <body>*</body></message>
            guest  > <message/>
            guest  < <message to='room@rooms.lit/guest' id='7' type='chat'><body>hello</body>
                     </message>
            romeo  < nothing
            juliet < nothing
            """
        )
    }

    @Test("the text of an error may be left out, or asked for")
    func errorText() async throws {
        let error = """
            <iq type='error' id='1' to='SENDER'><error type='auth'>\
            <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
            <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No.</text></error></iq>
            """
        try await play(
            [error, error],
            """
            romeo > <iq type='get' id='1'/>
            romeo < <iq type='error' id='1'><error type='auth'>
                      <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            romeo < <iq type='error' id='1'><error type='auth'>
                      <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No.</text></error></iq>
            """
        )
    }

    @Test(
        "a wrong expectation fails",
        arguments: [
            "romeo < <iq id='7' type='chat'><body>hello</body></iq>",
            "romeo < <message id='7'><body>hello</body></message>",
            "romeo < <message id='8' type='chat'><body>hello</body></message>",
            "romeo < <message id='7' type='chat' x='*'><body>hello</body></message>",
            "romeo < <message id='7' type='chat'><body>goodbye</body></message>",
            "romeo < <message id='7' type='chat'><body xmlns='urn:x'>hello</body></message>",
            "romeo < <message id='7' type='chat'/>",
            "romeo < <message id='7' type='chat'><body>hello</body><body/></message>",
            "romeo < <message to='juliet@verona.lit' id='7' type='chat'><body>hello</body></message>",
            "romeo < nothing",
            "juliet < <message id='7' type='chat'><body>hello</body></message>",
            "# nobody says what Romeo got",
        ]
    )
    func fails(expectation: String) async {
        await withKnownIssue {
            try await play([hello], "romeo > <message/>\n\(expectation)")
        }
    }

    @Test("silence that was broken, or expected words that never came, are told with both sides")
    func explains() async throws {
        let error = await #expect(throws: ConversationError.self) {
            try await play([], "romeo > <message/>\nromeo < <message><body>x</body></message>")
        }
        #expect(
            error?.description == """
                Line 2: romeo was to get
                    <message>
                        <body>x</body>
                    </message>
                but got nothing
                Difference: nothing came
                """
        )
        let other = await #expect(throws: ConversationError.self) {
            try await play([hello], "romeo > <message/>\nromeo < <message id='7' type='chat'/>")
        }
        #expect(other?.description.contains("message also has <body/>") == true)
        #expect(other?.description.contains("<body>hello</body>") == true)
    }

    @Test(
        "a script that cannot be read is refused",
        arguments: [
            "", "romeo", "romeo > <message>", "romeo > hello", "> <message/>",
            "romeo > nothing", "romeo > <message/><message/>",
        ]
    )
    func unreadable(script: String) async {
        await #expect(throws: ConversationError.self) { try await play([], script) }
    }
}
