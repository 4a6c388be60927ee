import XML
import XMPP

/// A look into a room from inside: whether we are let in, and would be heard there.
struct RoomTrial: Hashable, Sendable {
    let room: JID
    /// Our address in the room, under our nick.
    let place: JID
    /// With which of our addresses we come.
    ///
    /// It is not the one the service comes with: were that in the room after all, our leaving would
    /// be taken for its own.
    let own: JID
    private let password: String?

    /// Nil if the nick can be no part of an address.
    init?(_ settings: RoomSettings, contact: JID) {
        guard let place = try? settings.room.with(resourcepart: settings.nick),
            let own = try? contact.with(resourcepart: "doctor")
        else { return nil }
        room = settings.room
        self.place = place
        self.own = own
        password = settings.password
    }

    private var step: String { "voice in \(room)" }

    var entering: Presence {
        Presence(from: own, to: place) {
            Element("x", in: .muc) {
                Element("history", ["maxstanzas": "0"])
                if let password { Element("password") { password } }
            }
        }
    }

    var leaving: Presence { Presence(.unavailable, from: own, to: place) }

    /// What an answer of the room means; nil if it is none to us.
    func diagnosis(of presence: Presence) -> Diagnosis? {
        guard presence.from?.bare == room, presence.to == own else { return nil }
        if let error = presence.error { return refusal(error.condition) }
        guard let user = presence.child("x", in: .mucUser),
            user.children("status", in: .mucUser).contains(where: { $0["code"] == "110" }),
            presence.type == .available
        else { return nil }
        guard user.child("item", in: .mucUser)?["role"] == "visitor" else {
            return Diagnosis(step, .fine, "We are let in, and may speak.")
        }
        return Diagnosis(
            step,
            .failed,
            "We are let in, but the room is moderated and we have no voice. Let an owner of it make "
                + "\(own.bare) a member, or a moderator give it voice."
        )
    }

    /// Nothing has come from the room.
    var silence: Diagnosis {
        Diagnosis(step, .failed, "\(room.domain) does not answer when we enter.")
    }

    private func refusal(_ condition: StanzaError.Condition) -> Diagnosis {
        switch condition {
        case .conflict:
            Diagnosis(
                step,
                .warning,
                "Somebody is there under our nick. Broadsheet would take another, with an "
                    + "underscore behind; set 'rooms.nick' if that is not wanted."
            )
        case .notAuthorized:
            Diagnosis(step, .failed, "The room wants another password: set 'rooms.password'.")
        case .registrationRequired:
            Diagnosis(
                step,
                .failed,
                "The room lets only members in. Let an owner of it make \(own.bare) a member."
            )
        case .forbidden:
            Diagnosis(step, .failed, "We are banned. Let an owner of the room lift that.")
        default:
            Diagnosis(step, .failed, "We are not let in: \(condition.rawValue).")
        }
    }
}
