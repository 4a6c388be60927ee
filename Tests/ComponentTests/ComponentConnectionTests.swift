import Synchronization
import Testing
import XML
import XMPP

@testable import Component

@Suite("A connection over loopback", .timeLimit(.minutes(10)))
struct ComponentConnectionTests {
    private static let ping = """
        <iq xmlns='jabber:component:accept' type='get' id='p1' from='juliet@verona.lit/x' \
        to='news.verona.lit'><ping xmlns='urn:xmpp:ping'/></iq>
        """

    @Test("stanzas of one read come together; the stream ends politely when stopped")
    func life() async throws {
        let farewell = Mutex<String?>(nil)
        try await dialogue { peer, _ in
            try await peer.accept()
            try await peer.say(Self.ping + " " + Self.ping)
            let heard = try await peer.hear("</stream:stream>")
            farewell.withLock { $0 = heard }
            try await peer.say("</stream:stream>")
        } body: { recorder, connection in
            try await recorder.wait(streams: 1, batches: 1)
            let batches = await recorder.batches
            #expect(batches.map(\.count) == [2])
            guard case .stanza(.iq(let iq)) = batches[0][0] else {
                Testing.Issue.record("not an iq: \(batches)")
                return
            }
            try await recorder.stream().send(.iq(iq.reply()))
            await connection.stop()
            #expect(await recorder.ends == [.closedByUs])
            // A second stop has nothing to wait for.
            await connection.stop()
        }
        #expect(
            farewell.withLock { $0 }
                == "<iq type='result' id='p1' from='news.verona.lit' to='juliet@verona.lit/x'/>"
                + "</stream:stream>"
        )
    }

    @Test(
        "a stop is clean only if the server says that it has read all before (RFC 6120 §4.4)",
        arguments: [false, true]
    )
    func unanswered(hangsUp: Bool) async throws {
        try await dialogue { peer, _ in
            try await peer.accept()
            guard hangsUp else { return try await peer.wait() }
            try await peer.hear("</stream:stream>")
        } body: { recorder, connection in
            try await recorder.wait(streams: 1)
            await connection.stop()
            #expect(await recorder.ends == [.lost(hangsUp ? .disconnected : .unanswered)])
        }
    }

    @Test("on a stream that is over, sending and asking throw its end")
    func over() async throws {
        try await dialogue { peer, connection in
            try await peer.accept()
            if connection == 0 {
                try await peer.say("</stream:stream>")
            }
            try await peer.wait()
        } body: { recorder, _ in
            try await recorder.wait(streams: 2, ends: 1)
            #expect(await recorder.ends == [.closedByServer])
            let old = try await recorder.stream(0)
            await #expect(throws: StreamClosed(end: .closedByServer)) {
                try await old.send(.message(Message(.chat, body: "too late")))
            }
            await #expect(throws: RequestFailure.streamClosed(.closedByServer)) {
                try await old.request(IQ(.get, id: ""))
            }
        }
    }

    @Test(
        "each way a stream can break has its name, and is followed by a new one",
        arguments: [
            ("", StreamEnd.lost(.disconnected)),
            ("<iq type='get'", .lost(.disconnected)),
            ("</stream:stream>", .closedByServer),
            (
                "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                    + "</stream:error></stream:stream>",
                .streamError(StreamError(.systemShutdown))
            ),
            ("<!-- hello -->", .lost(.unreadable(.restricted(what: "a comment", line: 1)))),
        ]
    )
    func breaks(text: String, end: StreamEnd) async throws {
        try await dialogue { peer, connection in
            try await peer.accept()
            guard connection == 0 else { return try await peer.wait() }
            try await peer.say(text)
        } body: { recorder, _ in
            try await recorder.wait(streams: 2, ends: 1)
            #expect(await recorder.ends.first == end)
        }
    }

    @Test("when a server is lost the next is tried, from the last the first again")
    func otherServers() async throws {
        let (first, second) = (try await ScriptedServer(), try await ScriptedServer())
        var configuration = try first.configuration(.brisk)
        // Nobody listens at the one in between.
        let nowhere = ServerAddress(host: "127.0.0.1", port: try FreePorts.take())
        configuration.otherServers = [nowhere, try second.configuration(.brisk).server]
        let servers = configuration.servers
        let recorder = Recorder()
        try await withThrowingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask {
                try await first.run { peer, connection in
                    try await peer.accept()
                    if connection > 0 { try await peer.wait() }
                }
            }
            group.addTask { try await second.run { peer, _ in try await peer.accept() } }
            try await connected(configuration, recorder) { _ in
                try await recorder.wait(streams: 3, ends: 2)
            }
        }
        let visited = await recorder.streams.map(\.server)
        #expect(visited == [servers[0], servers[2], servers[0]])
        #expect(await recorder.failures.count == 1)
    }

    @Test("bad XML gets the stream error that names it before we hang up (RFC 6120 §4.9.3)")
    func politeError() async throws {
        let answer = Mutex<String?>(nil)
        try await dialogue { peer, connection in
            try await peer.accept()
            guard connection == 0 else { return try await peer.wait() }
            try await peer.say("<!-- hello -->")
            let heard = try await peer.hear("</stream:stream>")
            answer.withLock { $0 = heard }
        } body: { recorder, _ in
            try await recorder.wait(streams: 2, ends: 1)
        }
        #expect(
            answer.withLock { $0 }
                == "<stream:error><restricted-xml xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                + "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>a comment</text>"
                + "</stream:error></stream:stream>"
        )
    }

    @Test("a refusal at the first connect ever ends everything, with the remedy")
    func refused() async throws {
        let server = try await ScriptedServer()
        let lines = LogLines()
        let connection = makeConnection(
            try server.configuration(.brisk),
            Recorder(),
            logger: lines.logger
        )
        let error = await withThrowingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask {
                try await server.run { peer, _ in
                    try await peer.hear("to='news.verona.lit'>")
                    try await peer.say(
                        ScriptedServer.header
                            + "<stream:error><not-authorized "
                            + "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                            + "</stream:stream>"
                    )
                }
            }
            return await #expect(throws: ComponentRefused.self) { try await connection.run() }
        }
        #expect(error?.error.condition == .notAuthorized)
        #expect(error?.domain == "news.verona.lit")
        // Whoever runs the connection says it, so that nobody reads it twice.
        #expect(!lines.all.contains { $0.contains("not-authorized") })
    }

    @Test("refused after having been online, or in the handshake without a reason: tried again")
    func refusedLater() async throws {
        var timings = StreamTimings.brisk
        timings.refusedDelay = .milliseconds(20)
        timings.handshake = .milliseconds(200)
        try await dialogue(timings: timings, hasBeenOnline: true) { peer, connection in
            switch connection {
            case 0:
                try await peer.say(
                    ScriptedServer.header
                        + "<stream:error><host-unknown "
                        + "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                )
            case 1: try await peer.say("HTTP/1.1 400 Bad Request\r\n\r\n")
            case 2: try await peer.say(ScriptedServer.header.replacing(" id='s1'", with: ""))
            case 3: try await peer.wait()
            default:
                try await peer.accept()
                try await peer.wait()
            }
        } body: { recorder, _ in
            try await recorder.wait(streams: 1)
            #expect(await recorder.ends.isEmpty)
        }
    }

    @Test(
        "nobody listens: that is waited for, and stopping does not have to wait with it",
        .timeLimit(.minutes(10))
    )
    func nobodyThere() async throws {
        let server = try await ScriptedServer()
        await withThrowingTaskGroup { group in
            group.addTask { try await server.run { _, _ in } }
            group.cancelAll()
            try? await group.waitForAll()
        }
        var timings = StreamTimings.brisk
        timings.firstDelay = .seconds(3600)
        timings.longestDelay = .seconds(3600)
        let configuration = try server.configuration(timings)
        try await connected(configuration, Recorder()) { _ in
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    @Test("the log has a line for each turn of events, and neither secret nor digest in any")
    func log() async throws {
        let server = try await ScriptedServer()
        let lines = LogLines()
        let recorder = Recorder()
        let connection = makeConnection(
            try server.configuration(.brisk),
            recorder,
            logger: lines.logger
        )
        try await withThrowingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask {
                try await server.run { peer, connection in
                    try await peer.accept()
                    guard connection > 0 else { return }
                    try await peer.hear("</stream:stream>")
                    try await peer.say("</stream:stream>")
                }
            }
            let running = Task { try await connection.run() }
            try await recorder.wait(streams: 2)
            // To cancel is as good as to stop.
            running.cancel()
            try await running.value
        }
        #expect(await recorder.ends == [.lost(.disconnected), .closedByUs])
        let times = lines.all.map { line in
            String(line.map { $0.isNumber ? "0" : $0 })
                .replacing("host=000.0.0.0", with: "host=").replacing("0.00 s", with: "0 s")
        }
        #expect(times.count == 7)
        #expect(times[0].hasPrefix("info: Connecting domain=news.verona.lit host= port="))
        #expect(times[1] == "info: Online after=0 s")
        #expect(
            times[2]
                == "warning: Stream ended clean=false reason=The connection to the server broke off."
        )
        #expect(times[3] == "info: Next try in=0 s")
        #expect(times[6] == "info: Stream ended clean=true reason=We closed the stream.")
        let digest = try #require(Secret("secret").digest(streamID: "s1"))
        #expect(!lines.all.contains { $0.contains("secret") || $0.contains(digest) })
    }
}
