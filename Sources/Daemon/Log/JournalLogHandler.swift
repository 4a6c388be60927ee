import Foundation
import Logging

/// Writes each event to the journal: a sentence with its facts for people, and each fact as a field.
///
///     journalctl -u broadsheet BROADSHEET_ROOM=comm-team@rooms.example.org
struct JournalLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    /// What a logger of its own may be silent about beyond the rest.
    private var ownLevel = Logger.Level.trace
    private let threshold: LogThreshold

    var logLevel: Logger.Level {
        get { max(ownLevel, threshold.level) }
        set { ownLevel = newValue }
    }

    /// Tells whether the entry was taken.
    private let write: @Sendable ([(name: String, value: String)]) -> Bool

    init(
        threshold: LogThreshold = LogThreshold(.info),
        write: @escaping @Sendable ([(name: String, value: String)]) -> Bool
    ) {
        self.threshold = threshold
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = facts(of: event)
        let text = LineLogHandler.sentence("\(event.message)", facts)
        var fields = [
            (name: "MESSAGE", value: text),
            (name: "PRIORITY", value: "\(event.level.syslogPriority)"),
            (name: "SYSLOG_IDENTIFIER", value: "broadsheet"),
            (name: "CODE_FILE", value: event.file),
            (name: "CODE_LINE", value: "\(event.line)"),
            (name: "CODE_FUNC", value: event.function),
        ]
        for (name, value) in facts.sorted(by: { $0.key < $1.key }) {
            fields.append((name: Self.fieldName(name), value: "\(value)"))
        }
        if write(fields) { return }
        // An entry that is too large, or a journal that is away: the stream is there still.
        LineLogHandler.writeToStandardError("<\(event.level.syslogPriority)>\(text)\n")
    }

    /// The journal takes capitals, digits and underscores, 64 of them.
    static func fieldName(_ name: String) -> String {
        let letters = name.uppercased().utf8.map { byte in
            let isAllowed = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            return isAllowed ? Character(UnicodeScalar(byte)) : "_"
        }
        return String(("BROADSHEET_" + String(letters)).prefix(64))
    }
}

extension Logger.Level {
    /// The priority that syslog(3) gives it, from 7 (debug) to 2 (critical).
    var syslogPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
