import Testing
import XML
import XMPP

@testable import Daemon

@Suite("Answers of one batch")
struct AnswerWriterTests {
    private static let infos = [
        "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='a'/></query>",
        "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='b'/></query>",
        "<x xmlns='urn:x'><y xmlns='urn:y'>&lt;</y></x>",
    ]

    @Test("are the same bytes as if each were written alone")
    func same() throws {
        let payloads = try [0, 0, 1, 1, 0, 2, 2].map { try Element(xml: Self.infos[$0]) }
        var answers = AnswerWriter(longest: 100_000)
        var expected = Writer()
        for (number, payload) in payloads.enumerated() {
            let request = IQ(
                .get,
                id: "<\(number)",
                from: try JID("r\(number)@verona.lit"),
                to: try JID("news.verona.lit")
            )
            for reply in [
                request.reply(with: payload), request.reply(),
                request.reply(error: StanzaError(.forbidden)),
            ] {
                answers.write(reply)
                expected.write(reply.element(), inheriting: .componentAccept)
            }
        }
        let message = Message(.normal, id: "m", body: "&")
        answers.write(message)
        expected.write(message.element(), inheriting: .componentAccept)
        #expect(answers.bytes == expected.bytes)
    }

    @Test("those that the server would end the stream for become errors, and the others stay")
    func tooLong() throws {
        let long = Element("query", in: "urn:x") { String(repeating: "<", count: 1_000) }
        let ask = IQ(
            .get,
            id: "1",
            from: try JID("romeo@verona.lit"),
            to: try JID("news.verona.lit")
        )
        var answers = AnswerWriter(longest: 2_000)
        answers.write(ask.reply())
        // The same again: what was taken back is not copied.
        answers.write(ask.reply(with: long))
        answers.write(ask.reply(with: long))
        answers.write(ask.reply())
        answers.write(Message(.normal, id: "m", body: String(repeating: "&", count: 1_000)))
        let stream = try Element(
            xml: "<stream xmlns='\(Namespace.componentAccept.rawValue)'>"
                + String(decoding: answers.bytes, as: UTF8.self) + "</stream>"
        )
        #expect(stream.elements.map { $0["type"] } == ["result", "error", "error", "result"])
        #expect(stream.elements.map { $0["to"] } == Array(repeating: "romeo@verona.lit", count: 4))
    }

    @Test("whose error would be too long as well are left out: a stranger chooses the id")
    func tooLongID() throws {
        let ask = IQ(
            .get,
            id: String(repeating: "i", count: 3_000),
            from: try JID("romeo@verona.lit"),
            to: try JID("news.verona.lit")
        )
        var answers = AnswerWriter(longest: 2_000)
        answers.write(ask.reply(error: StanzaError(.badRequest)).element())
        answers.write(ask.reply(with: Element("query", in: "urn:x")))
        #expect(answers.bytes.isEmpty)
        #expect(answers.count == 0)
    }
}
