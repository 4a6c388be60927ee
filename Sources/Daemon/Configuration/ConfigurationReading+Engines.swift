import Publishing
import XMPP

/// Where items are, and how patient we are with services that are not ours.
extension ConfigurationReading {
    static func engines(_ section: SettingsReader) -> EngineSettings {
        var settings = EngineSettings()
        settings.timeout = section.seconds("timeout", default: settings.timeout)
        settings.grace = section.seconds("grace", default: settings.grace)
        settings.retryDelay = section.seconds("retry_delay", default: settings.retryDelay)
        settings.retryLimit = section.seconds("retry_limit", default: settings.retryLimit)
        settings.waitingLeavings = section.integer(
            "waiting_leavings",
            default: settings.waitingLeavings,
            in: 0...1_000_000
        )
        let shortest = [
            ("timeout", settings.timeout), ("retry_delay", settings.retryDelay),
            ("retry_limit", settings.retryLimit),
        ]
        for (key, value) in shortest where value < .milliseconds(100) {
            section.note("'engines.\(key)' should be at least a tenth of a second.", key: key)
        }
        return settings
    }

    /// The PubSub service of a newsletter's items; nil for our own.
    static func engine(_ section: SettingsReader, domain: JID?) -> JID? {
        let key = "engine"
        guard let text = section.string(key, default: "local"), text != "local" else { return nil }
        guard let service = try? JID(text), service.isBare, service.localpart == nil else {
            section.note(
                "'\(text)' should be 'local', or the address of a PubSub service such as "
                    + "pubsub.example.org.",
                key: key
            )
            return nil
        }
        guard service != domain else {
            section.note(
                "'\(text)' is Broadsheet's own address. Write 'local' for its own service.",
                key: key
            )
            return nil
        }
        return service
    }
}
