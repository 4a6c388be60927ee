import Foundation

/// How far links are followed for people who ask from elsewhere.
public struct LinkSettings: Hashable, Sendable {
    /// How many addresses are followed at once; further ones are left.
    public var most = 200

    /// How many hosts are asked at the same time.
    public var hosts = 4

    /// How long a host is left alone between two requests.
    public var pause = Duration.seconds(1)

    /// How long one request may take.
    public var timeout = Duration.seconds(20)

    /// How long all of it may take; what is not reached by then is left.
    public var deadline = Duration.seconds(300)

    /// How many questions may wait while another is answered; a further one is refused.
    public var waiting = 10

    public init() {}
}

/// Follows links of the Internet for people who ask from elsewhere, and remembers what came of it.
public actor LinkInspector {
    private let settings: LinkSettings
    private let survey: LinkSurvey
    private let now: @Sendable () -> Date
    private var cache = LinkCache()

    public init(_ settings: LinkSettings) {
        let pause = settings.pause
        let curl = Curl(timeout: Int(settings.timeout / .seconds(1)), reach: .internet) {
            try? await Task.sleep(for: pause)
        }
        self.init(settings) { await curl.follow($0) }
    }

    init(
        _ settings: LinkSettings,
        now: @escaping @Sendable () -> Date = { Date() },
        follow: @escaping @Sendable (String) async -> LinkVerdict
    ) {
        self.settings = settings
        self.now = now
        survey = LinkSurvey(parallelHosts: settings.hosts, pause: settings.pause, follow: follow)
    }

    /// The verdict on each address that was followed now or a while ago.
    public func verdicts(on addresses: [String]) async -> [String: LinkVerdict] {
        cache.tidy(now: now())
        let wanted = Set(addresses)
        let unknown = wanted.sorted().filter { cache.verdict(on: $0, now: now()) == nil }
        let found = await survey.verdicts(
            on: Set(unknown.prefix(settings.most)),
            within: settings.deadline
        )
        for (address, verdict) in found {
            cache.remember(verdict, on: address, now: now())
        }
        return wanted.reduce(into: [:]) { verdicts, address in
            verdicts[address] = cache.verdict(on: address, now: now())
        }
    }
}
