import Storage
import Testing
import XMPP

@testable import Daemon
@testable import Delivery

@Suite("The notice of a suspension")
struct SuspensionNoticeTests {
    @Test(
        "whom too much came back from is told in the language of the issues, or in English",
        arguments: [("fr", "fr"), ("de-AT", "de"), ("ja", "en"), (nil, "en")] as [(String?, String)]
    )
    func language(issues: String?, notice: String) async throws {
        let store = try Store.inMemory()
        let name = try #require(NodeID(rawValue: "verse"))
        let reader = try await store.write { transaction in
            let node = try transaction.createNode(NewNode(name: name, createdAt: .now))
            let id = node?.id ?? NodeRowID(rawValue: 0)
            return try transaction.subscribe(try JID("juliet@verona.lit"), to: id, at: .now).record
        }
        let bounce = Bounce(
            fanOut: FanOutRowID(rawValue: 1),
            reader: reader,
            sender: try JID("news.verona.lit"),
            error: StanzaError(.serviceUnavailable),
            verdict: .score,
            isSuspended: true,
            language: issues
        )
        let message = Message(suspending: bounce)
        #expect(message.to == reader.jid)
        #expect(message.xmlLang == notice)
        #expect(message.body == DaemonTexts.all.texts(in: notice)("reader.suspended"))
        #expect(message.body?.contains("reader.suspended") == false)
    }
}
