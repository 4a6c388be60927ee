import Availability
import Foundation
import PubSubWire
import XML
import XMPP

/// Answers the requests to a newsletter's contact: who it is, what it can do, that it is there.
///
/// What people ask of a contact is answered at the domain too.
struct ContactDesk: Sendable {
    /// Where PubSub is answered.
    let service: JID
    let presences: ContactPresences
    let version: SoftwareVersion
    /// When the program began.
    let start: Date
    var now: @Sendable () -> Date = { Date() }

    static let features: [Namespace] = [
        .commands, .discoInfo, .discoItems, .entityTime, .lastActivity, .ping, .receipts,
        .registration, .softwareVersion, .vCard, .vCard4,
    ]
    /// What is answered here when the domain is asked.
    static let personal: Set<Namespace> = [.entityTime, .lastActivity, .vCard]

    /// What clients see of the address.
    static func info(named title: String, _ forms: [DataForm] = []) -> DiscoInfo {
        DiscoInfo(identities: [bot(named: title)], features: features, forms: forms)
    }

    static func bot(named title: String) -> DiscoInfo.Identity {
        .init(category: "client", type: "bot", name: title)
    }

    func answer(to iq: IQ, at contact: JID) -> IQ {
        guard let payload = iq.payload else { return refusal(of: iq) }
        if payload.namespace == .pubsub || payload.namespace == .pubsubOwner {
            return items(asked: iq, at: contact) ?? pubsubRefusal(of: iq)
        }
        guard iq.type == .get, let own = presences[contact] else { return refusal(of: iq) }
        switch (payload.name, payload.namespace) {
        case ("query", .discoInfo):
            guard let info = info(on: payload["node"] ?? "", of: own) else {
                return iq.reply(error: StanzaError(.itemNotFound))
            }
            return iq.reply(with: info.element)
        case ("query", .discoItems):
            guard let items = list(of: payload["node"] ?? "", of: own) else {
                return iq.reply(error: StanzaError(.itemNotFound))
            }
            return iq.reply(with: items.element)
        case ("query", .softwareVersion):
            return iq.reply(with: version.element)
        case ("query", .lastActivity):
            return iq.reply(with: lastActivity(of: iq.to))
        case ("time", .entityTime):
            return iq.reply(with: time)
        case ("vCard", .vCard):
            return iq.reply(with: own.card.vCard)
        case ("ping", .ping):
            return iq.reply()
        default:
            return refusal(of: iq)
        }
    }

    /// How long the service has been up (XEP-0012 §5); a contact is never idle (§4).
    private func lastActivity(of address: JID?) -> Element {
        let seconds = address == service ? Int(now().timeIntervalSince(start)) : 0
        return Element("query", in: .lastActivity, ["seconds": String(max(0, seconds))])
    }

    /// The program lives in UTC (XEP-0202 §4).
    private var time: Element {
        Element("time", in: .entityTime) {
            Element("tzo") { "+00:00" }
            Element("utc") { DateTime(now()).description }
        }
    }

    /// PubSub is answered at the domain only, where a server vouches for who asks.
    ///
    /// Through a room nobody can tell who that is, so whoever tries is told the way.
    private func pubsubRefusal(of iq: IQ) -> IQ {
        let text = "PubSub is answered at \(service), asked from your own account."
        return iq.reply(error: StanzaError(.serviceUnavailable, text: text))
    }

    private func refusal(of iq: IQ) -> IQ {
        iq.reply(error: StanzaError(.serviceUnavailable))
    }
}

// MARK: - What there is, and the contact's own nodes

extension ContactDesk {
    private func info(on node: String, of own: ContactPresence) -> DiscoInfo? {
        if node.isEmpty { return own.capabilities.info }
        if node == own.capabilities.node { return own.capabilities.infoAtNode }
        guard ContactNode(rawValue: node)?.item(of: own.card) != nil else { return nil }
        return DiscoInfo(
            node: node,
            identities: [.init(category: "pubsub", type: "leaf")],
            features: [.pubsub, .discoInfo, .discoItems]
        )
    }

    /// The nodes, or the item of a node (XEP-0060 §5.5).
    private func list(of node: String, of own: ContactPresence) -> DiscoItems? {
        let address = own.card.address
        guard !node.isEmpty else {
            let nodes = ContactNode.allCases.filter { $0.item(of: own.card) != nil }
            return DiscoItems(entries: nodes.map { .init(jid: address, node: $0.rawValue) })
        }
        guard let item = ContactNode(rawValue: node)?.item(of: own.card) else { return nil }
        return DiscoItems(node: node, entries: [.init(jid: address, name: item.id)])
    }

    /// The item of one of the contact's own nodes (XEP-0060 §6.5); nil if something else is asked.
    private func items(asked iq: IQ, at contact: JID) -> IQ? {
        guard iq.type == .get, case .items(let request) = try? PubSubRequest(iq),
            let node = ContactNode(rawValue: request.node.rawValue)
        else { return nil }
        guard let card = presences[contact]?.card, let item = node.item(of: card),
            let id = ItemID(rawValue: item.id)
        else { return iq.reply(error: StanzaError(.itemNotFound)) }
        let isMeant = request.ids.isEmpty || request.ids.contains(id)
        let items = isMeant ? [PubSubItem(id: id, payload: item.payload)] : []
        return iq.reply(with: ItemsReply(node: request.node, items: items).element)
    }
}
