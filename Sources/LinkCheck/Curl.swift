import Foundation
import Subprocess

/// Follows addresses with the program `curl`, so that no second TLS library is needed here.
public struct Curl: Sendable {
    /// How long one request may take, in seconds.
    public var timeout: Int

    /// How many redirections are followed.
    public static let mostRedirections = 5

    /// Leaves a host alone before it is asked once more.
    private let pause: @Sendable () async -> Void

    public init(timeout: Int = 20, pause: @escaping @Sendable () async -> Void = {}) {
        self.timeout = max(1, timeout)
        self.pause = pause
    }

    /// Asks for the head of a page; where that says anything but that the page is there, for the
    /// page, since many servers answer a HEAD as they like.
    public func follow(_ address: String) async -> LinkVerdict {
        let head = await request(address, ["--head"])
        guard head != .reachable else { return head }
        await pause()
        // A download ends at its first bytes: what matters is the status.
        return await request(address, ["--range", "0-1023"])
    }

    private func request(_ address: String, _ options: [String]) async -> LinkVerdict {
        let arguments =
            [
                "--silent", "--show-error", "--globoff", "--location",
                "--max-redirs", String(Self.mostRedirections),
                "--connect-timeout", String(timeout), "--max-time", String(timeout),
                "--max-filesize", "50000000", "--proto", "=http,https",
                "--proto-redir", "=http,https", "--user-agent", "Broadsheet (checks its own links)",
                "--output", "/dev/null", "--write-out", "%{http_code}",
            ] + options + ["--url", address]
        do {
            let result = try await run(
                .name("curl"),
                arguments: Arguments(arguments),
                output: .string(limit: 1_000),
                error: .string(limit: 10_000)
            )
            guard case .exited(let code) = result.terminationStatus else {
                return .unclear(reason: "curl was stopped")
            }
            // Too many redirections: the status is that of the last one.
            guard code != 47 else { return .dead(reason: "it redirects for ever") }
            let status = Int(result.standardOutput) ?? 0
            // The body may be refused for its size or broken off; the status came before it.
            if status >= 200 { return LinkVerdict(status: status) }
            return Self.verdict(onExit: Int(code), saying: result.standardError)
        } catch {
            return .unclear(reason: "curl can't be run: \(error)")
        }
    }

    /// What the exit status of curl means (curl(1), EXIT CODES).
    static func verdict(onExit code: Int, saying text: String) -> LinkVerdict {
        let line = text.split(separator: "\n").first.map(String.init) ?? "curl ended with \(code)"
        let reason = line.hasPrefix("curl: (") ? String(line.drop { $0 != ")" }.dropFirst(2)) : line
        switch code {
        case 6: return .dead(reason: "there is no such host")
        case 7: return .dead(reason: "nothing answers there")
        case 3: return .dead(reason: reason)
        case 35, 51, 60: return .dead(reason: "its certificate or TLS is not right: \(reason)")
        default: return .unclear(reason: reason)
        }
    }
}
