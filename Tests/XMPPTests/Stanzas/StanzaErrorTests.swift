import Testing
import XML
import XMPP

@Suite("Stanza errors (RFC 6120 §8.3)")
struct StanzaErrorTests {
    private func read(_ content: String, type: String? = nil) throws -> StanzaError {
        let attribute = type.map { " type='\($0)'" } ?? ""
        return StanzaError(
            try Element(
                xml: "<error xmlns='jabber:component:accept'\(attribute)>\(content)</error>"
            )
        )
    }

    @Test("each type has its word", arguments: StanzaError.ErrorType.allCases)
    func types(type: StanzaError.ErrorType) throws {
        let error = StanzaError(.conflict, type: type)
        #expect(error.element["type"] == type.rawValue)
        #expect(StanzaError(try Element(xml: error.element.xml())) == error)
    }

    @Test("the usual types are those of §8.3.3")
    func usualTypes() {
        #expect(StanzaError(.badRequest).type == .modify)
        #expect(StanzaError(.forbidden).type == .auth)
        #expect(StanzaError(.recipientUnavailable).type == .wait)
        #expect(StanzaError(.serviceUnavailable).type == .cancel)
        #expect(StanzaError(.itemNotFound).type == .cancel)
    }

    @Test("order, text and extension do not hide the condition")
    func order() throws {
        let error = try read(
            """
            <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>Please wait.</text>
            <closed-node xmlns='http://jabber.org/protocol/pubsub#errors'/>
            <not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
            """,
            type: "wait"
        )
        #expect(error.condition == .notAllowed)
        #expect(error.type == .wait)
        #expect(error.text == "Please wait.")
        #expect(error.extensionCondition == Element("closed-node", in: .pubsubErrors))
        #expect(error.description == "not-allowed + closed-node: Please wait.")
    }

    @Test(
        "an error that says nothing we know is undefined, and its type cancel",
        arguments: [
            "", "<sad xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>", "words",
        ]
    )
    func unknown(content: String) throws {
        #expect(try read(content) == StanzaError(.undefinedCondition))
        #expect(try read(content, type: "dance") == StanzaError(.undefinedCondition))
    }

    @Test("of two conditions the first counts")
    func two() throws {
        let error = try read(
            """
            <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
            <sad xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
            <gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:a@b</gone>
            """
        )
        #expect(error.condition == .forbidden)
        #expect(error.type == .auth)
    }

    @Test("a missing type is the usual one of the condition")
    func missingType() throws {
        let error = try read("<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>")
        #expect(error == StanzaError(.forbidden))
    }

    @Test("an error takes the namespace of the stanza it is put in")
    func placed() throws {
        let element = Message(.error, to: try JID("a@b")) { StanzaError(.gone).element }.element()
        #expect(element.child("error")?.namespace == .componentAccept)
        #expect(try Message(element).error == StanzaError(.gone))
    }
}
