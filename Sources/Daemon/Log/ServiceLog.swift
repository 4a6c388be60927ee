import Foundation
import Logging

/// Where what we have to say goes: the journal if standard error leads there, otherwise lines on it.
package enum ServiceLog {
    private static var isJournal: Bool {
        Journal.takesStandardError(ProcessInfo.processInfo.environment["JOURNAL_STREAM"])
    }

    /// The logger of the service; `count` is told of each entry how bad it is.
    static func logger(
        _ threshold: LogThreshold,
        count: @escaping @Sendable (Logger.Level) -> Void = { _ in }
    ) -> Logger {
        let journal = isJournal ? Journal() : nil
        return Logger(label: "broadsheet") { _ in
            if let journal {
                CountingLogHandler(
                    JournalLogHandler(threshold: threshold, write: journal.write),
                    count: count
                )
            } else {
                CountingLogHandler(LineLogHandler(threshold: threshold), count: count)
            }
        }
    }

    /// A text for standard error that ends the program, line by line with the priority of an error
    /// where the journal reads it.
    package static func farewell(_ text: String) -> String {
        guard isJournal else { return text }
        let priority = Logger.Level.error.syslogPriority
        return text.split(separator: "\n").map { "<\(priority)>\($0)" }.joined(separator: "\n")
    }
}
