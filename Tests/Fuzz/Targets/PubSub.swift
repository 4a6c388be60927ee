import PubSub
import Storage
import XML
import XMPP

/// Requests to the whole service, on a database in memory: each gets one answer, which can be
/// written and goes to whoever asked; nothing fails as no rule foresees; what only asks is answered
/// where nothing can be written; and no notice goes to somebody who neither asked nor has to do with
/// the nodes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPubSub(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let stream = "<s xmlns='\(Namespace.componentAccept.rawValue)'>"
    guard let events = try? Parser().parse((stream + text).utf8) else { return 0 }
    var stanzas: [Stanza] = []
    for case .element(let element) in events {
        // An element is a request of Romeo's unless it says otherwise.
        var element = element
        if element["from"] == nil { element["from"] = "romeo@verona.lit/orchard" }
        element["to"] = "news.verona.lit"
        if element["id"] == nil { element["id"] = "1" }
        if let stanza = try? Stanza(element) { stanzas.append(stanza) }
    }
    guard !stanzas.isEmpty else { return 0 }
    let asked = stanzas
    waiting {
        try await Stage.shared.ask(asked)
        try await Stage.shared.play(asked)
    }
    return 0
}

private struct Stage: Sendable {
    /// Undoes all that an input has done, so that each begins with the same nodes.
    private struct Curtain: Error {}

    static let shared = waiting { try await Stage() }

    private let store: Store
    private let service: PubSubService
    private let people: Set<JID>

    init() async throws {
        store = try Store.inMemory()
        var settings = PubSubSettings()
        settings.maximumNodesPerCreator = 5
        settings.maximumPendingSubscriptions = 2
        settings.creators = NodeCreators(jids: [try JID("juliet@verona.lit")])
        settings.roomDomains = ["rooms.verona.lit"]
        service = PubSubService(domain: try JID("news.verona.lit"), settings: settings)
        people = Set(try ["juliet@verona.lit", "nurse@verona.lit"].map { try JID($0) })
        let requests = try Self.scenery.map { try IQ(try Element(xml: $0)) }
        let service = service
        try await store.write { transaction in
            for request in requests {
                for case .reply(let reply) in try service.handle(request, in: transaction) {
                    demand(reply.error == nil, "the scenery: \(reply)")
                }
            }
        }
    }

    /// Plays those that only ask, as the program does where all that has come only asks.
    func ask(_ stanzas: [Stanza]) async throws {
        let service = service
        let known = known(to: stanzas)
        try await store.read { transaction in
            for case .iq(let iq) in stanzas where PubSubService.onlyAsks(iq) {
                Self.check(try service.handle(iq, in: transaction), of: .iq(iq), known)
            }
        }
    }

    func play(_ stanzas: [Stanza]) async throws {
        let service = service
        let known = known(to: stanzas)
        do {
            try await store.write { transaction in
                for stanza in stanzas {
                    var effects: [PubSubEffect] = []
                    switch stanza {
                    case .iq(let iq): effects = try service.handle(iq, in: transaction)
                    case .message(let message):
                        guard PubSubService.isDecision(message) else { continue }
                        effects = try service.handle(message, in: transaction)
                    case .presence: continue
                    }
                    Self.check(effects, of: stanza, known)
                }
                throw Curtain()
            }
        } catch is Curtain {
        }
    }

    private func known(to stanzas: [Stanza]) -> Set<JID> {
        people.union(stanzas.compactMap { $0.from?.bare })
    }

    private static func check(_ effects: [PubSubEffect], of stanza: Stanza, _ known: Set<JID>) {
        var replies = 0
        for effect in effects {
            switch effect {
            case .reply(let iq):
                replies += 1
                demand(iq.to == stanza.from && !iq.type.isRequest, "\(stanza)\n\(iq)")
                demand((try? Element(xml: iq.element().xml())) != nil, "\(stanza)\n\(iq)")
            case .message(let message): check(message, about: stanza, known)
            case .subscriptionsEnded(let ended):
                for message in ended.messages { check(message, about: stanza, known) }
            case .fanOutStarted, .readersDue, .deliveryRecalled: break
            }
        }
        guard case .iq(let iq) = stanza else { return }
        demand(replies == (iq.type.isRequest ? 1 : 0), "\(replies) answers to \(stanza)")
    }

    private static func check(_ message: Message, about stanza: Stanza, _ known: Set<JID>) {
        demand(message.to.map { known.contains($0.bare) } == true, "\(stanza)\n\(message)")
        demand((try? Element(xml: message.element().xml())) != nil, "\(stanza)")
    }

    /// Nodes of each kind, with items and readers.
    private static let scenery = [
        create("verse", "open"), create("letters", "authorize"), create("vault", "whitelist"),
        request(
            "juliet",
            "<publish node='verse'><item id='1'><v xmlns='urn:v'>A rose</v></item></publish>"
        ),
        request("juliet", "<publish node='vault'><item id='1'><v xmlns='urn:v'/></item></publish>"),
        request("nurse", "<subscribe node='verse' jid='nurse@verona.lit'/>"),
        request("nurse", "<subscribe node='letters' jid='nurse@verona.lit'/>"),
    ]

    private static func create(_ node: String, _ model: String) -> String {
        request(
            "juliet",
            """
            <create node='\(node)'/><configure><x xmlns='jabber:x:data' type='submit'>
            <field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#node_config</value></field>
            <field var='pubsub#access_model'><value>\(model)</value></field></x></configure>
            """
        )
    }

    private static func request(_ person: String, _ action: String) -> String {
        "<iq xmlns='jabber:component:accept' type='set' id='1' from='\(person)@verona.lit/x' "
            + "to='news.verona.lit'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
            + "\(action)</pubsub></iq>"
    }
}
