import Readers
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("Routing")
struct AddressBookTests {
    private let book: AddressBook

    init() throws {
        book = AddressBook(
            domain: try JID("news.verona.lit"),
            contacts: [try JID("dispatch@news.verona.lit")],
            rooms: [try JID("comm-team@rooms.verona.lit")],
            commands: ["subscribe"]
        )
    }

    private func route(_ xml: String, guestRooms: ReadingRooms = ReadingRooms()) throws -> Route {
        let stream = "<s xmlns='jabber:component:accept'>\(xml)</s>"
        let element = try #require(Array(try Element(xml: stream).elements).first)
        return book.route(try Stanza(element), guestRooms: guestRooms)
    }

    @Test("a request to the domain is the service's, one to a resource of it nobody's")
    func requests() throws {
        let query = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
        let toDomain = try route(
            "<iq type='get' id='1' from='a@b' to='news.verona.lit'>\(query)</iq>"
        )
        guard case .service = toDomain else {
            Issue.record("\(toDomain)")
            return
        }
        let toResource = try route(
            "<iq type='get' id='1' from='a@b' to='news.verona.lit/x'>\(query)</iq>"
        )
        guard case .nobody = toResource else {
            Issue.record("\(toResource)")
            return
        }
    }

    @Test("a stanza whose id would make the answer too long gets none")
    func longID() throws {
        for (length, isServed) in [(1_023, true), (1_024, false)] {
            let id = String(repeating: "i", count: length)
            let route = try route(
                "<iq type='get' id='\(id)' from='a@b' to='news.verona.lit'><ping xmlns='urn:xmpp:ping'/></iq>"
            )
            if case .nothing = route { #expect(!isServed) } else { #expect(isServed) }
        }
    }

    @Test("what is about commands goes to the forms, at the domain and at a contact alike")
    func commands() throws {
        let command = "<command xmlns='http://jabber.org/protocol/commands' node='NODE'/>"
        let info = "<query xmlns='http://jabber.org/protocol/disco#info' node='NODE'/>"
        let items = "<query xmlns='http://jabber.org/protocol/disco#items' node='NODE'/>"
        let list = "http://jabber.org/protocol/commands"
        let pending = "http://jabber.org/protocol/pubsub#get-pending"
        let cases = [
            (command, "subscribe", true), (command, "nonsense", true), (command, pending, false),
            (info, "subscribe", true), (info, list, true), (info, "dispatch-en", false),
            (info, pending, false), (items, list, true), (items, "subscribe", false),
        ]
        for address in ["news.verona.lit", "dispatch@news.verona.lit"] {
            for (payload, node, isForms) in cases {
                let type = payload == command ? "set" : "get"
                let route = try route(
                    "<iq type='\(type)' id='1' from='a@b/c' to='\(address)'>"
                        + payload.replacing("NODE", with: node) + "</iq>"
                )
                if case .command(_, let asked) = route {
                    #expect(isForms, "\(payload) \(node)")
                    #expect(asked.description == address)
                } else {
                    #expect(!isForms, "\(payload) \(node)")
                }
            }
        }
    }

    @Test("an owner's decision on who may subscribe goes to the service, other forms do not")
    func decision() throws {
        func form(_ type: String) -> String {
            """
            <message from='a@b' to='news.verona.lit'><x xmlns='jabber:x:data' type='submit'>\
            <field var='FORM_TYPE'><value>\(type)</value></field>\
            <field var='pubsub#node'><value>verse</value></field>\
            <field var='pubsub#subscriber_jid'><value>c@d</value></field></x></message>
            """
        }
        let decision = try route(form("http://jabber.org/protocol/pubsub#subscribe_authorization"))
        guard case .decision = decision else {
            Issue.record("\(decision)")
            return
        }
        guard case .chat = try route(form("urn:other")) else {
            Issue.record("the form of another went to the service")
            return
        }
    }

    @Test("a room's ping to our occupant is answered by the contact")
    func occupantPing() throws {
        let ping = try route(
            """
            <iq type='get' id='1' from='comm-team@rooms.verona.lit/Dispatch' \
            to='dispatch@news.verona.lit/Dispatch'><ping xmlns='urn:xmpp:ping'/></iq>
            """
        )
        guard case .contact(_, let contact) = ping else {
            Issue.record("\(ping)")
            return
        }
        #expect(try contact == JID("dispatch@news.verona.lit"))
    }

    @Test("what comes from a configured room is the room's, errors too")
    func room() throws {
        for xml in [
            "<presence from='comm-team@rooms.verona.lit/Tybalt' to='dispatch@news.verona.lit/x'/>",
            """
            <message type='groupchat' from='comm-team@rooms.verona.lit/Tybalt' \
            to='dispatch@news.verona.lit/x'><body>!help</body></message>
            """,
            """
            <message type='error' from='comm-team@rooms.verona.lit' \
            to='dispatch@news.verona.lit/x'/>
            """,
        ] {
            let route = try route(xml)
            guard case .room = route else {
                Issue.record("\(route)")
                return
            }
        }
    }

    @Test(
        "nobody acts as a room that reads: what would be done in its name is refused, and they may look",
        arguments: [
            (
                "set", "<command xmlns='http://jabber.org/protocol/commands' node='subscribe'/>",
                true
            ),
            ("get", "<query xmlns='jabber:iq:register'/>", true),
            ("set", "<query xmlns='jabber:iq:register'><remove/></query>", true),
            ("set", "<pubsub xmlns='http://jabber.org/protocol/pubsub'/>", true),
            ("get", "<pubsub xmlns='http://jabber.org/protocol/pubsub'/>", true),
            ("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", false),
            ("get", "<ping xmlns='urn:xmpp:ping'/>", false),
        ],
        ["news.verona.lit", "dispatch@news.verona.lit", "dispatch@news.verona.lit/Dispatch"]
    )
    func occupants(request: (type: String, payload: String, isRefused: Bool), address: String)
        throws
    {
        let square = ReadingRooms()
        square.add(try JID("square@rooms.verona.lit"))
        let xml = """
            <iq type='\(request.type)' id='1' from='square@rooms.verona.lit/Tybalt' \
            to='\(address)'>\(request.payload)</iq>
            """
        let route = try route(xml, guestRooms: square)
        switch route {
        case .occupant: #expect(request.isRefused, "\(request)")
        // A contact carries nothing out; it says where PubSub is.
        case .contact: #expect(!request.isRefused || request.payload.contains("pubsub"))
        case .service: #expect(!request.isRefused, "\(request)")
        default: Issue.record("\(route)")
        }
        guard case .occupant = try self.route(xml) else { return }
        Issue.record("a room that reads nothing is anybody")
    }

    @Test(
        "what comes back from a room that reads is the room's, and the delivery's too; not if somebody in it says so",
        arguments: [("", "i"), ("/Tybalt", nil)] as [(String, String?)]
    )
    func guestRoomBounce(occupant: String, id: String?) throws {
        let square = ReadingRooms()
        square.add(try JID("square@rooms.verona.lit"))
        let error = try route(
            """
            <message type='error' id='i' from='square@rooms.verona.lit\(occupant)' \
            to='dispatch@news.verona.lit'/>
            """,
            guestRooms: square
        )
        guard case .guestRoom = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.bounce?.id == id)
        let word = try route(
            """
            <message type='groupchat' from='square@rooms.verona.lit/a' \
            to='dispatch@news.verona.lit/Dispatch'><body>a</body></message>
            """,
            guestRooms: square
        )
        #expect(word.bounce == nil)
    }

    @Test(
        "an error that can't be about a delivery leads to nothing, however many come",
        arguments: [
            "", " id='1'", " id='3f0c9a52-0f0e-4a1c-9d0e-8a1f6f1f7c11'", " id='still-reading-'",
            " id='still-reading-3F0C9A52-0F0E-4A1C-9D0E-8A1F6F1F7C11'",
            " id='still-reading-3f0c9a52-0f0e-4a1c-9d0e-8a1f6f1f7c111'",
        ]
    )
    func foreignError(id: String) throws {
        let route = try route("<message type='error'\(id) from='a@b' to='news.verona.lit'/>")
        guard case .nothing = route else {
            Issue.record("\(route)")
            return
        }
    }

    @Test(
        "a message that comes back is a bounce, never a command: an issue, or a question to a reader",
        arguments: ["AAAAAAAAAAAAAAAAAAA", "still-reading-3f0c9a52-0f0e-4a1c-9d0e-8a1f6f1f7c11"]
    )
    func bounce(id: String) throws {
        let route = try route(
            """
            <message type='error' id='\(id)' from='a@b' to='dispatch@news.verona.lit'>
            <body>help</body></message>
            """
        )
        guard case .bounce = route else {
            Issue.record("\(route)")
            return
        }
    }

    @Test(
        "presence that asks for nothing, nor says how somebody is, leads to nothing",
        arguments: ["subscribed", "unsubscribed", "error"]
    )
    func presence(type: String) throws {
        let presence = "<presence type='\(type)' from='a@b/c' to='dispatch@news.verona.lit'/>"
        #expect(try route(presence) == .nothing)
    }

    @Test("whoever tells us how they are is heard, at our addresses")
    func directed() throws {
        guard case .presence = try route("<presence from='a@b/c' to='news.verona.lit'/>") else {
            Issue.record("it was not")
            return
        }
        #expect(try route("<presence from='a@b/c' to='nobody@news.verona.lit'/>") == .nothing)
    }

    @Test(
        "who adds a contact, removes it or asks for it is heard, at the domain too",
        arguments: ["subscribe", "unsubscribe", "probe"],
        ["dispatch@news.verona.lit", "dispatch@news.verona.lit/newsletter", "news.verona.lit"]
    )
    func contact(type: String, address: String) throws {
        let route = try route("<presence type='\(type)' from='a@b' to='\(address)'/>")
        guard case .presence(_, let contact) = route else {
            Issue.record("\(route)")
            return
        }
        #expect(try contact == JID(address).bare)
    }

    @Test("presence for an address where nobody is leads to nothing")
    func nobodysPresence() throws {
        #expect(
            try route("<presence type='subscribe' from='a@b' to='ghost@news.verona.lit'/>")
                == .nothing
        )
    }

    @Test("what people ask of the domain as of a person is not the service's")
    func personal() throws {
        for (payload, isPersonal) in [
            ("<vCard xmlns='vcard-temp'/>", true), ("<time xmlns='urn:xmpp:time'/>", true),
            ("<query xmlns='jabber:iq:last'/>", true), ("<ping xmlns='urn:xmpp:ping'/>", false),
        ] {
            let iq = "<iq type='get' id='1' from='a@b' to='news.verona.lit'>\(payload)</iq>"
            if case .contact(_, let address) = try route(iq) {
                #expect(isPersonal, "\(payload)")
                #expect(address.description == "news.verona.lit")
            } else {
                #expect(!isPersonal, "\(payload)")
            }
        }
    }

    @Test("registration is taken at the domain and at a contact (XEP-0077)")
    func registration() throws {
        for address in ["news.verona.lit", "dispatch@news.verona.lit"] {
            let query = "<query xmlns='jabber:iq:register'/>"
            let route = try route("<iq type='get' id='1' from='a@b' to='\(address)'>\(query)</iq>")
            guard case .registration(_, let asked) = route else {
                Issue.record("\(route)")
                return
            }
            #expect(asked.description == address)
        }
    }

    @Test("a message to an address where nobody is goes back, an error does not")
    func nobody() throws {
        let route = try route(
            "<message from='a@b' to='ghost@news.verona.lit'><body>hi</body></message>"
        )
        guard case .nobody(let stanza) = route else {
            Issue.record("\(route)")
            return
        }
        let refusal = stanza.refusal(StanzaError(.serviceUnavailable))
        #expect(try refusal?.to == JID("a@b"))
        #expect(refusal?.refusal(StanzaError(.serviceUnavailable)) == nil)
    }
}
