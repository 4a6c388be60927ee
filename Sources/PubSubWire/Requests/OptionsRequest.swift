import XML
public import XMPP

/// Asks for the options of a subscription (XEP-0060 §6.3.2), or sets them (§6.3.5).
public struct OptionsRequest: Hashable, Sendable {
    public var node: NodeID
    public var jid: JID
    public var subID: String?
    /// The filled-in form; nil asks for it.
    public var form: DataForm?

    public init(node: NodeID, jid: JID, subID: String? = nil, form: DataForm? = nil) {
        self.node = node
        self.jid = jid
        self.subID = subID
        self.form = form
    }
}

extension OptionsRequest {
    init(_ element: Element, isSet: Bool) throws(PubSubReadingError) {
        node = try element.node()
        jid = try element.jid()
        subID = element["subid"]
        form = isSet ? try element.requiredForm() : nil
    }

    var element: Element {
        Element("options", ["node": node.rawValue, "jid": jid.description, "subid": subID]) {
            form?.element
        }
    }
}
