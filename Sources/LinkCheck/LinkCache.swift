public import Foundation

/// Verdicts of former runs, so that nobody's server is asked again and again.
public struct LinkCache: Hashable, Sendable {
    struct Entry: Hashable, Codable, Sendable {
        var verdict: LinkVerdict
        var date: Date
    }

    /// By address.
    private(set) var entries: [String: Entry] = [:]

    /// How long a page that was there counts as being there, in seconds: a week.
    public static let lifetimeOfReachable: TimeInterval = 7 * 86_400

    /// How long other verdicts count, in seconds: an hour, since somebody is correcting them.
    public static let lifetimeOfOthers: TimeInterval = 3_600

    public init() {}

    /// Reads a cache; a file that is not there, or that nobody can read, is an empty one.
    public init(file: URL) {
        guard let data = try? Data(contentsOf: file),
            let entries = try? JSONDecoder().decode([String: Entry].self, from: data)
        else { return }
        self.entries = entries
    }

    /// Writes it as a whole, never half, without what counts no more.
    public func write(to file: URL, now: Date) throws {
        let fresh = entries.filter { Self.isFresh($0.value, now) }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try encoder.encode(fresh).write(to: file, options: .atomic)
    }

    public func verdict(on address: String, now: Date) -> LinkVerdict? {
        entries[address].flatMap { Self.isFresh($0, now) ? $0.verdict : nil }
    }

    public mutating func remember(_ verdict: LinkVerdict, on address: String, now: Date) {
        entries[address] = Entry(verdict: verdict, date: now)
    }

    /// Forgets what counts no more.
    mutating func tidy(now: Date) {
        entries = entries.filter { Self.isFresh($0.value, now) }
    }

    private static func isFresh(_ entry: Entry, _ now: Date) -> Bool {
        let age = now.timeIntervalSince(entry.date)
        let lifetime = entry.verdict == .reachable ? lifetimeOfReachable : lifetimeOfOthers
        return (0..<lifetime).contains(age)
    }
}
