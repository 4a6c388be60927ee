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
                    + "Another connection uses this domain, or the server serves it itself: look "
                    + "for a second instance, and for the domain among the server's own hosts."
            ),
            (
                .streamError(StreamError(.systemShutdown, text: "bye")), true,
                "The server ended the stream (system-shutdown: bye)."
            ),
            (.lost(.disconnected), false, "The connection to the server broke off."),
            (
                .lost(.unanswered), false,
                "We closed the stream, and the server did not say whether it had read all before."
            ),
            (.lost(.silent), false, "The server fell silent and did not answer a ping."),
            (
                .lost(.deaf), false,
                "The server still talks, but answered no ping: it does not read."
            ),
            (
                .lost(.tls(.truncated)), false,
                "The connection to the server broke off, without the end that TLS announces."
            ),
            (
                .streamError(StreamError(.seeOtherHost, text: "[2001:db8::1]:9222")), true,
                "The server ended the stream (see-other-host: [2001:db8::1]:9222). "
                    + "Set host and port of the server to those it names."
            ),
            (
                .lost(.handshake(.closedEarly)), false,
                "The server hung up during the handshake. Check that its port is the component "
                    + "port, and whether it wants TLS (`component.tls: direct`); "
                    + "its log may say more."
            ),
            (
                .lost(.handshake(.wantsTLS)), false,
                "The server speaks TLS on this port. "
                    + "Set `component.tls: direct`, or use its plain port."
            ),
            (
                .lost(.handshake(.secondHeader)), false,
                "The server sent a second stream header on the same stream, which it must not do. "
                    + "Check that its port is the component port."
            ),
            (
                .lost(.handshake(.headerWithoutID)), false,
                "The server's stream header has no id, so that no handshake is possible "
                    + "(XEP-0114 §3). Check that its port is the component port."
            ),
            (
                .lost(.handshake(.unexpectedElement("iq"))), false,
                "The server sent <iq> before the handshake was done. Check that its port is the "
                    + "component port, not that of clients or servers."
            ),
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
