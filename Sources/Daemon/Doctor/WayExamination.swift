import Component
import NIOCore
import NIOPosix

/// The way to the server, before anything is said: its name and its port.
struct WayExamination {
    private static let patience = TimeAmount.seconds(10)
    private static let nameStep = "name resolution"
    private static let portStep = "port"

    let server: ServerAddress

    /// What was found; the server is worth a visit if none of it has failed.
    func diagnoses() async -> [Diagnosis] {
        do {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(Self.patience)
                .connect(host: server.host, port: server.port).get()
            let address = channel.remoteAddress?.ipAddress ?? server.host
            try? await channel.close()
            return [
                Diagnosis(Self.nameStep, .fine, "\(server.host) is \(address)."),
                Diagnosis(Self.portStep, .fine, "\(server) takes connections."),
            ]
        } catch let error as NIOConnectionError where error.connectionErrors.isEmpty {
            return [
                Diagnosis(
                    Self.nameStep,
                    .failed,
                    "No address was found for '\(server.host)'. Check `component.server`, and whether this "
                        + "machine's name servers answer."
                )
            ]
        } catch {
            return [Diagnosis(Self.portStep, .failed, refusal(error))]
        }
    }

    private func refusal(_ error: any Error) -> String {
        let first = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
        let remedy =
            "Check that the server runs, and that its component port is the one in `component.server`."
        guard (first as? IOError)?.errnoCode != ECONNREFUSED else {
            return "Nobody listens at \(server). \(remedy)"
        }
        if case ChannelError.connectTimeout = first {
            return "\(server) did not answer in time. \(remedy)"
        }
        return "\(server) can't be reached (\(ControlError.reason(of: first))). \(remedy)"
    }
}
