import Testing
import XML
import XMPP

@testable import Newsroom

/// The room in Verona that the tests play in, and what it sends.
enum Verona {
    static let room = "comm-team@rooms.verona.lit"
    static let address = "newsletter@news.verona.lit/Gazette"

    static func configuration(
        nick: String = "Gazette",
        password: String? = nil
    ) throws -> RoomConfiguration {
        try RoomConfiguration(
            room: JID(room),
            contact: JID("newsletter@news.verona.lit"),
            nick: nick,
            password: password
        )
    }

    /// A presence of somebody in the room.
    static func presence(
        _ nick: String,
        type: String? = nil,
        affiliation: String = "none",
        role: String = "participant",
        jid: String? = nil,
        newNick: String? = nil,
        occupantID: String? = nil,
        hat: String? = nil,
        statuses: [Int] = [],
        item: [Element] = [],
        details: [Element] = []
    ) throws -> Presence {
        let x = Element("x", in: .mucUser) {
            Element(
                "item",
                ["affiliation": affiliation, "role": role, "jid": jid, "nick": newNick]
            ) { item }
            details
            for status in statuses {
                Element("status", ["code": String(status)])
            }
        }
        return try Presence(
            Element(
                "presence",
                in: .componentAccept,
                ["type": type, "from": "\(room)/\(nick)", "to": address]
            ) {
                x
                occupantID.map { Element("occupant-id", in: .occupantID, ["id": $0]) }
                hat.map { uri in
                    Element("hats", in: .hats) { Element("hat", ["title": "Hat", "uri": uri]) }
                }
            }
        )
    }

    /// Our own presence in the room.
    static func own(_ nick: String = "Gazette", statuses: [Int] = []) throws -> Presence {
        try presence(nick, affiliation: "member", jid: address, statuses: statuses + [110])
    }

    /// The room's refusal of a try to join.
    static func refusal(
        _ condition: StanzaError.Condition,
        nick: String = "Gazette"
    ) throws -> Presence {
        try Presence(.error, from: JID("\(room)/\(nick)"), to: JID(address)) {
            Element("x", in: .muc)
            StanzaError(condition).element
        }
    }

    static func message(_ body: String, from nick: String, id: String? = nil) throws -> Message {
        try Message(
            .groupchat,
            id: id,
            from: JID("\(room)/\(nick)"),
            to: JID(address),
            body: body
        )
    }

    static func occupant(_ nick: String) throws -> JID { try JID("\(room)/\(nick)") }
}

extension Occupancy.Order {
    /// The XML that is sent, or the order in words.
    var text: String {
        switch self {
        case .send(let presence): presence.element().xml(inheriting: .componentAccept)
        case .ping(let occupant, let number): "ping \(number) \(occupant)"
        case .acceptDefaults: "accept defaults"
        case .report(let report): "\(report)"
        }
    }
}

/// What goes out when we ask to enter under that nick.
func joining(as nick: String = "Gazette") -> String {
    "<presence from='\(Verona.address)' to='\(Verona.room)/\(nick)'>"
        + "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
}

extension Occupancy {
    /// In the room since the beginning of time, with Romeo.
    static func joined(nick: String = "Gazette") throws -> Occupancy {
        var occupancy = Occupancy(try Verona.configuration())
        _ = occupancy.streamOpened(at: .zero)
        _ = occupancy.received(try Verona.presence("Romeo"), at: .zero)
        _ = occupancy.received(try Verona.own(nick), at: .zero)
        #expect(occupancy.nick == nick)
        return occupancy
    }
}
