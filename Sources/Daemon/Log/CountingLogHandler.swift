import Logging

/// Tells of each entry how bad it is, and leaves it to another to write it.
struct CountingLogHandler: RelayingLogHandler {
    var writer: any LogHandler
    private let count: @Sendable (Logger.Level) -> Void

    init(_ writer: any LogHandler, count: @escaping @Sendable (Logger.Level) -> Void) {
        self.writer = writer
        self.count = count
    }

    func log(event: LogEvent) {
        count(event.level)
        writer.log(event: event)
    }
}
