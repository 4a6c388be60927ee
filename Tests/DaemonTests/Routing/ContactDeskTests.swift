import Availability
import Foundation
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
            presences: [contact: Self.presence(of: contact)],
            version: SoftwareVersion(name: "Broadsheet", version: "0.1"),
            start: Date(timeIntervalSince1970: 1_000),
            now: { Date(timeIntervalSince1970: 4_600) }
        )
    }

    private static func presence(of address: JID) -> ContactPresence {
        let card = ContactCard(address: address, title: "The Verona Dispatch", about: "Duels")
        return ContactPresence(
            card: card,
            capabilities: EntityCapabilities(
                program: "Broadsheet",
                info: ContactDesk.info(named: card.title)
            ),
            status: "Here"
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

    @Test("a contact has a card, a time, a version, and is never idle (XEP-0054, 0202, 0092, 0012)")
    func person() throws {
        let card = try #require(try answer(.get, Element("vCard", in: .vCard)).payload)
        #expect(card.child("FN")?.text == "The Verona Dispatch")
        #expect(card.child("DESC")?.text == "Duels")
        #expect(card.child("PHOTO") == nil)
        let time = try #require(try answer(.get, Element("time", in: .entityTime)).payload)
        #expect(time.child("utc")?.text == "1970-01-01T01:16:40Z")
        #expect(time.child("tzo")?.text == "+00:00")
        let version = try answer(.get, Element("query", in: .softwareVersion)).payload
        #expect(version?.child("name")?.text == "Broadsheet")
        let idle = try answer(.get, Element("query", in: .lastActivity)).payload
        #expect(idle?["seconds"] == "0")
        let iq = IQ(.get, id: "2", to: desk.service, payload: Element("query", in: .lastActivity))
        #expect(desk.answer(to: iq, at: contact).payload?["seconds"] == "3600", "its uptime")
    }

    @Test("what its presence says it can do can be looked up, and nothing else (XEP-0115 §6.2)")
    func capabilities() throws {
        let own = Self.presence(of: contact).capabilities
        let node = try #require(own.node)
        let info = try answer(.get, Element("query", in: .discoInfo, ["node": node])).payload
        let plain = try answer(.get, Element("query", in: .discoInfo)).payload
        #expect(info?["node"] == node)
        #expect(info?.children == plain?.children)
        let other = Element("query", in: .discoInfo, ["node": "Broadsheet#other"])
        #expect(try answer(.get, other).error?.condition == .itemNotFound)
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
