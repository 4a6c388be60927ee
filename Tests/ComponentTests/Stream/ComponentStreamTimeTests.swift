import Testing
import XMPP

@testable import Component

@Suite("What the clock says to a stream", .timeLimit(.minutes(10)))
struct ComponentStreamTimeTests {
    @Test("once the handshake's time is over, nothing that lies behind is waited for")
    func handshakeOver() async throws {
        let server = try await ScriptedServer()
        var timings = StreamTimings.brisk
        timings.handshake = .milliseconds(50)
        timings.closing = .seconds(3600)
        let configuration = try server.configuration(timings)
        try await withThrowingTaskGroup { group in
            defer { group.cancelAll() }
            // It says neither header nor goodbye.
            group.addTask { try await server.run { peer, _ in try await peer.wait() } }
            let stream = try await StreamConnector(configuration, executor: StreamExecutor())
                .connect(unless: Latch())
            group.addTask { _ = await stream.run(delegate: Recorder(), stopping: Latch()) }

            while await stream.isHandshaking { try await Task.sleep(for: .milliseconds(10)) }
            let due = try #require(await stream.firstDue)
            #expect(due > .now + .seconds(600))

            await stream.finish(.closedByUs)
        }
    }
}

extension ComponentStream {
    fileprivate var isHandshaking: Bool {
        if case .handshaking = phase { true } else { false }
    }
}
