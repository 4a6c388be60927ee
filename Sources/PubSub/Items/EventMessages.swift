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
        let first: Message
        /// Those after it, where one would be too large.
        var further: [Message] = []
    }

    var entries: [Entry]

    /// The item that was published (XEP-0060 §7.1.2), as its node has it delivered.
    ///
    /// A plain message has no event in it, so that it can be corrected and retracted (XEP-0308,
    /// XEP-0424).
    init(
        publishing item: PublishedItem,
        at node: NodeID,
        configuration: NodeConfiguration,
        isReplacement: Bool,
        from service: JID
    ) {
        let wireItem = PubSubItem(
            id: item.id,
            publisher: item.publisher,
            payload: configuration.eventPayload(
                of: item.payload,
                isReplacement: isReplacement
            )
        )
        self.init(
            .items(ItemsEvent(node: node, items: [wireItem])),
            from: service,
            type: configuration.notificationType,
            language: item.language,
            body: item.body
        )
        entries += Self.plain(item)
    }

    /// An event that only those get who asked for events.
    ///
    /// The type is `normal` by default, since servers don't keep a headline for readers who are
    /// offline.
    init(
        _ event: PubSubEvent,
        from service: JID,
        type: NotificationType,
        language: String? = nil,
        body: String? = nil
    ) {
        entries = [(VariantKind.event, nil), (.eventWithBody, body)].map { kind, body in
            Entry(
                kind: kind,
                first: Message(
                    type == .headline ? .headline : .normal,
                    from: service,
                    xmlLang: language,
                    body: body
                ) { event.element }
            )
        }
    }

    /// Only the plain messages of an item.
    init(plainCopiesOf item: PublishedItem) {
        entries = Self.plain(item)
    }

    private static func plain(_ item: PublishedItem) -> [Entry] {
        chats(item) + (announcement(item).map { [$0] } ?? []) + replacements(item)
    }

    private static func replacements(_ item: PublishedItem) -> [Entry] {
        ChatAmount.allCases.compactMap { amount in
            item.replacements[amount].map {
                Entry(kind: .replacement(amount), first: plain($0, of: item))
            }
        }
    }

    /// Without what would replace messages of these amounts.
    func withoutReplacements(of amounts: some Sequence<ChatAmount>) -> EventMessages {
        let amounts = Set(amounts)
        var messages = self
        messages.entries.removeAll { entry in
            guard case .replacement(let amount) = entry.kind else { return false }
            return amounts.contains(amount)
        }
        return messages
    }

    /// What a room gets: all of it in one message, as short as that takes.
    private static func announcement(_ item: PublishedItem) -> Entry? {
        let short = item.chat[.short] ?? []
        guard let sender = item.roomSender,
            let text = short.count == 1 ? short[0] : item.chat[.link]?.first
        else { return nil }
        return Entry(
            kind: .room,
            first: Message(.groupchat, from: sender, xmlLang: item.language, body: text)
        )
    }

    private static func chats(_ item: PublishedItem) -> [Entry] {
        ChatAmount.allCases.compactMap { amount in
            let messages = item.chat[amount]?.map { plain($0, of: item) }
            guard let messages, let first = messages.first else { return nil }
            return Entry(
                kind: .chat(amount),
                first: first,
                further: Array(messages.dropFirst())
            )
        }
    }

    /// An empty text makes a message that only takes one of several back (``PublishedItem/chat``).
    ///
    /// All about one issue is one thread (RFC 6121 §5.2.5), in whatever language and part.
    private static func plain(_ text: String, of item: PublishedItem) -> Message {
        guard !text.isEmpty else {
            return Message(.chat, from: item.chatSender, xmlLang: item.language)
        }
        let sender = item.chatSender.localpart ?? item.chatSender.domainpart
        return Message(.chat, from: item.chatSender, xmlLang: item.language, body: text) {
            Element("thread") { "\(item.id.rawValue)@\(sender)" }
            Element("store", in: .hints)
        }
    }
}
