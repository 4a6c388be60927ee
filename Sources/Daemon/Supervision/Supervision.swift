import ServiceLifecycle

/// Tells the service manager that we are ready, how things stand, and that we are ending.
///
/// To be the last of all services: it begins when the others have begun, and ends before them.
struct Supervision: Service {
    let manager: ServiceManager
    /// How long a change may go untold.
    var interval = Duration.seconds(2)
    /// How things stand, in a sentence.
    let status: @Sendable () async -> String

    func run() async throws {
        manager.tell(.ready)
        await cancelWhenGracefulShutdown { await follow() }
        manager.tell(.stopping, .status("Ending."))
    }

    private func follow() async {
        var told: String?
        while !Task.isCancelled {
            let sentence = await status()
            if sentence != told, !Task.isCancelled { manager.tell(.status(sentence)) }
            told = sentence
            try? await Task.sleep(for: interval)
        }
    }
}
