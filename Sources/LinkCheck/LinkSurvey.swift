/// Follows many addresses: several hosts at a time, each host one address after the other.
public struct LinkSurvey: Sendable {
    /// How many hosts are asked at the same time.
    public var parallelHosts: Int

    /// How long a host is left alone between two requests.
    public var pause: Duration

    /// Follows one address.
    private let follow: @Sendable (String) async -> LinkVerdict
    private let sleep: @Sendable (Duration) async -> Void

    public init(
        parallelHosts: Int = 8,
        pause: Duration = .seconds(1),
        sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) },
        follow: @escaping @Sendable (String) async -> LinkVerdict
    ) {
        self.parallelHosts = max(1, parallelHosts)
        self.pause = pause
        self.sleep = sleep
        self.follow = follow
    }

    /// The verdict on each address; each is followed once.
    public func verdicts(on addresses: Set<String>) async -> [String: LinkVerdict] {
        let hosts = Dictionary(grouping: addresses.sorted(), by: Self.host)
        var waiting = hosts.keys.sorted()[...]
        return await withTaskGroup(of: [String: LinkVerdict].self) { group in
            for host in waiting.prefix(parallelHosts) {
                group.addTask { await ask(hosts[host] ?? []) }
            }
            waiting = waiting.dropFirst(parallelHosts)
            var verdicts: [String: LinkVerdict] = [:]
            for await found in group {
                verdicts.merge(found) { first, _ in first }
                guard let host = waiting.popFirst() else { continue }
                group.addTask { await ask(hosts[host] ?? []) }
            }
            return verdicts
        }
    }

    /// The same, as far as it comes in the time.
    public func verdicts(
        on addresses: Set<String>,
        within time: Duration
    ) async -> [String: LinkVerdict] {
        await withTaskGroup(of: [String: LinkVerdict]?.self) { group in
            group.addTask { await verdicts(on: addresses) }
            group.addTask {
                await sleep(time)
                return nil
            }
            while let end = await group.next() {
                group.cancelAll()
                if let verdicts = end { return verdicts }
            }
            return [:]
        }
    }

    /// Follows the addresses of one host, until it is to end.
    private func ask(_ addresses: [String]) async -> [String: LinkVerdict] {
        var verdicts: [String: LinkVerdict] = [:]
        for (index, address) in addresses.enumerated() {
            if index > 0 { await sleep(pause) }
            guard !Task.isCancelled else { break }
            let verdict = await follow(address)
            // One that was broken off says nothing.
            if !Task.isCancelled { verdicts[address] = verdict }
        }
        return verdicts
    }

    /// `example.org:8080` of an address.
    static func host(_ address: String) -> String {
        guard let start = address.range(of: "://")?.upperBound else { return "" }
        let authority = address[start...].prefix { !"/?#".contains($0) }
        return authority.split(separator: "@").last.map { $0.lowercased() } ?? ""
    }
}
