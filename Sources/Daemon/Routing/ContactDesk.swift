import Availability
import Foundation
import XML
import XMPP

/// Answers the requests to a newsletter's contact: who it is, what it can do, that it is there.
///
/// What people ask of a contact is answered at the domain too.
struct ContactDesk: Sendable {
    /// Where PubSub is answered.
    let service: JID
    /// The presence of each of our addresses, with its card and what it can do.
    let presences: [JID: ContactPresence]
    let version: SoftwareVersion
    /// When the program began.
    let start: Date
    var now: @Sendable () -> Date = { Date() }

    static let features: [Namespace] = [
        .commands, .discoInfo, .discoItems, .entityTime, .lastActivity, .ping, .receipts,
        .registration, .softwareVersion, .vCard,
    ]
    /// What is answered here when the domain is asked.
    static let personal: Set<Namespace> = [.entityTime, .lastActivity, .vCard]

    /// What clients see of the address.
    static func info(named title: String) -> DiscoInfo {
        DiscoInfo(
            identities: [.init(category: "client", type: "bot", name: title)],
            features: features
        )
    }

    func answer(to iq: IQ, at contact: JID) -> IQ {
        guard let payload = iq.payload else { return refusal(of: iq) }
        if payload.namespace == .pubsub || payload.namespace == .pubsubOwner {
            return pubsubRefusal(of: iq)
        }
        guard iq.type == .get, let own = presences[contact] else { return refusal(of: iq) }
        switch (payload.name, payload.namespace) {
        case ("query", .discoInfo):
            guard let node = payload["node"], !node.isEmpty else {
                return iq.reply(with: Self.info(named: own.card.title).element)
            }
            guard node == own.capabilities.node else {
                return iq.reply(error: StanzaError(.itemNotFound))
            }
            return iq.reply(with: own.capabilities.infoAtNode.element)
        case ("query", .discoItems) where payload["node"] == nil:
            return iq.reply(with: DiscoItems(entries: []).element)
        case ("query", .discoItems):
            return iq.reply(error: StanzaError(.itemNotFound))
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
