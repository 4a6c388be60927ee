import Foundation
import Logging
import Synchronization
import Testing

@testable import Daemon

@Suite("A configuration that is read again")
struct ReloadingTests {
    private let sample: ConfigurationSample
    private let applied = Applied()
    private let reloading: Reloading

    private final class Applied: Sendable {
        let configurations = Mutex<[Configuration]>([])
    }

    init() throws {
        sample = try ConfigurationSample()
        let applied = applied
        reloading = Reloading(
            file: sample.file,
            current: try Configuration(file: sample.file),
            manager: nil,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { next in
            applied.configurations.withLock { $0.append(next) }
        }
    }

    private func write(replacing part: String, with other: String) throws {
        let text = ConfigurationSample.good.replacing(part, with: other)
        #expect(text != ConfigurationSample.good)
        try Data(text.utf8).write(to: sample.file)
    }

    @Test("an unchanged file changes nothing, and says so")
    func unchanged() async {
        defer { sample.remove() }
        let reply = await reloading.reload()
        #expect(
            reply.text == "The configuration was read again. Nothing in it has changed."
        )
    }

    @Test("roles and people count at once, once told")
    func applies() async throws {
        defer { sample.remove() }
        try write(replacing: "member: editor", with: "member: reader")
        let reply = await reloading.reload()
        #expect(reply.text == "The configuration was read again. Now counts: rooms.roles.")
        let roles = applied.configurations.withLock { $0.last?.rooms.first?.roles }
        #expect(roles == [.owner: .publisher, .member: .reader])
        #expect(await reloading.reload().text.hasSuffix("Nothing in it has changed."))
    }

    @Test("what needs a restart is told of, each time until there was one")
    func waits() async throws {
        defer { sample.remove() }
        try write(replacing: "title: The Verona Dispatch", with: "title: News")
        let expected =
            "The configuration was read again. Needs a restart: newsletters.dispatch.title."
        #expect(await reloading.reload().text == expected)
        #expect(await reloading.reload().text == expected)
    }

    @Test("a faulty file changes nothing, and every mistake in it is named")
    func faulty() async throws {
        defer { sample.remove() }
        try write(replacing: "member: editor", with: "member: king")
        let reply = await reloading.reload()
        #expect(reply.kind == .failed)
        #expect(reply.text.contains("broadsheet.yaml:11:"))
        #expect(reply.text.hasSuffix("Nothing is changed."))
        #expect(applied.configurations.withLock { $0.isEmpty })
    }
}
