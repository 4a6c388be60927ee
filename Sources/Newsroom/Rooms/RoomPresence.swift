import XML
import XMPP

/// A presence from a room about one of its occupants (XEP-0045 §7).
struct RoomPresence {
    enum Event: Hashable {
        case present(Occupant)
        case left(nick: String, Departure)
        /// The nick is that of the try which failed, if the room says so.
        case refused(nick: String?, StanzaError)
    }

    /// Bytes of an occupant's id: as much as any part of an address.
    private static let longestID = 1_023

    let room: JID
    let event: Event
    /// The numbers of XEP-0045 §15.6.
    let statuses: Set<Int>

    /// Whether it is about ourselves.
    var isOwn: Bool { statuses.contains(110) }

    /// Nil for anything a room does not send about its occupants, such as its own avatar.
    init?(_ presence: Presence) {
        guard let from = presence.from else { return nil }
        let details = presence.child("x", in: .mucUser)
        let item = details?.child("item")
        room = from.bare
        statuses = Set(
            details?.children("status").compactMap { $0["code"].flatMap(Int.init) } ?? []
        )
        switch (presence.type, from.resourcepart) {
        case (.error, let nick):
            event = .refused(nick: nick, presence.error ?? StanzaError(.undefinedCondition))
        case (.available, let nick?):
            event = .present(
                Occupant(
                    nick: nick,
                    realJID: item?["jid"].flatMap { try? JID($0) },
                    affiliation: item?["affiliation"].flatMap(RoomAffiliation.init) ?? .none,
                    role: item?["role"].flatMap(RoomRole.init) ?? .none,
                    occupantID: presence.child("occupant-id", in: .occupantID)?["id"]
                        .flatMap { $0.utf8.count <= Self.longestID ? $0 : nil },
                    hats: Set(
                        presence.child("hats", in: .hats)?.children("hat").compactMap { $0["uri"] }
                            ?? []
                    )
                )
            )
        case (.unavailable, let nick?):
            event = .left(nick: nick, Departure(statuses, details: details, item: item))
        default:
            return nil
        }
    }
}

/// How somebody left a room.
enum Departure: Hashable {
    /// Not at all: the same person goes on under another nick (XEP-0045 §7.6).
    case renamed(String)
    case removed(RoomTrouble)

    init(_ statuses: Set<Int>, details: Element?, item: Element?) {
        if statuses.contains(303), let nick = item?["nick"] {
            self = .renamed(nick)
            return
        }
        let note = Note(item)
        if let destroy = details?.child("destroy") {
            self = .removed(
                .destroyed(
                    alternative: destroy["jid"].flatMap { try? JID($0) },
                    reason: destroy.child("reason")?.text
                )
            )
        } else if statuses.contains(332) {
            self = .removed(.shutDown)
        } else if statuses.contains(333) {
            self = .removed(.technicalProblem)
        } else if statuses.contains(301) {
            self = .removed(.expelled(note.text))
        } else if statuses.contains(307) {
            self = .removed(.kicked(note.text))
        } else if !statuses.isDisjoint(with: [321, 322]) {
            self = .removed(.noLongerMember(note.text))
        } else {
            self = .removed(.disappeared)
        }
    }

    /// Who showed somebody out, and the reason given.
    private struct Note {
        let text: String?

        init(_ item: Element?) {
            let actor = item?.child("actor")
            let parts = [
                (actor?["nick"] ?? actor?["jid"]).map { "by \($0)" },
                item?.child("reason").map { "“\($0.text)”" },
            ]
            let said = parts.compactMap(\.self).joined(separator: ", ")
            text = said.isEmpty ? nil : said
        }
    }
}
