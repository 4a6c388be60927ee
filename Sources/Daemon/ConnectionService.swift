import Component
import ServiceLifecycle

/// Holds the connection to the server until the service ends, and closes it then.
struct ConnectionService: Service {
    let connection: ComponentConnection

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await connection.run()
        } onGracefulShutdown: {
            // Its own end is awaited by `run`, which returns once the stream is closed.
            Task { await connection.stop() }
        }
    }
}
