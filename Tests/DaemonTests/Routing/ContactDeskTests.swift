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
            presences: ContactPresences([Self.presence(of: contact)]),
            version: SoftwareVersion(name: "Broadsheet", version: "0.1"),
            start: Date(timeIntervalSince1970: 1_000),
            now: { Date(timeIntervalSince1970: 4_600) }
        )
    }

    /// A PNG of 96 by 64, as far as its first chunk tells.
    private static let picture: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
        + Array("IHDR".utf8) + [0, 0, 0, 96, 0, 0, 0, 64]

    private static func presence(of address: JID) -> ContactPresence {
        let card = ContactCard(
            address: address,
            title: "The Verona Dispatch",
            about: "Duels",
            url: "https://verona.lit/",
            avatar: try? Avatar(png: picture)
        )
        return ContactPresence(
            card: card,
            capabilities: EntityCapabilities(
                program: "Broadsheet",
                info: ContactDesk.info(named: card.title, [DataPolicy.dataForm])
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

    private func items(_ node: String, id: String? = nil) throws -> IQ {
        let payload = Element("pubsub", in: .pubsub) {
            Element("items", ["node": node]) { if let id { Element("item", ["id": id]) } }
        }
        return try answer(.get, payload)
    }

    @Test("the picture is found as a person's is, with its size, under its hash (XEP-0084 §4.2)")
    func avatar() throws {
        let hash = try #require(try Avatar(png: Self.picture).hash)
        let list = try #require(try items("urn:xmpp:avatar:metadata").payload?.child("items"))
        let item = try #require(list.child("item"))
        let info = item.child("metadata", in: .avatarMetadata)?.child("info")
        #expect(item["id"] == hash)
        #expect(info?["id"] == hash)
        #expect([info?["width"], info?["height"], info?["bytes"]] == ["96", "64", "24"])
        #expect(info?["type"] == "image/png")
        let data = try items("urn:xmpp:avatar:data", id: hash).payload?.child("items")?
            .child("item")?.child("data", in: .avatarData)
        #expect(data.map { Data(base64Encoded: $0.text) } == Data(Self.picture))
        let stale = try items("urn:xmpp:avatar:data", id: "0").payload?.child("items")
        #expect(stale?.child("item") == nil, "another picture is not this one")
    }

    @Test("the newer card and the name are nodes too (XEP-0292 §3, XEP-0172)")
    func card() throws {
        let card = try items("urn:xmpp:vcard4").payload?.child("items")?.child("item")?
            .child("vcard", in: .vCard4)
        #expect(card?.child("fn")?.child("text")?.text == "The Verona Dispatch")
        #expect(card?.child("kind")?.child("text")?.text == "application")
        #expect(card?.child("note")?.child("text")?.text == "Duels")
        #expect(card?.child("url")?.child("uri")?.text == "https://verona.lit/")
        #expect(card?.child("impp")?.child("uri")?.text == "xmpp:dispatch@news.verona.lit")
        #expect(
            card?.child("photo")?.child("uri")?.text.hasPrefix("data:image/png;base64,") == true
        )
        let nick = try items("http://jabber.org/protocol/nick").payload?.child("items")?
            .child("item")?.child("nick", in: .nick)
        #expect(nick?.text == "The Verona Dispatch")
    }

    @Test("its nodes are listed, each with its item, and none that is not there (XEP-0060 §5)")
    func nodes() throws {
        let list = try #require(try answer(.get, Element("query", in: .discoItems)).payload)
        let nodes = list.children("item").compactMap { $0["node"] }
        #expect(nodes.count == 4)
        for node in nodes {
            let info = try answer(.get, Element("query", in: .discoInfo, ["node": node])).payload
            #expect(info?.child("identity")?["type"] == "leaf")
            let items = try answer(.get, Element("query", in: .discoItems, ["node": node])).payload
            #expect(items?.child("item")?["name"] != nil)
        }
        let other = Element("query", in: .discoItems, ["node": "dispatch-en"])
        #expect(try answer(.get, other).error?.condition == .itemNotFound)
    }

    @Test("what becomes of people's data can be seen before they leave any (XEP-0504)")
    func dataPolicy() throws {
        let info = try #require(try answer(.get, Element("query", in: .discoInfo)).payload)
        let form = try #require(
            DiscoInfo(info).forms.first { $0.formType == "urn:xmpp:data-policy:0" }
        )
        #expect(form["data_export"]?.values == ["true"], "mydata")
        #expect(form["full_erasure"]?.values == ["true"], "forget me")
        #expect(form["encryption_at_rest"]?.values == ["false"])
    }

    @Test(
        "a file that is sent as a stream is declined at once (XEP-0166 §6.3, XEP-0096, XEP-0047)",
        arguments: [
            ("jingle", "urn:xmpp:jingle:1"), ("si", "http://jabber.org/protocol/si"),
            ("open", "http://jabber.org/protocol/ibb"), ("weird", "urn:verona:nonsense"),
        ]
    )
    func fileTransfer(name: String, namespace: String) throws {
        let payload = Element(name, in: Namespace(rawValue: namespace), ["sid": "ring"])
        #expect(try answer(.set, payload).error?.condition == .serviceUnavailable)
        #expect(try answer(.get, payload).error?.condition == .serviceUnavailable)
    }
}
