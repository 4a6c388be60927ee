import Localization
public import PubSub
public import Storage

/// A limit of the rooms in which issues are announced that was reached.
public struct GuestRoomAlarm: Hashable, Sendable {
    /// Nil if it is that of all domains together.
    public let domain: String?
    public let limit: Int

    public init(domain: String?, limit: Int) {
        self.domain = domain
        self.limit = limit
    }
}

/// Lets the rooms know when more people, or more rooms, want to read than are taken.
public struct SignUpNotices: Sendable {
    private let desks: [NewsletterDesk]
    private let store: Store

    public init(desks: [NewsletterDesk], store: Store) {
        self.desks = desks
        self.store = store
    }

    /// Keeps the alarm until each newsletter's rooms have heard it.
    public func tell(of alarm: SignUpAlarm) async throws {
        try await tell { Self.text(alarm, $0) }
    }

    public func tell(of alarm: GuestRoomAlarm) async throws {
        try await tell { Self.text(alarm, $0) }
    }

    private func tell(_ text: (Texts) -> String) async throws {
        let notices = desks.map { ($0.newsletter.name, text($0.texts)) }
        try await store.write { transaction in
            for (newsletter, text) in notices {
                try transaction.addNotice(text, newsletter: newsletter)
            }
        }
    }

    private static func text(_ alarm: GuestRoomAlarm, _ texts: Texts) -> String {
        guard let domain = alarm.domain else {
            return texts("guestRooms.total", ["limit": alarm.limit])
        }
        return texts("guestRooms.domain", ["domain": domain, "limit": alarm.limit])
    }

    private static func text(_ alarm: SignUpAlarm, _ texts: Texts) -> String {
        guard let domain = alarm.domain else {
            return texts("signUps.total", ["limit": alarm.limit])
        }
        return texts("signUps.domain", ["domain": domain, "limit": alarm.limit])
    }
}
