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
        read("people", \.people)
        read("domains", \.domains)
        read("person_refusals", \.personRefusals)
        read("refusals", \.refusals)
        return limits
    }
}
