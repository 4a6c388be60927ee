import Foundation
import Glibc
import Logging

/// Writes each event as one line for people: when, how bad, what, and the facts behind it.
///
///     2026-11-21T08:30:00Z warning Not connected: reason="Connection refused"
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    /// What a logger of its own may be silent about beyond the rest.
    private var ownLevel = Logger.Level.trace
    private let threshold: LogThreshold

    var logLevel: Logger.Level {
        get { max(ownLevel, threshold.level) }
        set { ownLevel = newValue }
    }

    private let write: @Sendable (String) -> Void

    init(
        threshold: LogThreshold = LogThreshold(.info),
        write: @escaping @Sendable (String) -> Void = Self.writeToStandardError
    ) {
        self.threshold = threshold
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        write(Self.line(Date(), event.level, "\(event.message)", facts(of: event)))
    }

    static func line(
        _ date: Date,
        _ level: Logger.Level,
        _ message: String,
        _ facts: Logger.Metadata
    ) -> String {
        "\(date.formatted(.iso8601)) \(level) \(sentence(message, facts))\n"
    }

    /// What, and the facts behind it, on one line.
    static func sentence(_ message: String, _ facts: Logger.Metadata) -> String {
        let pairs = facts.sorted { $0.key < $1.key }.map { "\($0)=\(quoted("\($1)"))" }
        let tail = pairs.isEmpty ? "" : ": " + pairs.joined(separator: " ")
        let sentence = pairs.isEmpty || message.last != "." ? message : String(message.dropLast())
        return TerminalText.oneLine(sentence) + tail
    }

    /// A value that ends where it seems to end.
    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && TerminalText.isPlain(value)
            && !value.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
        guard !isPlain else { return value }
        return "\"\(TerminalText.oneLine(value).replacing("\"", with: "\\\""))\""
    }

    /// In one call, so that lines of several threads don't mix.
    static func writeToStandardError(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
