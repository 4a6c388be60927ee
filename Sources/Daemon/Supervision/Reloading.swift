import Foundation
import Logging

/// Reads the configuration again, and applies what can be applied while the service runs.
///
/// A faulty file changes nothing.
actor Reloading {
    /// The keys that count at once; all others count from the next start.
    static let keysAppliedAtOnce: Set<String> = [
        "log.level", "people", "rooms.hats", "rooms.roles",
    ]

    private let file: URL
    private var current: Configuration
    private let manager: ServiceManager?
    private let logger: Logger
    private let apply: @Sendable (Configuration) async -> Void

    init(
        file: URL,
        current: Configuration,
        manager: ServiceManager?,
        logger: Logger,
        apply: @escaping @Sendable (Configuration) async -> Void
    ) {
        self.file = file
        self.current = current
        self.manager = manager
        self.logger = logger
        self.apply = apply
    }

    /// Reads the file and says in sentences what has come of it.
    func reload() async -> ControlReply {
        manager?.tellReloading()
        defer { manager?.tell(.ready) }
        let next: Configuration
        do {
            next = try Configuration(file: file)
        } catch {
            logger.error("Configuration not read again", metadata: ["reason": "\(error)"])
            return ControlReply(.failed, "\(error)\nNothing is changed.")
        }
        let changed = Self.changes(from: current, to: next)
        let applied = changed.filter(Self.keysAppliedAtOnce.contains)
        let waiting = changed.filter { !Self.keysAppliedAtOnce.contains($0) }
        await apply(next)
        // What waits for a restart is told of each time until then.
        for key in applied { current.written[key] = next.written[key] }
        let said = Self.sentences(applied: applied, waiting: waiting)
        logger.notice("\(said)")
        return ControlReply(.done, said)
    }

    /// The keys of which the two files say different things, in alphabetical order.
    static func changes(from old: Configuration, to new: Configuration) -> [String] {
        Set(old.written.keys).union(new.written.keys)
            .filter { old.written[$0] != new.written[$0] }
            .sorted()
    }

    private static func sentences(applied: [String], waiting: [String]) -> String {
        var said = ["The configuration was read again."]
        if !applied.isEmpty { said.append("Now counts: \(applied.joined(separator: ", ")).") }
        if !waiting.isEmpty {
            said.append("Needs a restart: \(waiting.joined(separator: ", ")).")
        }
        if applied.isEmpty, waiting.isEmpty { said.append("Nothing in it has changed.") }
        return said.joined(separator: " ")
    }
}
