import Logging

extension LogHandler {
    /// The facts behind an event: the logger's, those of the moment, and its own, which count most.
    func facts(of event: LogEvent) -> Logger.Metadata {
        let provided = metadataProvider?.get() ?? [:]
        return metadata.merging(provided) { $1 }.merging(event.metadata ?? [:]) { $1 }
    }
}
