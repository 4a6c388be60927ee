public import XML
public import XMPP

/// The options of a subscription, as a form to change (XEP-0060 §6.3.3).
public struct OptionsReply: Hashable, Sendable {
    public var node: NodeID
    public var jid: JID
    public var subID: String?
    public var form: DataForm

    public init(node: NodeID, jid: JID, subID: String? = nil, form: DataForm) {
        self.node = node
        self.jid = jid
        self.subID = subID
        self.form = form
    }

    /// Reads the `<pubsub/>` of an answer; nil if it is another.
    public init?(_ element: Element) throws(PubSubReadingError) {
        guard element.namespace == .pubsub, let options = element.child("options") else {
            return nil
        }
        node = try options.node()
        jid = try options.jid()
        subID = options["subid"]
        form = try options.requiredForm()
    }

    public var element: Element {
        Element("pubsub", in: .pubsub) {
            Element(
                "options",
                ["node": node.rawValue, "jid": jid.description, "subid": subID]
            ) { form.element }
        }
    }
}
