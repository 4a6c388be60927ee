import Logging
import Synchronization

@testable import Component

/// Keeps what is logged, a line an event, with its metadata in order of names.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { [self] _ in Handler(lines: self) }
        logger.logLevel = .trace
        return logger
    }

    private func add(_ event: LogEvent) {
        let metadata = (event.metadata ?? [:]).sorted { $0.key < $1.key }
            .map { " \($0.key)=\($0.value)" }.joined()
        lines.withLock { $0.append("\(event.level): \(event.message)\(metadata)") }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        func log(event: LogEvent) {
            lines.add(event)
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }
}

/// The first warning a connection logs; a server of the test's may play its script meanwhile.
func firstWarning(
    _ configuration: StreamConfiguration,
    server: ScriptedServer? = nil,
    _ script: @escaping ScriptedServer.Script = { _, _ in }
) async throws -> String {
    let lines = LogLines()
    let connection = makeConnection(configuration, Recorder(), logger: lines.logger)
    return try await withThrowingTaskGroup { group in
        defer { group.cancelAll() }
        if let server {
            group.addTask { try await server.run(script) }
        }
        let running = Task { try await connection.run() }
        for _ in 0..<1000 where !lines.all.contains(where: { $0.hasPrefix("warning") }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        await connection.stop()
        try await running.value
        return lines.all.first { $0.hasPrefix("warning") } ?? "nothing"
    }
}
