import Availability
import Commands
import PubSub
import Readers
import Storage
import Testing
import XML
import XMPP

/// Each way in and each way out meet in one list.
@Suite struct WaysTests {
    enum Way: String, CaseIterable, CustomTestStringConvertible {
        case pubsub, chat, contact, registration, form, settings

        var testDescription: String { rawValue }
    }

    @Test("whoever came one way can leave by any", arguments: Way.allCases, Way.allCases)
    func matrix(way: Way, out: Way) async throws {
        let parlour = try await Parlour()
        try await parlour.enter(by: way)
        let form = way == .pubsub ? "event" : "chat"
        #expect(
            try await parlour.subscriptions()
                == ["dispatch-en juliet@verona.example \(form) short"]
        )
        try await parlour.leave(by: out)
        #expect(try await parlour.subscriptions().isEmpty)
        // And all is as it was: the way in is open again.
        try await parlour.enter(by: way)
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test("whoever comes a second way has one subscription", arguments: Way.allCases, Way.allCases)
    func twice(first: Way, second: Way) async throws {
        let parlour = try await Parlour()
        try await parlour.enter(by: first)
        try await parlour.enter(by: second)
        #expect(try await parlour.subscriptions().count == 1)
    }
}

extension Parlour {
    /// Juliet subscribes in English.
    func enter(by way: WaysTests.Way) async throws {
        switch way {
        case .pubsub: try await subscribeByPubSub("juliet@verona.example", to: "dispatch-en")
        case .chat: _ = try await answer(to: "subscribe")
        case .contact:
            _ = try await presence(.subscribe)
            _ = try await answer(to: "subscribe")
        case .registration:
            let iq = try await register(.set, Element("query", in: .registration))
            #expect(iq.type == .result)
        case .form: try await submit("subscribe")
        case .settings: try await submit("settings", ["reading": ["yes"], "amount": ["short"]])
        }
    }

    func leave(by way: WaysTests.Way) async throws {
        switch way {
        case .pubsub:
            let (service, node) = (service, try #require(NodeID(rawValue: "dispatch-en")))
            let juliet = try JID("juliet@verona.example")
            _ = try await store.write { try service.unsubscribe(juliet, from: node, in: $0) }
        case .chat: _ = try await answer(to: "stop")
        case .contact: _ = try await presence(.unsubscribe)
        case .registration:
            let query = Element("query", in: .registration) { Element("remove") }
            #expect(try await register(.set, query).type == .result)
        case .form: try await submit("unsubscribe")
        case .settings: try await submit("settings", ["reading": ["no"]])
        }
    }

    /// What is sent to somebody whose client sent the presence.
    func presence(
        _ type: Presence.PresenceType = .available,
        from reader: String = "juliet@verona.example",
        at address: String = "dispatch@news.verona.example",
        showing show: String? = nil
    ) async throws -> [Stanza] {
        let presences = (newsletters.map { ($0.contact, $0.title) } + [(service.domain, "all")])
            .map { address, title in
                ContactPresence(
                    card: ContactCard(address: address, title: title),
                    capabilities: EntityCapabilities(
                        program: "Broadsheet",
                        info: DiscoInfo(identities: [], features: [])
                    ),
                    status: "Here"
                )
            }
        let book = ContactBook(office, presences: ContactPresences(presences))
        let presence = Presence(type, from: try JID(reader), to: try JID(address)) {
            if let show { Element("show") { show } }
        }
        return await book.receive(presence, at: try JID(address))
    }

    func register(
        _ type: IQ.IQType,
        _ payload: Element,
        from reader: String = "juliet@verona.example/balcony",
        at address: String = "dispatch@news.verona.example"
    ) async throws -> IQ {
        let (reader, address) = (try JID(reader), try JID(address))
        let iq = IQ(type, id: "r1", from: reader, to: address, payload: payload)
        return await Registration(office).answer(iq, at: address)
    }

    /// Runs a command as an ad-hoc form would.
    func submit(_ command: String, _ values: [String: [String]] = [:]) async throws {
        let invocation = CommandInvocation(
            command: command,
            arguments: CommandArguments(values),
            invoker: Invoker(
                role: .reader,
                jid: try JID("juliet@verona.example"),
                displayName: "juliet"
            ),
            face: .adHoc,
            newsletter: "dispatch"
        )
        let outcome = await registry.perform(invocation, responder: NobodyListens())
        guard case .done = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }
}
