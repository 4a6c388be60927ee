import Availability
import Testing
import XML
import XMPP

/// What a newsletter's contact shows of itself.
@Suite struct ContactPresenceTests {
    private let contact: JID
    private let juliet: JID
    /// The signature of a PNG; no more of it is looked at.
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]

    init() throws {
        contact = try JID("dispatch@news.verona.example")
        juliet = try JID("juliet@verona.example/balcony")
    }

    private func presence(_ avatar: Avatar? = nil) -> ContactPresence {
        let title = "The Verona Dispatch"
        let info = DiscoInfo(
            identities: [.init(category: "client", type: "bot", name: title)],
            features: [.ping, .discoInfo]
        )
        return ContactPresence(
            card: ContactCard(address: contact, title: title, avatar: avatar),
            capabilities: EntityCapabilities(program: "Broadsheet", info: info),
            status: "Write to me"
        )
    }

    @Test("presence comes from a full address, with name, status and what the contact can do")
    func available() throws {
        let sent = presence().available(to: juliet)
        #expect(sent.type == .available)
        #expect(sent.from == (try JID("dispatch@news.verona.example/newsletter")))
        #expect(sent.to == juliet)
        #expect(sent.children.first { $0.name == "status" }?.text == "Write to me")
        #expect(sent.child("nick", in: .nick)?.text == "The Verona Dispatch")
        #expect(sent.child("c", in: .capabilities)?["hash"] == "sha-1")
    }

    @Test("who adds the contact is let in and shown that it is there, and never asked back")
    func granted() {
        let sent = presence().granted(to: juliet)
        #expect(sent.map(\.type) == [.subscribed, .available])
        #expect(sent.allSatisfy { $0.to == juliet.bare }, "any of the reader's clients")
        #expect(sent[0].from == contact)
    }

    @Test("who removes the contact sees it go")
    func ended() {
        #expect(presence().ended(for: juliet).map(\.type) == [.unavailable, .unsubscribed])
    }

    @Test("the picture is in the card, and its hash in the presence (XEP-0153 §4.1)")
    func avatar() throws {
        let avatar = try Avatar(png: Self.png)
        let own = presence(avatar)
        let photo = own.card.vCard.child("PHOTO")
        #expect(photo?.child("TYPE")?.text == "image/png")
        #expect(photo?.child("BINVAL")?.text == "iVBORw0KGgoBAgM=")
        let update = own.available(to: juliet).child("x", in: .vCardUpdate)
        #expect(update?.child("photo")?.text == avatar.hash)
        #expect(avatar.hash?.count == 40)
        let none = presence().available(to: juliet).child("x", in: .vCardUpdate)
        #expect(none?.child("photo")?.text == "", "clients need not look for one")
        #expect(presence().card.vCard.child("PHOTO") == nil)
    }

    @Test("what is no PNG, or too large, is refused with what to do")
    func wrongPicture() {
        #expect(throws: AvatarError.notPNG) { try Avatar(png: [0xFF, 0xD8, 0xFF]) }
        let large = Self.png + [UInt8](repeating: 0, count: Avatar.maximumSize)
        #expect(throws: AvatarError.tooLarge(bytes: 100_011)) { try Avatar(png: large) }
        #expect(AvatarError.notPNG.description.contains("Convert it"))
        #expect(AvatarError.tooLarge(bytes: 1).description.contains("at most 100000"))
    }

    @Test("capabilities have the hash that other programs compute (XEP-0115 §5.2)")
    func hash() {
        let info = DiscoInfo(
            identities: [.init(category: "client", type: "pc", name: "Exodus 0.9.1")],
            features: [.muc, .discoItems, .discoInfo, .capabilities]
        )
        let capabilities = EntityCapabilities(
            program: "http://code.google.com/p/exodus",
            info: info
        )
        #expect(capabilities.element?["ver"] == "QgayPKawpkPSDYmwT/WM94uAlu0=")
        #expect(capabilities.node == "http://code.google.com/p/exodus#QgayPKawpkPSDYmwT/WM94uAlu0=")
        #expect(capabilities.infoAtNode.node == capabilities.node)
    }

    @Test("forms of extended information count in the hash, in whatever order (XEP-0128)")
    func forms() {
        func capabilities(_ values: [String]) -> String? {
            let form = DataForm(
                .result,
                formType: "urn:verona",
                fields: [.init("houses", values: values), .init("city", values: ["Verona"])]
            )
            let info = DiscoInfo(identities: [], features: [], forms: [form])
            return EntityCapabilities(program: "x", info: info).element?["ver"]
        }
        #expect(capabilities(["Montague", "Capulet"]) == capabilities(["Capulet", "Montague"]))
        #expect(capabilities(["Capulet"]) != capabilities(["Montague"]))
    }

    @Test("a new status line is shown from then on, and who must be told of it is known")
    func status() throws {
        let presences = ContactPresences([presence()])
        let other = try JID("other@news.verona.example")
        #expect(presences.setStatus([contact: "Write to me", other: "x"]).isEmpty)
        #expect(presences.setStatus([contact: "Tomorrow"]) == [contact])
        let shown = presences[contact]?.available(to: juliet)
        #expect(shown?.children.first { $0.name == "status" }?.text == "Tomorrow")
        let gone = presences[contact]?.unavailable(to: juliet)
        #expect(gone?.type == .unavailable)
        #expect(gone?.from == shown?.from)
        #expect(gone?.to == juliet.bare)
    }
}
