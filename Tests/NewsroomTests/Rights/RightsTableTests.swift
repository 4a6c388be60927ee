import Commands
import Testing
import XMPP

@testable import Newsroom

@Suite("Who may do what")
struct RightsTableTests {
    let room: JID
    let rights: RightsTable

    init() throws {
        room = try JID(Verona.room)
        rights = RightsTable(
            rooms: [room: [.owner: .operator, .admin: .publisher, .member: .editor]],
            people: [try JID("escalus@verona.lit"): .operator]
        )
    }

    private func role(
        _ affiliation: RoomAffiliation,
        _ role: RoomRole = .participant,
        jid: String? = nil
    ) throws -> Role {
        rights.role(
            of: Occupant(
                nick: "Escalus",
                realJID: try jid.map { try JID($0) },
                affiliation: affiliation,
                role: role
            ),
            in: room
        )
    }

    @Test("an affiliation gives the role that the configuration says")
    func affiliations() throws {
        #expect(try role(.owner, .moderator) == .operator)
        #expect(try role(.admin, .moderator) == .publisher)
        #expect(try role(.member) == .editor)
        #expect(try role(.none) == .reader)
        #expect(try role(.none, .moderator) == .reader)
    }

    @Test("a visitor has no voice, and so no right from the affiliation")
    func visitor() throws {
        #expect(try role(.none, .visitor) == .reader)
        #expect(try role(.member, .visitor) == .reader)
        #expect(try role(.owner, .none) == .reader)
    }

    @Test("a hat gives its role to who may speak, in its room alone; the higher right wins")
    func hats() throws {
        let uri = "https://verona.example/hats#publisher"
        let table = RightsTable(
            rooms: [room: [.member: .editor]],
            hats: [room: [uri: .publisher, "https://verona.example/hats#low": .reader]]
        )
        func role(_ affiliation: RoomAffiliation, _ role: RoomRole, _ hats: Set<String>) -> Role {
            let bearer = Occupant(nick: "x", affiliation: affiliation, role: role, hats: hats)
            return table.role(of: bearer, in: room)
        }
        #expect(role(.none, .participant, [uri]) == .publisher)
        #expect(role(.member, .participant, ["https://verona.example/hats#low"]) == .editor)
        #expect(role(.none, .participant, [uri.uppercased(), "x"]) == .reader)
        #expect(role(.none, .visitor, [uri]) == .reader)
        #expect(role(.outcast, .participant, [uri]) == .reader)
        let elsewhere = Occupant(nick: "x", role: .participant, hats: [uri])
        #expect(table.role(of: elsewhere, in: try JID("square@rooms.verona.lit")) == .reader)
    }

    @Test("an outcast has no right, even if the configuration gives one")
    func outcast() throws {
        let odd = RightsTable(rooms: [room: [.outcast: .operator]])
        let occupant = Occupant(nick: "x", affiliation: .outcast, role: .participant)
        #expect(odd.role(of: occupant, in: room) == .reader)
    }

    @Test("a real address that the room shows counts without its resource; the higher right wins")
    func realAddress() throws {
        #expect(try role(.none, jid: "Escalus@verona.lit/palace") == .operator)
        #expect(try role(.member, jid: "escalus@verona.lit/palace") == .operator)
        #expect(try role(.admin, jid: "paris@verona.lit/x") == .publisher)
    }

    @Test("a nick is no proof, nor are look-alike letters in it or in the address")
    func impersonators() throws {
        #expect(try role(.none) == .reader)
        #expect(try role(.none, jid: "escаlus@verona.lit/palace") == .reader)
        #expect(try role(.none, jid: "escalus@verona.lit.evil.example/palace") == .reader)
        #expect(try role(.none, jid: "verona.lit/escalus@verona.lit") == .reader)
    }

    @Test("a room that is not configured gives nothing, whatever it states")
    func foreignRoom() throws {
        let occupant = Occupant(
            nick: "Escalus",
            realJID: try JID("escalus@verona.lit/palace"),
            affiliation: .owner,
            role: .moderator
        )
        #expect(rights.role(of: occupant, in: try JID("den@rooms.evil.example")) == .reader)
        #expect(rights.role(of: occupant, in: room) == .operator)
    }

    @Test("somebody whom the room has not shown is a reader")
    func unknown() {
        #expect(rights.role(of: nil, in: room) == .reader)
    }

    @Test("in a direct chat the bare address counts")
    func direct() throws {
        #expect(rights.role(of: try JID("escalus@verona.lit/x")) == .operator)
        #expect(rights.role(of: try JID("romeo@verona.lit/x")) == .reader)
        #expect(rights.role(of: try JID("\(Verona.room)/Escalus")) == .reader)
    }
}
