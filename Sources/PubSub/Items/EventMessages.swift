import PubSubWire
import Storage
import XML
import XMPP

/// The messages an event makes: one for each form readers may have chosen.
///
/// They have neither address nor id; the delivery writes those for each reader.
struct EventMessages {
    struct Entry {
        let kind: VariantKind
        let message: Message
    }

    var entries: [Entry]

    /// The item that was published (XEP-0060 §7.1.2).
    ///
    /// The type is `normal`, since servers don't keep a headline for readers who are offline. A
    /// plain message has no event in it, so that it can be corrected and retracted (XEP-0308,
    /// XEP-0424).
    init(publishing item: PublishedItem, at node: NodeID, from service: JID) {
        let event = PubSubEvent.items(
            ItemsEvent(
                node: node,
                items: [
                    PubSubItem(id: item.id, publisher: item.publisher, payload: item.payload)
                ]
            )
        )
        entries = Self.events(event, from: service, language: item.language, body: item.body)
        entries += Self.plain(item)
    }

    /// The item that was retracted (XEP-0060 §7.2.2.1); readers of plain messages get nothing.
    init(retracting item: ItemID, at node: NodeID, from service: JID) {
        let event = PubSubEvent.items(ItemsEvent(node: node, retracted: [item]))
        entries = Self.events(event, from: service, language: nil, body: nil)
    }

    /// Only the plain messages of an item.
    init(plainCopiesOf item: PublishedItem) {
        entries = Self.plain(item)
    }

    private static func events(
        _ event: PubSubEvent,
        from service: JID,
        language: String?,
        body: String?
    ) -> [Entry] {
        [(VariantKind.event, nil), (.eventWithBody, body)].map { kind, body in
            Entry(
                kind: kind,
                message: Message(.normal, from: service, xmlLang: language, body: body) {
                    event.element
                }
            )
        }
    }

    private static func plain(_ item: PublishedItem) -> [Entry] {
        ChatAmount.allCases.compactMap { amount in
            guard let text = item.chat[amount] else { return nil }
            let message = Message(
                .chat,
                from: item.chatSender,
                xmlLang: item.language,
                body: text
            ) {
                Element("store", in: .hints)
            }
            return Entry(kind: .chat(amount), message: message)
        }
    }
}
