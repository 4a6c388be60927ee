import Availability
import Logging
import Newsroom
import PubSub
import Publishing
import Readers
import Storage
import XMPP

/// How the newsletters meet their readers.
extension Assembly {
    static func office(
        _ configuration: Configuration,
        _ newsletters: [Newsletter],
        _ pubsub: PubSubService,
        _ store: Store,
        _ link: StreamLink,
        _ outbox: Outbox,
        _ couriers: [EngineCourier],
        _ logger: Logger
    ) -> ReaderOffice {
        ReaderOffice(
            newsletters: newsletters,
            service: pubsub,
            store: store,
            busyLimit: configuration.busyLimit,
            waitingLeavings: configuration.engines.waitingLeavings,
            send: { effects in
                for courier in couriers { await courier.wake() }
                guard !effects.isEmpty, let stream = await link.stream else { return }
                await outbox.carryOut(effects, on: stream)
            },
            report: { error in
                logger.error("A reader was not served", metadata: ["reason": "\(error)"])
            }
        )
    }

    /// What each of our addresses shows of itself; the domain shows all its newsletters.
    static func presences(_ configuration: Configuration) -> ContactPresences {
        let newsletters = configuration.newsletters
        let sole = newsletters.count == 1 ? newsletters.first : nil
        let cards =
            newsletters.map { $0.card(at: $0.newsletter.contact) } + [
                sole?.card(at: configuration.domain)
                    ?? ContactCard(
                        address: configuration.domain,
                        title: newsletters.map(\.newsletter.title).joined(separator: ", ")
                    )
            ]
        let forms = [configuration.pubsub.contacts.dataForm, DataPolicy.dataForm].compactMap { $0 }
        return ContactPresences(
            cards.map { card in
                ContactPresence(
                    card: card,
                    capabilities: EntityCapabilities(
                        program: BroadsheetService.version.name,
                        info: ContactDesk.info(named: card.title, forms)
                    ),
                    status: StatusLine.text(
                        nextIssue: nil,
                        in: newsletters[0].newsletter.defaultFeed.language
                    )
                )
            }
        )
    }
}

extension NewsletterSettings {
    /// What the newsletter shows of itself at one of its addresses.
    fileprivate func card(at address: JID) -> ContactCard {
        ContactCard(
            address: address,
            title: newsletter.title,
            about: about,
            url: web,
            avatar: avatar
        )
    }
}
