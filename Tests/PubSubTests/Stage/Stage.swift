import Conversations
import Foundation
import PubSub
import Storage
import Testing
import XML
import XMPP

/// The service alone, with a database of its own, for conversations.
///
/// Deliveries are written out at once, each reader's copy from the stored variants. Somebody in the
/// script may also give stage directions, stanzas in `urn:test:inside` (see ``Direction``), for what
/// happens inside the program.
actor Stage: ConversationPartner {
    /// The service's clock: it stands still, but for the direction `<wait/>`.
    private var now = Date(timeIntervalSince1970: 1_795_248_000)

    private var service: PubSubService
    private let settings: PubSubSettings
    private let path: String?
    private var store: Store?
    private var delivered = 0

    /// Opens with the node `verse`, the hidden node `drafts`, and those that are given.
    ///
    /// Juliet may create nodes.
    ///
    /// With a path the database is a file, which outlives the direction `<restart/>`.
    init(
        nodes: [NodeDefinition] = [],
        settings: PubSubSettings = PubSubSettings(
            version: SoftwareVersion(name: "Broadsheet", version: "0.1"),
            roomDomains: ["rooms.lit"],
            creators: Stage.creators,
            ownersAddReaders: true
        ),
        path: String? = nil
    ) async throws {
        let start = now
        service = PubSubService(
            domain: try JID("news.verona.lit"),
            settings: settings,
            now: { start }
        )
        self.settings = settings
        self.path = path
        let store = try path.map { try Store(path: $0) } ?? Store.inMemory()
        self.store = store
        let definitions = try [
            NodeDefinition(
                id: #require(NodeID(rawValue: "verse")),
                language: "en",
                title: "Verse",
                description: "What lovers say"
            ),
            NodeDefinition(
                id: #require(NodeID(rawValue: "drafts")),
                title: "Drafts",
                isHidden: true
            ),
        ]
        let service = service
        try await store.write { transaction in
            for definition in definitions + nodes {
                try service.ensureNode(definition, in: transaction)
            }
        }
    }

    static let creators: NodeCreators = {
        guard let juliet = try? JID("juliet@verona.lit") else { return NodeCreators() }
        return NodeCreators(jids: [juliet])
    }()

    func receive(_ stanza: Element) async throws -> [Element] {
        if let direction = try Direction(stanza) { return try await perform(direction) }
        let service = service
        if stanza.name == "message" {
            let message = try Message(stanza)
            return try await carryOut(open().write { try service.handle(message, in: $0) })
        }
        if stanza.name == "presence" {
            let presence = try Presence(stanza)
            return try await carryOut(open().write { try service.receive(presence, in: $0) })
        }
        let iq: IQ
        do {
            iq = try IQ(stanza)
        } catch {
            return error.reply.map { [$0] } ?? []
        }
        return try await carryOut(
            open().write { transaction in
                // Whose time is over is no subscriber any more when the request is read.
                try service.endLeases(in: transaction) + service.handle(iq, in: transaction)
            }
        )
    }

    /// What leaves the service: at once, what it says itself; then what it has started to deliver.
    private func carryOut(_ effects: [PubSubEffect]) async throws -> [Element] {
        var stanzas: [Element] = []
        var isDeliveryDue = false
        for effect in effects {
            switch effect {
            case .reply(let reply): stanzas.append(reply.element())
            case .message(let message): stanzas.append(message.element())
            case .subscriptionsEnded(let ended): stanzas += ended.messages.map { $0.element() }
            case .fanOutStarted, .readersDue, .deliveryRecalled: isDeliveryDue = true
            }
        }
        return stanzas + (isDeliveryDue ? try await deliver() : [])
    }

    private func wait(seconds: Double) {
        now += seconds
        let moment = now
        service = PubSubService(domain: service.domain, settings: settings, now: { moment })
    }

    /// Closes the database, and opens it again as a new process would.
    private func restart() throws {
        store = nil
        store = try Store(path: try #require(path))
    }

    private func open() throws -> Store {
        try #require(store)
    }
}

// MARK: - For scripts

extension Stage {
    /// Somebody adds the service as a contact, or removes it; gives what they are told.
    @discardableResult
    func contact(_ reader: String, isAdded: Bool) async throws -> [Element] {
        let (service, reader, date) = (service, try JID(reader), now)
        return try await carryOut(
            open().write { transaction in
                guard !isAdded else {
                    try transaction.addContact(service.domain, of: reader, at: date)
                    return []
                }
                try transaction.removeContact(service.domain, of: reader)
                return try service.endContactSubscriptions(of: reader, in: transaction)
            }
        )
    }

    /// The features in the service's disco#info, as they are written.
    func features() async throws -> String {
        let query = IQ(
            .get,
            id: "features",
            from: try JID("romeo@verona.lit/script"),
            to: service.domain,
            payload: Element("query", in: .discoInfo)
        )
        let answer = try #require(try await receive(query.element()).first)
        return try #require(answer.child("query", in: .discoInfo)).children("feature")
            .map { "<feature var='\($0["var"] ?? "")'/>" }
            .joined()
    }
}

// MARK: - Stage directions

extension Stage {
    private func perform(_ direction: Direction) async throws -> [Element] {
        let service = service
        do {
            switch direction.order {
            case .publish(let item, let node):
                let fanOut = try await open().write {
                    try service.publish(item, to: node, in: $0)
                }
                return try await answer(direction, fanOut)
            case .sendPlainCopies(let item, let node):
                let fanOut = try await open().write {
                    try service.sendPlainCopies(of: item, to: node, in: $0)
                }
                return try await answer(direction, fanOut)
            case .retract(let item, let node, let notify):
                let fanOut = try await open().write {
                    try service.retract(item, from: node, notify: notify, in: $0)
                }
                guard let fanOut else { return [] }
                return try await answer(direction, fanOut)
            case .exclude(let jid, let affiliation, let node):
                try await open().write { transaction in
                    guard let record = try transaction.node(named: node) else { return }
                    try transaction.setAffiliation(affiliation, of: jid, with: record.id)
                }
                return []
            case .deliver:
                return try await deliver()
            case .restart:
                try restart()
                return []
            case .wait(let seconds):
                wait(seconds: seconds)
                return []
            }
        } catch let error as PubSubError {
            return [direction.reply("refused", text: error.description)]
        }
    }

    private func answer(_ direction: Direction, _ fanOut: StartedFanOut) async throws -> [Element] {
        let started = direction.reply("started", ["readers": String(fanOut.recipients)])
        return [started] + (direction.holds ? [] : try await deliver())
    }

    /// Writes out all that is waiting to be delivered.
    private func deliver() async throws -> [Element] {
        let now = now
        let deliveries = try await open().write { transaction in
            var deliveries: [(head: [UInt8], address: String, tail: [UInt8])] = []
            for fanOut in try transaction.unfinishedFanOuts() {
                try transaction.withholdFromAbsent(fanOut, after: .start, at: now)
                let variants = try transaction.variants(of: fanOut.id)
                let recipients = try transaction.recipients(of: fanOut, after: .start, limit: 1_000)
                for recipient in recipients {
                    let variant = try #require(variants.first { $0.kind == recipient.kind })
                    for part in [variant.first] + variant.further {
                        deliveries.append((part.head, recipient.address, part.tail))
                    }
                }
                try transaction.setState(.finished, of: fanOut.id, at: now)
            }
            return deliveries
        }
        return try deliveries.map { delivery in
            delivered += 1
            var writer = Writer()
            writer.writeAttribute("to", delivery.address)
            writer.writeAttribute("id", "delivery-\(delivered)")
            let bytes = delivery.head + writer.bytes + delivery.tail
            return try Self.stanza(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func stanza(_ xml: String) throws -> Element {
        let stream = "<stream xmlns='\(Namespace.componentAccept.rawValue)'>\(xml)</stream>"
        return try #require(Element(xml: stream).elements.first { _ in true })
    }
}
