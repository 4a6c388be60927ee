import Foundation
import Logging

/// Where what we have to say goes: the journal if standard error leads there, otherwise lines on it.
package enum ServiceLog {
    private static var isJournal: Bool {
        Journal.takesStandardError(ProcessInfo.processInfo.environment["JOURNAL_STREAM"])
    }

    /// The logger of the service; `count` is told of each entry how bad it is.
    ///
    /// Without a veil people's addresses stand in it as they are.
    static func logger(
        _ threshold: LogThreshold,
        veil: AddressVeil? = nil,
        count: @escaping @Sendable (Logger.Level) -> Void = { _ in }
    ) -> Logger {
        let journal = isJournal ? Journal() : nil
        return Logger(label: "broadsheet") { _ in
            let writer: any LogHandler =
                if let journal {
                    JournalLogHandler(threshold: threshold, write: journal.write)
                } else {
                    LineLogHandler(threshold: threshold)
                }
            let veiled = veil.map { VeilingLogHandler(writer, veil: $0) } ?? writer
            return CountingLogHandler(veiled, count: count)
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
