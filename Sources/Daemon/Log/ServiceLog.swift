import Foundation
import Logging

/// Where what we have to say goes: the journal if standard error leads there, otherwise lines on it.
package enum ServiceLog {
    private static var isJournal: Bool {
        Journal.takesStandardError(ProcessInfo.processInfo.environment["JOURNAL_STREAM"])
    }

    static func logger(_ threshold: LogThreshold) -> Logger {
        let journal = isJournal ? Journal() : nil
        return Logger(label: "broadsheet") { _ in
            if let journal {
                JournalLogHandler(threshold: threshold, write: journal.write)
            } else {
                LineLogHandler(threshold: threshold)
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
