import LinkCheck
import PubSub
import Readers

/// How much strangers may ask for.
extension ConfigurationReading {
    static func traffic(_ section: SettingsReader) -> TrafficLimits {
        var limits = TrafficLimits()
        func read(_ key: String, _ limit: WritableKeyPath<TrafficLimits, Int>) {
            let range = 1...1_000_000
            limits[keyPath: limit] = section.integer(
                key,
                default: limits[keyPath: limit],
                in: range
            )
        }
        read("person_rate", \.personRate)
        read("person_burst", \.personBurst)
        read("domain_rate", \.domainRate)
        read("domain_burst", \.domainBurst)
        read("reserve_burst", \.reserveBurst)
        read("reserve_per_minute", \.reservePerMinute)
        read("room_rate", \.roomRate)
        read("room_burst", \.roomBurst)
        read("people", \.people)
        read("domains", \.domains)
        read("person_refusals", \.personRefusals)
        read("refusals", \.refusals)
        read("waiting_subscriptions", \.waitingSubscriptions)
        limits.answerBytes = section.integer(
            "answer_bytes",
            default: limits.answerBytes,
            in: 10_000...1_000_000_000
        )
        return limits
    }

    /// How links are followed for editors; nil if they are not.
    static func links(_ section: SettingsReader) -> LinkSettings? {
        let mayFollow = section.boolean("follow", default: false)
        var links = LinkSettings()
        links.most = section.integer("most", default: links.most, in: 1...10_000)
        links.hosts = section.integer("hosts", default: links.hosts, in: 1...64)
        links.pause = section.seconds("pause", default: links.pause)
        links.timeout = section.seconds("timeout", default: links.timeout)
        links.deadline = section.seconds("deadline", default: links.deadline)
        links.waiting = section.integer("waiting", default: links.waiting, in: 1...1_000)
        return mayFollow ? links : nil
    }

    /// How readers are served, and how many are taken.
    static func readers(_ section: SettingsReader) -> ReaderSettings {
        var signUps = SignUpLimits()
        signUps.perDomain = section.integer(
            "sign_ups_per_domain",
            default: signUps.perDomain,
            in: 0...10_000_000
        )
        signUps.total = section.integer("sign_ups", default: signUps.total, in: 0...10_000_000)
        let expiry = section.seconds("suspended_expiry", default: .seconds(31_536_000))
        return ReaderSettings(
            answersPerMinute: section.integer("answers_per_minute", default: 30, in: 1...10_000),
            idle: idle(section),
            busyLimit: section.seconds("busy_limit", default: .seconds(86_400)),
            guests: guests(section),
            signUps: signUps,
            suspendedExpiry: expiry > .zero ? expiry : nil
        )
    }

    private static func idle(_ section: SettingsReader) -> IdleLimits {
        var limits = IdleLimits()
        let expiry = section.seconds("idle_expiry", default: .zero)
        limits.expiry = expiry > .zero ? expiry : nil
        limits.patience = section.seconds("idle_patience", default: limits.patience)
        limits.questionsPerHour = section.integer(
            "idle_questions_per_hour",
            default: limits.questionsPerHour,
            in: 1...100_000
        )
        return limits
    }

    private static func guests(_ section: SettingsReader) -> GuestLimits {
        var limits = GuestLimits()
        limits.rooms = section.integer("rooms", default: limits.rooms, in: 0...10_000)
        func read(_ key: String, _ limit: WritableKeyPath<GuestLimits, Int>) {
            limits[keyPath: limit] = section.integer(
                key,
                default: limits[keyPath: limit],
                in: 1...10_000
            )
        }
        read("rooms_per_domain", \.roomsPerDomain)
        read("room_admins", \.admins)
        read("invitations_per_hour", \.invitationsPerHour)
        read("room_strangers_per_hour", \.strangersPerHour)
        read("room_mistakes_per_hour", \.mistakesPerHour)
        limits.patience = section.seconds("room_patience", default: limits.patience)
        return limits
    }

    struct ReaderSettings {
        let answersPerMinute: Int
        let idle: IdleLimits
        let busyLimit: Duration
        let guests: GuestLimits
        let signUps: SignUpLimits
        let suspendedExpiry: Duration?
    }
}
