import XML
import XMPP

/// Answers the requests to a newsletter's contact: who it is, and that it is there.
struct ContactDesk: Sendable {
    /// The newsletters' titles by the addresses of their contacts.
    let titles: [JID: String]
    let version: SoftwareVersion

    private static let features: [Namespace] = [.discoInfo, .discoItems, .ping, .softwareVersion]

    func answer(to iq: IQ, at contact: JID) -> IQ {
        guard iq.type == .get, let payload = iq.payload else { return refusal(of: iq) }
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

    private func refusal(of iq: IQ) -> IQ {
        iq.reply(error: StanzaError(.serviceUnavailable))
    }
}
