public import XMPP

/// The form that asks an owner whether somebody may subscribe, and that the owner sends back
/// (XEP-0060 §8.6, §16.4.1).
public struct SubscriptionApproval: Hashable, Sendable {
    public var node: NodeID
    public var subscriber: JID
    /// Nil if the owner has not decided.
    public var isAllowed: Bool?

    public static let formType = "http://jabber.org/protocol/pubsub#subscribe_authorization"

    private enum Name {
        static let node = "pubsub#node"
        static let subscriber = "pubsub#subscriber_jid"
        static let allow = "pubsub#allow"
    }

    public init(node: NodeID, subscriber: JID, isAllowed: Bool? = nil) {
        self.node = node
        self.subscriber = subscriber
        self.isAllowed = isAllowed
    }

    /// Reads a form; nil if it is another, or does not say whom it is about.
    public init?(_ form: DataForm) {
        guard form.formType == Self.formType,
            let node = form[Name.node]?.values.first.flatMap(NodeID.init(rawValue:)),
            let subscriber = form[Name.subscriber]?.values.first.flatMap({ try? JID($0) })
        else { return nil }
        self.init(node: node, subscriber: subscriber)
        switch form[Name.allow]?.values {
        case ["1"], ["true"]: isAllowed = true
        case ["0"], ["false"]: isAllowed = false
        default: isAllowed = nil
        }
    }

    public func dataForm(_ type: DataForm.FormType) -> DataForm {
        DataForm(
            type,
            formType: Self.formType,
            title: "Request to subscribe",
            instructions: "Allow \(subscriber) to subscribe to '\(node)'?",
            fields: [
                DataForm.Field(Name.node, .textSingle, label: "Node", values: [node.rawValue]),
                DataForm.Field(
                    Name.subscriber,
                    .jidSingle,
                    label: "Subscriber",
                    values: [subscriber.description]
                ),
                DataForm.Field(
                    Name.allow,
                    .boolean,
                    label: "Allow",
                    values: [isAllowed == true ? "1" : "0"]
                ),
            ]
        )
    }
}
