import Foundation
import Subprocess

/// Follows addresses with the program `curl`, so that no second TLS library is needed here.
public struct Curl: Sendable {
    /// Where it may go.
    public enum Reach: Hashable, Sendable {
        /// Wherever whoever calls it can go by themselves.
        case anywhere
        /// To the Internet alone, and to none of this machine's own networks.
        case internet
    }

    /// How long one request may take, in seconds.
    public var timeout: Int

    /// How many redirections are followed.
    public static let mostRedirections = 5

    /// How many addresses of one host are tried.
    static let mostAddresses = 4

    private static let silent = LinkVerdict.dead(reason: "nothing answers there")

    /// Where a host is connected to, if at all.
    typealias Way = @Sendable (_ host: String) async -> PublicHosts.Answer

    private static let toTheInternet: Way = { await PublicHosts().answer(for: $0) }

    /// Nil leaves it to curl.
    private let way: Way?

    /// Leaves a host alone before it is asked once more.
    private let pause: @Sendable () async -> Void

    public init(
        timeout: Int = 20,
        reach: Reach = .anywhere,
        pause: @escaping @Sendable () async -> Void = {}
    ) {
        self.init(
            timeout: timeout,
            way: reach == .internet ? Self.toTheInternet : nil,
            pause: pause
        )
    }

    init(timeout: Int, way: Way?, pause: @escaping @Sendable () async -> Void = {}) {
        self.timeout = max(1, timeout)
        self.way = way
        self.pause = pause
    }

    /// What came of one address.
    private enum Step {
        case ends(LinkVerdict)
        case moves(to: String)
    }

    /// Asks for the page, and for that which it redirects to.
    public func follow(_ address: String) async -> LinkVerdict {
        var address = address
        for _ in 0...Self.mostRedirections {
            switch await step(to: address) {
            case .ends(let verdict): return verdict
            case .moves(let next): address = next
            }
        }
        return .dead(reason: "it redirects for ever")
    }

    /// Asks for the head of a page; where that says anything but that the page is there, for the
    /// page, since many servers answer a HEAD as they like.
    private func step(to address: String) async -> Step {
        let address = Self.inASCII(address)
        guard let way else { return await step(to: address, []) }
        guard let host = URL(string: address)?.host() else {
            return .ends(.dead(reason: "there is no host in it"))
        }
        switch await way(host.trimmingCharacters(in: ["[", "]"])) {
        case .verdict(let verdict):
            return .ends(verdict)
        case .addresses(let places):
            var step = Step.ends(Self.silent)
            // A host may be there by one of its addresses alone: browsers try the others as well.
            for place in places.prefix(Self.mostAddresses) {
                // Whatever curl reads as the host, this is where it connects to; and no proxy does so
                // for it.
                let connection = ["--noproxy", "*", "--connect-to", "::\(place.host):"]
                step = await self.step(to: address, connection)
                guard case .ends(Self.silent) = step else { break }
            }
            return step
        }
    }

    private func step(to address: String, _ connection: [String]) async -> Step {
        let head = await request(address, connection + ["--head"])
        guard case .ends(let verdict) = head, verdict != .reachable, verdict != Self.silent else {
            return head
        }
        await pause()
        // What matters is the status; few servers send more than the first bytes after that.
        return await request(address, connection + ["--range", "0-1023"])
    }

    /// The address with its host as the name servers know it (RFC 5890), whatever the locale.
    static func inASCII(_ address: String) -> String {
        guard !address.utf8.allSatisfy({ $0 < 0x80 }) else { return address }
        return URL(string: address)?.absoluteString ?? address
    }

    private func request(_ address: String, _ options: [String]) async -> Step {
        // What stands in a .curlrc is for people; for a service nothing does.
        let first = way == nil ? [] : ["--disable"]
        let arguments =
            first + [
                "--silent", "--show-error", "--globoff",
                "--connect-timeout", String(timeout), "--max-time", String(timeout),
                // A limit of size alone does not hold where nobody said the size before.
                "--max-filesize", "50000000", "--limit-rate", "128k", "--proto", "=http,https",
                "--user-agent", "Broadsheet (checks its own links)",
                "--output", "/dev/null", "--write-out", "%{http_code} %{redirect_url}",
            ] + options + ["--url", address]
        do {
            let result = try await run(
                .name("curl"),
                arguments: Arguments(arguments),
                output: .string(limit: 20_000),
                error: .string(limit: 10_000)
            )
            guard case .exited(let code) = result.terminationStatus else {
                return .ends(.unclear(reason: "curl was stopped"))
            }
            let words = result.standardOutput.split(separator: " ", maxSplits: 1)
            if words.count == 2 { return .moves(to: String(words[1])) }
            // The body may be refused for its size or broken off; the status came before it.
            if let status = words.first.flatMap({ Int($0) }), status >= 200 {
                return .ends(LinkVerdict(status: status))
            }
            return .ends(Self.verdict(onExit: Int(code), saying: result.standardError))
        } catch {
            return .ends(.unclear(reason: "curl can't be run: \(error)"))
        }
    }

    /// What the exit status of curl means (curl(1), EXIT CODES).
    static func verdict(onExit code: Int, saying text: String) -> LinkVerdict {
        let line = text.split(separator: "\n").first.map(String.init) ?? "curl ended with \(code)"
        let reason = line.hasPrefix("curl: (") ? String(line.drop { $0 != ")" }.dropFirst(2)) : line
        switch code {
        case 6: return .dead(reason: "there is no such host")
        case 7: return silent
        case 3: return .dead(reason: reason)
        case 35, 51, 60: return .dead(reason: "its certificate or TLS is not right: \(reason)")
        default: return .unclear(reason: reason)
        }
    }
}
