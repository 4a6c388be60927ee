import Engine
import Synchronization
import Testing
import XML
import XMPP

@Suite("What has to happen before an engine is worth asking again")
struct EngineErrorTests {
    @Test(
        "a refusal says whether to wait, to look at the node, to turn to somebody, or to change the item",
        arguments: [
            (StanzaError(.remoteServerTimeout), EngineError.Remedy.time),
            (StanzaError(.serviceUnavailable), .time),
            (StanzaError(.resourceConstraint), .time),
            (StanzaError(.notAcceptable, type: .wait), .time),
            (StanzaError(.itemNotFound), .node),
            (StanzaError(.conflict, extensionCondition: pubsub("precondition-not-met")), .node),
            (StanzaError(.forbidden), .setting),
            (StanzaError(.notAllowed), .setting),
            (StanzaError(.featureNotImplemented), .setting),
            (StanzaError(.notAcceptable, extensionCondition: pubsub("payload-too-big")), .content),
            (StanzaError(.badRequest, extensionCondition: pubsub("invalid-payload")), .content),
        ]
    )
    func remedies(error: StanzaError, remedy: EngineError.Remedy) {
        #expect(EngineError.refused(error).remedy == remedy)
    }

    @Test(
        "silence, and an error that somebody on the way may have made, leave in doubt what was done"
    )
    func doubt() {
        #expect(EngineError.unanswered("").leavesDoubt)
        #expect(EngineError.refused(StanzaError(.remoteServerTimeout)).leavesDoubt)
        #expect(EngineError.refused(StanzaError(.internalServerError)).leavesDoubt)
        #expect(!EngineError.refused(StanzaError(.forbidden)).leavesDoubt)
        #expect(!EngineError.refused(StanzaError(.conflict)).leavesDoubt)
    }

    @Test("what the service can't do is not asked for again; what it may do later is")
    func final() {
        #expect(EngineError.refused(StanzaError(.featureNotImplemented)).isFinal)
        #expect(EngineError.refused(StanzaError(.badRequest)).isFinal)
        #expect(!EngineError.refused(StanzaError(.forbidden)).isFinal)
        #expect(!EngineError.refused(StanzaError(.notAcceptable, type: .wait)).isFinal)
        #expect(!EngineError.unanswered("").isFinal)
    }

    @Test("an answer that is too large for us is known by who says so, and wants a setting")
    func oversizedAnswer() async throws {
        let (service, us) = (try JID("pubsub.mantua.example"), try JID("news.verona.example"))
        let node = try #require(NodeID(rawValue: "verse"))
        for (domain, remedy) in [(us, EngineError.Remedy.setting), (service, .time)] {
            var error = StanzaError.oversizedAnswer(2_000_000, at: domain)
            if domain == service { error.type = .wait }
            let sent = error
            let client = EngineClient(service, as: try JID("dispatch@news.verona.example")) {
                $0.reply(error: StanzaError(sent.element))
            }
            let caught = await #expect(throws: EngineError.self) {
                try await client.subscribers(of: node)
            }
            #expect(caught?.remedy == remedy)
        }
    }

    @Test("a request that is too large for our server is not sent, and what is exactly so large is")
    func oversizedRequest() async throws {
        let (service, us) = (try JID("pubsub.mantua.example"), try JID("news.verona.example"))
        let node = try #require(NodeID(rawValue: "verse"))
        let item = try #require(ItemID(rawValue: "1"))
        let sent = Mutex<[Int]>([])
        func publish(_ length: Int, atMost largest: Int) async throws {
            let client = EngineClient(service, as: us, largestRequest: largest) { request in
                var request = request
                // As long as ids are at most.
                request.id = String(repeating: "i", count: 32)
                let size = request.element().xml(inheriting: .componentAccept).utf8.count
                sent.withLock { $0.append(size) }
                return request.reply()
            }
            let text = String(repeating: "o", count: length)
            let payload = Element("entry", in: "x") { text }
            try await client.publish(payload, as: item, at: node, if: nil)
        }
        try await publish(1_000, atMost: .max)
        let largest = sent.withLock { $0[0] }
        try await publish(1_000, atMost: largest)
        #expect(sent.withLock { $0 == [largest, largest] })
        let error = await #expect(throws: EngineError.self) {
            try await publish(1_001, atMost: largest)
        }
        #expect(error == .requestTooLarge(size: largest + 1, limit: largest))
        #expect(error?.isFinal == true)
        #expect(error?.leavesDoubt == false)
        #expect(sent.withLock { $0.count } == 2)
    }

    @Test("it is told in the service's words")
    func words() {
        let error = StanzaError(
            .notAcceptable,
            text: "Too big.",
            extensionCondition: pubsub("payload-too-big")
        )
        #expect(
            EngineError.refused(error).description
                == "It answers not-acceptable, payload-too-big: Too big."
        )
    }
}

private func pubsub(_ name: String) -> Element {
    Element(name, in: .pubsubErrors)
}
