import Localization
public import PubSub
public import Storage

/// Lets the rooms know when more people want to read than are taken.
public struct SignUpNotices: Sendable {
    private let desks: [NewsletterDesk]
    private let store: Store

    public init(desks: [NewsletterDesk], store: Store) {
        self.desks = desks
        self.store = store
    }

    /// Keeps the alarm until each newsletter's rooms have heard it.
    public func tell(of alarm: SignUpAlarm) async throws {
        let notices = desks.map { ($0.newsletter.name, Self.text(alarm, $0.texts)) }
        try await store.write { transaction in
            for (newsletter, text) in notices {
                try transaction.addNotice(text, newsletter: newsletter)
            }
        }
    }

    private static func text(_ alarm: SignUpAlarm, _ texts: Texts) -> String {
        guard let domain = alarm.domain else {
            return texts("signUps.total", ["limit": alarm.limit])
        }
        return texts("signUps.domain", ["domain": domain, "limit": alarm.limit])
    }
}
