import Logging

/// Tells of each entry how bad it is, and leaves it to another to write it.
struct CountingLogHandler: LogHandler {
    private var writer: any LogHandler
    private let count: @Sendable (Logger.Level) -> Void

    init(_ writer: any LogHandler, count: @escaping @Sendable (Logger.Level) -> Void) {
        self.writer = writer
        self.count = count
    }

    var metadata: Logger.Metadata {
        get { writer.metadata }
        set { writer.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { writer.metadataProvider }
        set { writer.metadataProvider = newValue }
    }

    var logLevel: Logger.Level {
        get { writer.logLevel }
        set { writer.logLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { writer[metadataKey: key] }
        set { writer[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        count(event.level)
        writer.log(event: event)
    }
}
