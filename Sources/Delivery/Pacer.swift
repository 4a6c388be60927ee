/// How many messages may go out at a moment, in all and to each domain.
///
/// Each limit is a bucket that fills at its pace, up to a tenth of a second's worth, so that nothing
/// goes out in a burst. Who gets several messages gets them together, and all that come after wait the
/// longer. Moments are seconds on any clock that only goes forward.
struct Pacer {
    private struct Bucket {
        var tokens: Double
        var filledAt: Double

        mutating func fill(at now: Double, _ pace: Int) {
            let most = max(1, Double(pace) * Pacer.burst)
            tokens = min(most, tokens + max(0, now - filledAt) * Double(pace))
            filledAt = now
        }
    }

    /// Buckets of domains that are full again are forgotten beyond so many, and then at each doubling.
    private static let mostDomains = 10_000
    private static let burst = 0.1

    /// Messages a second; 0 is no limit.
    private let pace: Int
    private let domainPace: Int
    /// Whose messages are not counted by domain: our own server's.
    private let ownDomain: [UInt8]
    private var all = Bucket(tokens: 1, filledAt: 0)
    private var domains: [[UInt8]: Bucket] = [:]
    private var nextForgetting = mostDomains

    init(pace: Int, domainPace: Int, ownDomain: String) {
        self.pace = pace
        self.domainPace = domainPace
        self.ownDomain = Array(ownDomain.utf8)
    }

    var isActive: Bool { pace > 0 || domainPace > 0 }

    /// Lets so many messages to the address go, or tells for how many seconds they have to wait.
    mutating func admit(
        _ count: Int,
        to address: UnsafeRawBufferPointer,
        at now: Double
    ) -> Double? {
        if pace > 0 {
            all.fill(at: now, pace)
            if all.tokens < 1 { return (1 - all.tokens) / Double(pace) }
        }
        let domain = domainPace > 0 ? Self.domain(of: address) : []
        if domainPace > 0, domain != ownDomain {
            if domains.count >= nextForgetting { forgetFullOnes(at: now) }
            var bucket = domains[domain] ?? Bucket(tokens: 1, filledAt: now)
            bucket.fill(at: now, domainPace)
            defer { domains[domain] = bucket }
            if bucket.tokens < 1 { return (1 - bucket.tokens) / Double(domainPace) }
            bucket.tokens -= Double(count)
        }
        all.tokens -= Double(count)
        return nil
    }

    private mutating func forgetFullOnes(at now: Double) {
        domains = domains.filter { _, bucket in
            let missing = max(1, Double(domainPace) * Self.burst) - bucket.tokens
            return (now - bucket.filledAt) * Double(domainPace) < missing
        }
        nextForgetting = max(Self.mostDomains, 2 * domains.count)
    }

    /// What stands between `@` and the first `/`, or the end.
    private static func domain(of address: UnsafeRawBufferPointer) -> [UInt8] {
        let bare = address.prefix { $0 != UInt8(ascii: "/") }
        let at = bare.firstIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? bare.startIndex
        return Array(bare[at...])
    }
}
