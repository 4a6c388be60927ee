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
        var answers = AnswerWriter()
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
}
