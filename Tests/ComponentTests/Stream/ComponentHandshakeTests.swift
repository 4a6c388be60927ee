import Testing
import XML
import XMPP

@testable import Component

@Suite("The handshake, step by step (XEP-0114 §3)")
struct ComponentHandshakeTests {
    private let header = Element("stream", in: .stream, ["id": "3BF96D32"])
    private let accepted = Element("handshake", in: .componentAccept)

    @Test("header, digest, empty handshake: the stream is open")
    func opens() {
        var handshake = ComponentHandshake()
        #expect(handshake.receivedHeader(header) == .sendDigest(streamID: "3BF96D32"))
        #expect(handshake.received(accepted) == .open)
    }

    @Test("stream features are passed over wherever they come")
    func features() {
        var handshake = ComponentHandshake()
        _ = handshake.receivedHeader(header)
        #expect(handshake.received(Element("features", in: .stream)) == .wait)
        #expect(handshake.received(accepted) == .open)
    }

    @Test("a header without id ends it at once, since there is nothing to digest")
    func noID() {
        var handshake = ComponentHandshake()
        let order = handshake.receivedHeader(Element("stream", in: .stream))
        #expect(order == .end(.lost(.handshake(.headerWithoutID))))
    }

    @Test("after a header with an empty id, as Prosody sends to refuse, the reason counts")
    func emptyID() {
        var handshake = ComponentHandshake()
        #expect(handshake.receivedHeader(Element("stream", in: .stream, ["id": ""])) == .wait)
        let error = StreamError(.hostUnknown, text: "no such component")
        var accepting = handshake
        var waiting = handshake
        #expect(handshake.received(error.element) == .end(.streamError(error)))
        #expect(accepting.received(accepted) == .end(.lost(.handshake(.headerWithoutID))))
        #expect(waiting.timedOut() == .end(.lost(.handshake(.headerWithoutID))))
    }

    @Test("a server of another protocol is called that")
    func otherRoot() {
        var handshake = ComponentHandshake()
        let order = handshake.receivedHeader(Element("html"))
        #expect(order == .end(.lost(.handshake(.notAStream(root: "html")))))
        // A stream by name alone is none either.
        var other = ComponentHandshake()
        #expect(
            other.receivedHeader(Element("stream", in: "urn:other", ["id": "1"]))
                == .end(.lost(.handshake(.notAStream(root: "stream"))))
        )
    }

    @Test("a second header, a stanza or a handshake too early is a failure, whenever it comes")
    func outOfOrder() {
        var early = ComponentHandshake()
        #expect(
            early.received(accepted) == .end(.lost(.handshake(.unexpectedElement("handshake"))))
        )
        var twice = ComponentHandshake()
        _ = twice.receivedHeader(header)
        #expect(twice.receivedHeader(header) == .end(.lost(.handshake(.secondHeader))))
        // What failed stays failed.
        #expect(
            twice.received(accepted) == .end(.lost(.handshake(.unexpectedElement("handshake"))))
        )
        var stanza = ComponentHandshake()
        _ = stanza.receivedHeader(header)
        #expect(
            stanza.received(Element("message", in: .componentAccept))
                == .end(.lost(.handshake(.unexpectedElement("message"))))
        )
        var foreign = ComponentHandshake()
        _ = foreign.receivedHeader(header)
        #expect(
            foreign.received(Element("handshake", in: .client))
                == .end(.lost(.handshake(.unexpectedElement("handshake"))))
        )
    }

    @Test("the server may close or refuse in every state")
    func refused() {
        let error = StreamError(.notAuthorized)
        var handshake = ComponentHandshake()
        #expect(handshake.received(error.element) == .end(.streamError(error)))
        var later = ComponentHandshake()
        _ = later.receivedHeader(header)
        #expect(later.received(error.element) == .end(.streamError(error)))
        var closed = ComponentHandshake()
        _ = closed.receivedHeader(header)
        #expect(closed.receivedClosingTag() == .end(.closedByServer))
        var silent = ComponentHandshake()
        #expect(silent.timedOut() == .end(.lost(.handshake(.timedOut))))
    }

    @Test("the digest is SHA-1 over id and secret, in lower case, as computed with sha1sum")
    func digest() {
        #expect(
            Secret("Pa$$wörd").digest(streamID: "3BF96D32")
                == "8715b0175292375fe312698d520a9880a7ebf7da"
        )
    }

    @Test("a secret prints itself nowhere")
    func secret() {
        var dumped = ""
        let secret = Secret("opensesame")
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])"] {
            #expect(!text.contains("opensesame"))
        }
    }
}
