import Component
import ServiceLifecycle

/// Holds the connection to the server until the service ends, and closes it politely then.
struct ConnectionService: Service {
    let connection: ComponentConnection

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await connection.run() }
    }
}
