import XML
import XMPP

/// Reading the attributes that most requests share.
extension Element {
    func node() throws(PubSubReadingError) -> NodeID {
        guard let node = try optionalNode() else { throw .nodeRequired }
        return node
    }

    /// An empty name counts as none: no node has it (XEP-0060 §12.9).
    func optionalNode() throws(PubSubReadingError) -> NodeID? {
        try name(in: "node").flatMap(NodeID.init(rawValue:))
    }

    func jid() throws(PubSubReadingError) -> JID {
        guard let text = self["jid"], !text.isEmpty else { throw .jidRequired }
        do {
            return try JID(text)
        } catch {
            throw .malformedJID(text, error)
        }
    }

    /// The id of an item; an empty one counts as none.
    func itemID() throws(PubSubReadingError) -> ItemID? {
        try name(in: "id").flatMap(ItemID.init(rawValue:))
    }

    private func name(in attribute: AttributeName) throws(PubSubReadingError) -> String? {
        guard let name = self[attribute] else { return nil }
        guard name.utf8.count <= NodeID.longest else { throw .nameTooLong }
        return name
    }

    func state() throws(PubSubReadingError) -> SubscriptionState {
        let text = self["subscription"] ?? ""
        guard let state = SubscriptionState(rawValue: text) else { throw .unknownState(text) }
        return state
    }

    func affiliation() throws(PubSubReadingError) -> PubSubAffiliation {
        let text = self["affiliation"] ?? ""
        guard let affiliation = PubSubAffiliation(rawValue: text) else {
            throw .unknownAffiliation(text)
        }
        return affiliation
    }

    /// The data form directly in this element.
    var form: DataForm? {
        child("x", in: .dataForms).map(DataForm.init)
    }

    func requiredForm() throws(PubSubReadingError) -> DataForm {
        guard let form else { throw .formRequired }
        return form
    }

    /// What is wrapped in an element of the same namespace, as `<redirect uri=''/>` in `<delete/>`.
    func value(of attribute: AttributeName, in name: String) -> String? {
        child(name).flatMap { $0[attribute] }
    }
}
