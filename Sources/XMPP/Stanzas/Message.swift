import Foundation
public import XML

/// A message stanza (RFC 6121 §5.2).
public struct Message: Hashable, Sendable {
    public enum MessageType: String, Sendable, CaseIterable {
        case normal, chat, groupchat, headline, error
    }

    public var id: String?
    public var type: MessageType
    public var from: JID?
    public var to: JID?
    public var xmlLang: String?
    /// The children, in the stanza's namespace unless they say otherwise.
    public var children: [Element]

    /// An id that no other message has.
    ///
    /// Whatever a person is to read has one: without it Dino takes a text that comes twice within a
    /// minute for the same message, and shows it once.
    public static func freshID() -> String { UUID().uuidString.lowercased() }

    public init(
        _ type: MessageType,
        id: String? = nil,
        from: JID? = nil,
        to: JID? = nil,
        xmlLang: String? = nil,
        body: String? = nil,
        @ElementBuilder children: () -> [Element.Node] = { [] }
    ) {
        self.id = id
        self.type = type
        self.from = from
        self.to = to
        self.xmlLang = xmlLang
        self.children = children().compactMap { node in
            if case .element(let element) = node { element } else { nil }
        }
        if let body {
            self.children.insert(Element("body") { body }, at: 0)
        }
    }

    /// The text for people: the first `<body/>` (RFC 6121 §5.2.3).
    public var body: String? {
        child("body", in: nil)?.text
    }

    public var subject: String? {
        child("subject", in: nil)?.text
    }

    public var error: StanzaError? {
        type == .error ? child("error", in: nil).map(StanzaError.init) : nil
    }

    /// The first child of that name; nil stands for the stanza's own namespace.
    public func child(_ name: String, in namespace: Namespace?) -> Element? {
        children.first { child in
            child.name == name
                && (namespace == nil ? child.isStanzaContent : child.namespace == namespace)
        }
    }

    /// This message sent back to its sender with an error; nothing of its content goes back.
    public func reply(error: StanzaError) -> Message {
        Message(.error, id: id, from: to, to: from) { error.element }
    }
}

extension Message {
    /// Reads a `<message/>`; a type we do not know counts as `normal` (RFC 6121 §5.2.2).
    public init(_ element: Element) throws(StanzaReadingError) {
        let header = try StanzaHeader(element)
        self.init(
            element["type"].flatMap(MessageType.init(rawValue:)) ?? .normal,
            id: element["id"],
            from: header.from,
            to: header.to,
            xmlLang: header.xmlLang
        )
        children = Array(element.elements)
    }

    public func element(in namespace: Namespace = .componentAccept) -> Element {
        Element(
            "message",
            in: namespace,
            [
                "type": type == .normal ? nil : type.rawValue, "id": id,
                "from": from?.description, "to": to?.description, .xmlLang: xmlLang,
            ]
        ) {
            children.map { $0.moved(to: namespace) }
        }
    }
}
