import XML
import XMPP

/// Answers the requests to a newsletter's contact: who it is, and that it is there.
struct ContactDesk: Sendable {
    /// Where PubSub is answered.
    let service: JID
    /// The newsletters' titles by the addresses of their contacts.
    let titles: [JID: String]
    let version: SoftwareVersion

    private static let features: [Namespace] = [
        .commands, .discoInfo, .discoItems, .ping, .softwareVersion,
    ]

    func answer(to iq: IQ, at contact: JID) -> IQ {
        guard let payload = iq.payload else { return refusal(of: iq) }
        if payload.namespace == .pubsub || payload.namespace == .pubsubOwner {
            return pubsubRefusal(of: iq)
        }
        guard iq.type == .get else { return refusal(of: iq) }
        switch (payload.name, payload.namespace) {
        case ("query", .discoInfo) where payload["node"] == nil:
            let identity = DiscoInfo.Identity(
                category: "client",
                type: "bot",
                name: titles[contact]
            )
            return iq.reply(
                with: DiscoInfo(identities: [identity], features: Self.features).element
            )
        case ("query", .discoItems) where payload["node"] == nil:
            return iq.reply(with: DiscoItems(entries: []).element)
        case ("query", .discoInfo), ("query", .discoItems):
            return iq.reply(error: StanzaError(.itemNotFound))
        case ("query", .softwareVersion):
            return iq.reply(with: version.element)
        case ("ping", .ping):
            return iq.reply()
        default:
            return refusal(of: iq)
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
