import Testing
import XML

@testable import Component

@Suite("Stream errors (RFC 6120 §4.9)")
struct StreamErrorTests {
    @Test("every condition survives the wire", arguments: StreamError.Condition.allCases)
    func roundTrip(condition: StreamError.Condition) throws {
        let error = StreamError(condition, text: "a & b")
        #expect(StreamError(error.element) == error)
        #expect(try StreamError(Element(xml: error.element.xml())) == error)
    }

    @Test("a condition we do not know counts as undefined, and its text is kept")
    func unknown() throws {
        let element = try Element(
            xml: """
                <s:error xmlns:s='http://etherx.jabber.org/streams'>\
                <novel xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>\
                <text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>because</text>\
                <conflict xmlns='urn:example:other'/></s:error>
                """
        )
        #expect(StreamError(element) == StreamError(.undefinedCondition, text: "because"))
    }

    @Test("see-other-host names the host (§4.9.3.19)")
    func seeOtherHost() throws {
        let element = try Element(
            xml: """
                <s:error xmlns:s='http://etherx.jabber.org/streams'><see-other-host \
                xmlns='urn:ietf:params:xml:ns:xmpp-streams'>[2001:db8::1]:9222</see-other-host>\
                </s:error>
                """
        )
        #expect(StreamError(element) == StreamError(.seeOtherHost, text: "[2001:db8::1]:9222"))
    }

    @Test("bad XML gets the condition that names it (§4.9.3)")
    func parserErrors() {
        #expect(
            StreamError(.notWellFormed(reason: "mismatched tag", line: 1, column: 2))
                == StreamError(.notWellFormed, text: "mismatched tag")
        )
        #expect(StreamError(.restricted(what: "a comment", line: 1)).condition == .restrictedXML)
        #expect(StreamError(.ended).condition == .badFormat)
    }

    @Test("a refusal tells the operator what to compare")
    func refusal() {
        let refused = ComponentRefused(
            domain: "news.example",
            error: StreamError(.notAuthorized, text: "no match")
        )
        #expect(
            refused.description
                == "The server refused 'news.example' (not-authorized). Compare domain and secret "
                + "with the component entry in its configuration. The server says: no match"
        )
    }

    @Test(
        "every end is a sentence, and only a lost stream is not clean",
        arguments: [
            (StreamEnd.closedByUs, true, "We closed the stream."),
            (.closedByServer, true, "The server closed the stream."),
            (
                .streamError(StreamError(.conflict)), true,
                "The server ended the stream (conflict). "
                    + "Another connection uses this domain; look for a second instance."
            ),
            (
                .streamError(StreamError(.systemShutdown, text: "bye")), true,
                "The server ended the stream (system-shutdown: bye)."
            ),
            (.lost(.disconnected), false, "The connection to the server broke off."),
            (.lost(.silent), false, "The server fell silent and did not answer a ping."),
            (
                .lost(.handshake(.notAStream(root: "html"))), false,
                "The server answered with <html> instead of a stream. "
                    + "Check that host and port are those of its component port."
            ),
        ]
    )
    func words(end: StreamEnd, isClean: Bool, words: String) {
        #expect(end.description == words)
        #expect(end.isClean == isClean)
    }
}
