import Component
import Foundation
import Logging
import Storage
import XML
import XMPP

/// What the server says: by the service that runs, or in a stream of our own.
struct ServerExamination {
    /// How long the server may take for all of it.
    private static let patience = Duration.seconds(30)

    let configuration: Configuration

    func diagnoses() async -> [Diagnosis] {
        if let said = await byService() { return [said] + (await others()) + (await engines()) }
        let database = configuration.database.path(percentEncoded: false)
        if let process = StoreHolder.process(of: database) { return [unheard(process)] }
        var found: [Diagnosis] = []
        for server in configuration.stream.servers {
            found += named(await diagnoses(of: server), server)
        }
        return found
    }

    /// What is found at one of them, as if there were no others.
    private func diagnoses(of server: ServerAddress) async -> [Diagnosis] {
        let way = await WayExamination(server: server).diagnoses()
        guard !way.contains(where: { $0.verdict == .failed }) else {
            return way + [
                Diagnosis("server", .skipped, "It is looked at when there is a way to it.")
            ]
        }
        var configuration = configuration
        configuration.stream = configuration.stream.at(server)
        return way + (await Self.visit(configuration))
    }

    /// Where there are several, each step says at which it was taken.
    private func named(_ diagnoses: [Diagnosis], _ server: ServerAddress) -> [Diagnosis] {
        guard configuration.stream.servers.count > 1 else { return diagnoses }
        return diagnoses.map { Diagnosis("\($0.step) (\(server))", $0.verdict, $0.text) }
    }

    /// Whether there is a way to all of them; the service that runs is connected to one alone.
    private func others() async -> [Diagnosis] {
        let servers = configuration.stream.servers
        guard servers.count > 1 else { return [] }
        var found: [Diagnosis] = []
        for server in servers {
            found += named(await WayExamination(server: server).diagnoses(), server)
        }
        return found
    }

    private static func visit(_ configuration: Configuration) async -> [Diagnosis] {
        let visit = ServerVisit(configuration: configuration)
        let connection = ComponentConnection(
            configuration: configuration.stream,
            delegate: visit,
            hasBeenOnline: false,
            logger: Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() }
        )
        return await withTaskGroup(of: [Diagnosis]?.self) { group in
            group.addTask {
                do {
                    try await connection.run()
                    return nil
                } catch {
                    return [Diagnosis("server", .failed, "\(error)")]
                }
            }
            group.addTask { await visit.outcome() }
            group.addTask {
                try? await Task.sleep(for: patience)
                visit.giveUp()
                return nil
            }
            var found: [Diagnosis] = []
            for await diagnoses in group {
                guard let diagnoses else { continue }
                found = diagnoses
                break
            }
            // The stream ends with its closing tag.
            group.cancelAll()
            return found
        }
    }

    /// Whoever connected beside it would take stanzas away from it.
    private func unheard(_ process: Int32) -> Diagnosis {
        let socket = configuration.controlSocket.path(percentEncoded: false)
        return Diagnosis(
            "server",
            .failed,
            "The service runs (process \(process)) and can't be asked at \(socket). Look as root or as "
                + "somebody in its group; if 'control.socket' was changed, restart the service."
        )
    }

    /// What the service that runs hears from the newsletters' engines, if there are any.
    private func engines() async -> [Diagnosis] {
        guard configuration.newsletters.contains(where: { $0.newsletter.engine != nil }) else {
            return []
        }
        let client = ControlClient(socket: configuration.controlSocket)
        let question = ControlRequest(words: [OperatorOrder.engines.rawValue], language: "en")
        guard let reply = try? await client.run(question, progress: { _ in }), reply.kind == .done,
            let found = try? JSONDecoder().decode([Diagnosis].self, from: Data(reply.text.utf8))
        else {
            return [Diagnosis("engines", .skipped, "The service that runs did not ask them.")]
        }
        return found
    }

    /// What the service says that runs; nil if none does that can be asked.
    func byService() async -> Diagnosis? {
        let client = ControlClient(socket: configuration.controlSocket)
        let question = ControlRequest(words: ["status"], language: "en")
        guard let reply = try? await client.run(question, progress: { _ in }) else { return nil }
        // The first line of the status is about the stream; a room's begins with its address.
        let isConnected = reply.text.hasPrefix("Connected to")
        return Diagnosis(
            "server",
            isConnected ? .fine : .failed,
            "The service runs. It says:\n\(reply.text)"
        )
    }
}
