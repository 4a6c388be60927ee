import Commands

/// `status`: whether all is well, and what is on its way.
struct StatusCommand: Sendable {
    /// Lines of text; what they say is known to those who wire the service.
    let lines: @Sendable () async throws -> [String]

    var declaration: Command {
        Command(
            "status",
            summary: "Say whether I am connected and what is on its way",
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["status"]
        ) { _, _ in
            do {
                return .done(try await lines().joined(separator: "\n"))
            } catch {
                return .failed("\(error)")
            }
        }
    }
}
