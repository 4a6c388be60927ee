import Testing
import XML
import XMPP

@Suite("Stanzas")
struct StanzaTests {
    @Test("an answer goes to the sender, from the address that was asked")
    func reply() throws {
        let request = try IQ(
            Element(
                xml: """
                    <iq xmlns='jabber:component:accept' type='get' id='v1' from='romeo@verona.lit/x'
                        to='news.verona.lit'><query xmlns='jabber:iq:version'/></iq>
                    """
            )
        )
        let answer = request.reply(with: SoftwareVersion(name: "a", version: "1").element)
        #expect(
            try answer.element()
                == Element(
                    xml: """
                        <iq xmlns='jabber:component:accept' type='result' id='v1' \
                        from='news.verona.lit' to='romeo@verona.lit/x'>\
                        <query xmlns='jabber:iq:version'><name>a</name>\
                        <version>1</version></query></iq>
                        """
                )
        )
    }

    @Test("a request without exactly one child is a bad request (RFC 6120 §8.2.3)")
    func childless() throws {
        let element = Element(
            "iq",
            in: .componentAccept,
            ["type": "get", "id": "1", "from": "a@b", "to": "c"]
        )
        let error = #expect(throws: StanzaReadingError.self) { try IQ(element) }
        #expect(
            error?.reply?.xml(inheriting: .componentAccept)
                == "<iq type='error' id='1' from='c' to='a@b'><error type='modify'><bad-request "
                + "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        )
    }

    @Test("errors and presence are never answered with an error (RFC 6120 §8.3.1)")
    func silence() {
        for stanza in [
            Element("iq", in: .componentAccept, ["type": "error", "from": "@", "id": "1"]),
            Element("presence", in: .componentAccept, ["from": "@"]),
        ] {
            let error = #expect(throws: StanzaReadingError.self) { try Stanza(stanza) }
            #expect(error != nil && error?.reply == nil)
        }
    }

    @Test(
        "every condition survives the wire with its usual type",
        arguments: StanzaError.Condition.allCases
    )
    func conditions(condition: StanzaError.Condition) {
        let error = StanzaError(
            condition,
            text: "why",
            extensionCondition: Element("x", in: "urn:y")
        )
        #expect(StanzaError(error.element) == error)
    }
}
