import Synchronization
import Testing
import XML
import XMPP

@testable import Component

@Suite("Asking and sending over loopback", .timeLimit(.minutes(10)))
struct StanzaStreamTests {
    private static func request(id: String = "") throws -> IQ {
        IQ(
            .get,
            id: id,
            from: try JID("news.verona.lit"),
            to: try JID("verona.lit"),
            payload: Element("ping", in: .ping)
        )
    }

    private static func answer(id: String, from: String = "verona.lit") -> String {
        "<iq type='result' id='\(id)' from='\(from)' to='news.verona.lit'/>"
    }

    @Test("an answer from somebody else does not count, an error from the one asked does")
    func matched() async throws {
        try await dialogue { peer, _ in
            try await peer.accept()
            try await peer.hear("</iq>")
            try await peer.say(Self.answer(id: "q1", from: "mercutio@verona.lit/x"))
            try await peer.say(
                "<iq type='error' id='q1' from='verona.lit' to='news.verona.lit'><error "
                    + "type='cancel'><service-unavailable "
                    + "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
            )
            try await peer.wait()
        } body: { recorder, _ in
            let iq = try await recorder.stream().request(Self.request(id: "q1"))
            #expect(iq.error?.condition == .serviceUnavailable)
            // The delegate gets the stranger's, and not the answer.
            try await recorder.wait(batches: 1)
            let senders = await recorder.batches.joined().map { inbound -> String? in
                if case .stanza(let stanza) = inbound { stanza.from?.description } else { nil }
            }
            #expect(senders == ["mercutio@verona.lit/x"])
        }
    }

    @Test("the delegate may await an answer while it handles a batch, and when the stream opens")
    func awaitingInDelegate() async throws {
        let answered = Tally()
        let recorder = Recorder { stream in
            if (try? await stream.request(Self.request())) != nil { answered.add() }
        } onBatch: { _, stream in
            if (try? await stream.request(Self.request())) != nil { answered.add() }
        }
        try await dialogue(recorder: recorder) { peer, _ in
            try await peer.accept()
            for _ in 0..<2 {
                let heard = try await peer.hear("</iq>") ?? ""
                let id = heard.split(separator: "id='")[1].prefix { $0 != "'" }
                try await peer.say("<message from='verona.lit' to='news.verona.lit'/>")
                try await peer.say(Self.answer(id: String(id)))
            }
            try await peer.wait()
        } body: { recorder, _ in
            try await recorder.wait(batches: 1)
            for _ in 0..<400 where answered.count < 2 {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(answered.count == 2)
        }
    }

    @Test("silence throws after the time given; an id in use is replaced")
    func timeOut() async throws {
        // Who waited the usual time would wait for ever.
        var timings = StreamTimings.brisk
        timings.request = .seconds(1_000_000)
        try await dialogue(timings: timings) { peer, _ in
            try await peer.accept()
            let heard = (try await peer.hear("</iq>") ?? "") + (try await peer.hear("</iq>") ?? "")
            #expect(heard.split(separator: "id='same'").count == 2)
            try await peer.wait()
        } body: { recorder, _ in
            let stream = try await recorder.stream()
            let clock = ContinuousClock()
            let spent = await clock.measure {
                let asking = [150, 100].map { milliseconds in
                    Task {
                        try await stream.request(
                            Self.request(id: "same"),
                            timeout: .milliseconds(milliseconds)
                        )
                    }
                }
                for task in asking {
                    await #expect(throws: RequestFailure.timedOut) { try await task.value }
                }
            }
            #expect(spent >= .milliseconds(150))
        }
    }

    @Test("an answer proves that the server lived when it was asked, not when we read it")
    func lastLife() async throws {
        try await dialogue { peer, _ in
            try await peer.accept()
            let heard = try await peer.hear("</iq>")
            let id = try #require(heard?.firstMatch(of: /id='([^']*)'/)?.1)
            try await peer.say("<iq type='result' id='\(id)' from='verona.lit'/>")
            try await peer.wait()
        } body: { recorder, _ in
            let stream = try await recorder.stream()
            let opened = try #require(await stream.lastLife)
            try await Task.sleep(for: .milliseconds(50))
            let asked = ContinuousClock.now
            #expect(asked > opened)
            _ = try await stream.request(Self.request())
            let answered = ContinuousClock.now
            let life = try #require(await stream.lastLife)
            #expect(asked <= life && life <= answered)
        }
    }

    @Test("requests that wait when the connection breaks learn it at once")
    func broken() async throws {
        try await dialogue { peer, connection in
            try await peer.accept()
            if connection == 0 { try await peer.hear("</iq>") } else { try await peer.wait() }
        } body: { recorder, _ in
            let stream = try await recorder.stream()
            await #expect(throws: RequestFailure.streamClosed(.lost(.disconnected))) {
                try await stream.request(Self.request())
            }
        }
    }

    @Test("whoever is cancelled while asking does not wait on")
    func cancelled() async throws {
        try await dialogue { peer, _ in
            try await peer.accept()
            try await peer.wait()
        } body: { recorder, _ in
            let stream = try await recorder.stream()
            let asking = Task { try await stream.request(Self.request()) }
            try await Task.sleep(for: .milliseconds(30))
            asking.cancel()
            await #expect(throws: RequestFailure.streamClosed(.closedByUs)) {
                try await asking.value
            }
        }
    }

    @Test("a server that falls silent is pinged, and left when it does not answer")
    func silent() async throws {
        var timings = StreamTimings.brisk
        timings.silence = .milliseconds(300)
        timings.pingAnswer = .milliseconds(300)
        let ping = Mutex<String?>(nil)
        try await dialogue(timings: timings) { peer, connection in
            try await peer.accept()
            if connection == 0 {
                // White space is a sign of life.
                for _ in 0..<15 {
                    try await Task.sleep(for: .milliseconds(40))
                    try await peer.say(" ")
                }
                let heard = try await peer.hear("</iq>")
                ping.withLock { $0 = heard }
            }
            try await peer.wait()
        } body: { recorder, _ in
            try await recorder.wait(streams: 2, ends: 1)
            #expect(await recorder.ends.first == .lost(.silent))
        }
        let heard = try #require(ping.withLock { $0 })
        #expect(heard.contains("<ping xmlns='urn:xmpp:ping'/>"))
        #expect(heard.contains("to='verona.lit'"))
    }

    @Test("a server that speaks first hears our header first all the same")
    func early() async throws {
        try await dialogue { peer, _ in
            try await peer.say(ScriptedServer.header)
            let heard = try await peer.hear("</handshake>")
            #expect(heard?.hasPrefix("<?xml version='1.0'?><stream:stream ") == true)
            try await peer.say("<handshake/>")
            try await peer.wait()
        } body: { recorder, _ in
            _ = try await recorder.stream()
        }
    }

    @Test("a server that talks and talks, but reads nothing, is left")
    func deaf() async throws {
        var timings = StreamTimings.brisk
        timings.silence = .milliseconds(300)
        timings.pingAnswer = .seconds(10)
        timings.deafness = .seconds(1)
        try await dialogue(timings: timings) { peer, connection in
            try await peer.accept()
            while connection == 0 {
                try await peer.say("<message from='verona.lit' to='news.verona.lit'/>")
                try await Task.sleep(for: .milliseconds(20))
            }
            try await peer.wait()
        } body: { recorder, _ in
            try await recorder.wait(streams: 2, ends: 1)
            #expect(await recorder.ends.first == .lost(.deaf))
            #expect(await recorder.batches.isEmpty == false)
        }
    }

    @Test("a server that sends and sends, and reads nothing of our answers, is left too")
    func deafToAnswers() async throws {
        var timings = StreamTimings.brisk
        timings.silence = .milliseconds(500)
        timings.pingAnswer = .milliseconds(500)
        timings.deafness = .seconds(1)
        let chunk = Array(("<message>" + String(repeating: "x", count: 65_518) + "</message>").utf8)
        // As long as it waits for the server to read, we don't read either.
        let recorder = Recorder(onBatch: { _, stream in
            while (try? await stream.write(chunk)) != nil {}
        })
        try await dialogue(timings: timings, recorder: recorder) { peer, connection in
            try await peer.accept()
            while connection == 0 { try await peer.say(String(decoding: chunk, as: UTF8.self)) }
            try await peer.wait()
        } body: { recorder, _ in
            try await recorder.wait(ends: 1)
            let ends: [StreamEnd] = [.lost(.silent), .lost(.deaf)]
            #expect(await ends.contains(try #require(recorder.ends.first)))
        }
    }

    @Test(
        "while the server does not read, writing waits; what was written then arrives whole",
        arguments: [false, true]
    )
    func backPressure(withTLS: Bool) async throws {
        let mayRead = Latch()
        let accepted = Tally()
        let arrived = Tally()
        let chunk = Array(("<message>" + String(repeating: "x", count: 65_518) + "</message>").utf8)
        let count = 1000
        let tls = withTLS ? TLSServer(identity: try TestIdentity("server")) : nil
        try await dialogue(tls: tls) { peer, _ in
            try await peer.accept()
            await mayRead.wait()
            let size = try await peer.skip(count * chunk.count)
            arrived.add(size)
            try await peer.hear("</stream:stream>")
            try await peer.say("</stream:stream>")
        } body: { recorder, _ in
            let stream = try await recorder.stream()
            let writing = Task {
                for _ in 0..<count {
                    try await stream.write(chunk)
                    accepted.add()
                }
            }
            var before = -1
            while before != accepted.count || before == 0 {
                before = accepted.count
                try await Task.sleep(for: .milliseconds(200))
            }
            // The buffers of the kernel may grow to some 36 megabytes, ours hold one or two.
            #expect(before > 0 && before < count * 4 / 5, "\(before) of \(count) were taken")
            mayRead.open()
            try await writing.value
            for _ in 0..<4000 where arrived.count == 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        #expect(arrived.count == count * chunk.count)
    }

    @Test(
        "while the delegate works, the server's writing waits, and its silence is no death",
        arguments: [false, true]
    )
    func slowDelegate(withTLS: Bool) async throws {
        var timings = StreamTimings.brisk
        timings.silence = .seconds(1)
        timings.pingAnswer = .seconds(1)
        let mayGoOn = Latch()
        let recorder = Recorder { _ in await mayGoOn.wait() }
        let sent = Tally()
        let count = 1000
        let text = "<message>" + String(repeating: "x", count: 65_518) + "</message>"
        let tls = withTLS ? TLSServer(identity: try TestIdentity("server")) : nil
        try await dialogue(timings: timings, tls: tls, recorder: recorder) { peer, _ in
            try await peer.accept()
            for _ in 0..<count {
                try await peer.say(text)
                sent.add()
            }
            try await peer.say("<message id='last'/></stream:stream>")
            try await peer.wait()
        } body: { recorder, _ in
            try await recorder.wait(streams: 1)
            var before = -1
            while before != sent.count || before == 0 {
                before = sent.count
                try await Task.sleep(for: .milliseconds(500))
            }
            // Longer than silence and answer together.
            try await Task.sleep(for: .milliseconds(2500))
            #expect(before > 0 && before < count * 4 / 5, "\(before) of \(count) were taken")
            #expect(await recorder.ends.isEmpty)
            mayGoOn.open()
            try await recorder.wait(ends: 1)
            #expect(await recorder.ends.first == .closedByServer)
            #expect(await recorder.batches.joined().count == count + 1)
        }
    }

    @Test("who is turned away is told, and the server is read on while the delegate works")
    func turnedAway() async throws {
        let mayGoOn = Latch()
        let recorder = Recorder(
            onBatch: { _, _ in await mayGoOn.wait() },
            sieve: { batch, isFull in
                SiftedBatch(
                    admitted: batch.filter { !$0.isQuestion },
                    refusals: isFull ? [] : batch.compactMap(\.refusalOfLast)
                )
            }
        )
        let count = 20_000
        let flood = "<iq type='get' id='1' from='a@verona.lit' to='news.verona.lit'><q/></iq>"
        try await dialogue(recorder: recorder) { peer, _ in
            try await peer.accept()
            try await peer.say("<message id='first'/>")
            let last = flood.replacing("id='1'", with: "id='last'")
            for _ in 0..<count / 100 { try await peer.say(String(repeating: flood, count: 100)) }
            // All of it was read, although the first message is still being worked on.
            mayGoOn.open()
            try await peer.say(last)
            try await peer.hear("</iq>")
            try await peer.say("<message id='last'/></stream:stream>")
            try await peer.wait()
        } body: { recorder, _ in
            try await recorder.wait(ends: 1)
            #expect(await recorder.batches.joined().count == 2)
        }
    }

    @Test("whoever asked learns that the answer was too large; other large stanzas are reported")
    func oversized() async throws {
        let large = String(repeating: "x", count: 1_100_000)
        try await dialogue { peer, _ in
            try await peer.accept()
            try await peer.hear("</iq>")
            try await peer.say("<message from='romeo@verona.lit/x'><body>\(large)</body></message>")
            try await peer.say(
                "<iq type='result' id='q1' from='verona.lit'><q xmlns='q'>\(large)</q></iq>"
            )
            try await peer.wait()
        } body: { recorder, _ in
            let iq = try await recorder.stream().request(Self.request(id: "q1"))
            #expect(iq.type == .error)
            #expect(iq.error?.isOversizedAnswer(to: try JID("news.verona.lit/x")) == true)
            #expect(iq.error?.text?.contains("'component.maximum_stanza_size'") == true)
            try await recorder.wait(batches: 1)
            let batches = await recorder.batches
            guard case .oversized(let envelope, let size) = batches[0][0] else {
                Testing.Issue.record("not oversized: \(batches)")
                return
            }
            #expect(batches.joined().count == 1)
            #expect(envelope["from"] == "romeo@verona.lit/x" && envelope.children.isEmpty)
            #expect(size > large.utf8.count)
        }
    }

    @Test("what is no stanza, or has a bad address, is reported and the stream lives")
    func unreadable() async throws {
        try await dialogue { peer, _ in
            try await peer.accept()
            try await peer.say("<iq xmlns='urn:example' type='get' id='1'><a/></iq>")
            try await peer.say("<novel/><message from='@'/><message from='verona.lit'/>")
            try await peer.wait()
        } body: { recorder, _ in
            for batches in 1...4 where await recorder.batches.joined().count < 4 {
                try await recorder.wait(batches: batches)
            }
            let kinds = await recorder.batches.joined().map { inbound in
                switch inbound {
                case .unreadable(.notAStanza(let element)): "no stanza: \(element.name)"
                case .unreadable(.malformedAddress): "bad address"
                case .unreadable(.badHeader): "bad header"
                case .oversized: "oversized"
                case .stanza: "stanza"
                }
            }
            #expect(kinds == ["no stanza: iq", "no stanza: novel", "bad address", "stanza"])
            #expect(await recorder.ends.isEmpty)
        }
    }
}

extension Inbound {
    fileprivate var isQuestion: Bool {
        if case .stanza(.iq) = self { true } else { false }
    }

    fileprivate var refusalOfLast: Stanza? {
        guard case .stanza(.iq(let iq)) = self, iq.id == "last" else { return nil }
        return .iq(iq.reply(error: StanzaError(.policyViolation)))
    }
}
