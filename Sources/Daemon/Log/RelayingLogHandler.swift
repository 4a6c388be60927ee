import Logging

/// A handler that leaves the writing to another; all that is set of it is that of the other.
protocol RelayingLogHandler: LogHandler {
    var writer: any LogHandler { get set }
}

extension RelayingLogHandler {
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
}
