import Testing
import XML
import XMPP

@testable import Daemon

@Suite("The desk of the newsletters' contacts")
struct ContactDeskTests {
    private let desk: ContactDesk
    private let contact: JID

    init() throws {
        contact = try JID("dispatch@news.verona.lit")
        desk = ContactDesk(
            service: try JID("news.verona.lit"),
            titles: [contact: "The Verona Dispatch"],
            version: SoftwareVersion(name: "Broadsheet", version: "0.1")
        )
    }

    private func answer(_ type: IQ.IQType, _ payload: Element) throws -> IQ {
        let iq = IQ(
            type,
            id: "1",
            from: try JID("balcony@rooms.lit/romeo"),
            to: contact,
            payload: payload
        )
        return desk.answer(to: iq, at: contact)
    }

    @Test(
        "PubSub is not answered here, as from a room, and whoever asks is told where",
        arguments: [IQ.IQType.get, .set],
        [Namespace.pubsub, .pubsubOwner]
    )
    func pubsub(type: IQ.IQType, namespace: Namespace) throws {
        let error = try #require(try answer(type, Element("pubsub", in: namespace)).error)
        #expect(error.condition == .serviceUnavailable)
        #expect(error.text?.contains("news.verona.lit") == true)
        #expect(error.text?.contains("your own account") == true)
    }

    @Test("a contact says who it is, and that it is there")
    func others() throws {
        let info = try answer(.get, Element("query", in: .discoInfo)).payload
        #expect(info?.child("identity")?["name"] == "The Verona Dispatch")
        #expect(try answer(.get, Element("ping", in: .ping)).type == .result)
        #expect(
            try answer(.set, Element("ping", in: .ping)).error?.condition == .serviceUnavailable
        )
    }
}
