public import XML
public import XMPP

/// An item to publish from inside, in every form a reader may have chosen.
public struct PublishedItem: Hashable, Sendable {
    public var id: ItemID
    /// Nil for an item that is only a notification.
    public var payload: Element?
    /// The newsletter's contact: whom clients show as the publisher.
    public var publisher: JID
    /// The language of the texts, for `xml:lang`.
    public var language: String?
    /// The text beside the event, for those who asked for one; nil if there is none.
    public var body: String?
    /// The plain messages, each in the parts it is sent in; a reader of an amount that is missing
    /// gets none.
    ///
    /// Where messages are taken back, an empty part is one that does only that.
    public var chat: [ChatAmount: [String]]
    /// Of a correction, the corrected messages for those whose last one from us is what they replace
    /// (XEP-0308); ``chat`` is for the others, and for those who had it in several parts.
    public var replacements: [ChatAmount: String] = [:]
    /// Whom plain messages come from.
    public var chatSender: JID
    /// The node of what the item is a part of: whoever is sent that gets no plain message of this.
    public var wholeNode: NodeID?
    /// Whom messages to rooms come from: our full address there; nil if rooms get none.
    public var roomSender: JID?

    public init(
        id: ItemID,
        payload: Element?,
        publisher: JID,
        language: String? = nil,
        body: String? = nil,
        chat: [ChatAmount: [String]] = [:],
        chatSender: JID,
        wholeNode: NodeID? = nil
    ) {
        self.id = id
        self.payload = payload
        self.publisher = publisher
        self.language = language
        self.body = body
        self.chat = chat
        self.chatSender = chatSender
        self.wholeNode = wholeNode
    }
}
