import Foundation
import Logging
import Testing

@testable import Daemon

/// `docs/commands.md`, held against the commands there are.
@Suite("Command reference")
struct CommandReferenceTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/commands.md")

    /// With `BROADSHEET_WRITE_REFERENCE` set, as `make reference` does, the file is written anew.
    @Test("docs/commands.md says what the program says")
    func reference() async throws {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        let configuration = try Configuration(file: sample.file)
        let reference = try BroadsheetService.commandReference(configuration)
        if ProcessInfo.processInfo.environment["BROADSHEET_WRITE_REFERENCE"] != nil {
            try Data(reference.utf8).write(to: Self.file)
        }
        let written = try? String(contentsOf: Self.file, encoding: .utf8)
        #expect(written == reference, "run 'make reference'")
    }
}
