public import XML

/// A presence stanza (RFC 6121 §4.7).
public struct Presence: Hashable, Sendable {
    /// The types; `available` is the absence of the attribute.
    public enum PresenceType: String, Sendable, CaseIterable {
        case available, unavailable, subscribe, subscribed, unsubscribe, unsubscribed, probe, error
    }

    public var id: String?
    public var type: PresenceType
    public var from: JID?
    public var to: JID?
    public var xmlLang: String?
    public var children: [Element]

    public init(
        _ type: PresenceType = .available,
        id: String? = nil,
        from: JID? = nil,
        to: JID? = nil,
        xmlLang: String? = nil,
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
    }

    public var error: StanzaError? {
        type == .error
            ? children.first { $0.name == "error" && $0.isStanzaContent }.map(StanzaError.init)
            : nil
    }

    /// How available a client says it is (RFC 6121 §4.7.2.1); ``online`` where it says no more than
    /// that (XEP-0060 §16.4.2).
    public enum Show: String, Sendable, CaseIterable {
        case chat, online, away, xa, dnd
    }

    /// Nil if it does not say that somebody is there; a word that is not known says nothing.
    public var show: Show? {
        guard type == .available else { return nil }
        let word = children.first { $0.name == "show" && $0.isStanzaContent }?.text
        return word.flatMap(Show.init) ?? .online
    }

    public func child(_ name: String, in namespace: Namespace) -> Element? {
        children.first { $0.isNamed(name, in: namespace) }
    }
}

extension Presence {
    /// Reads a `<presence/>`.
    ///
    /// - Throws: ``StanzaReadingError`` for a wrong address or a type that does not exist.
    public init(_ element: Element) throws(StanzaReadingError) {
        let header = try StanzaHeader(element)
        guard let type = PresenceType(rawValue: element["type"] ?? "available") else {
            throw .badHeader(element)
        }
        self.init(
            type,
            id: element["id"],
            from: header.from,
            to: header.to,
            xmlLang: header.xmlLang
        )
        children = Array(element.elements)
    }

    public func element(in namespace: Namespace = .componentAccept) -> Element {
        Element(
            "presence",
            in: namespace,
            [
                "type": type == .available ? nil : type.rawValue, "id": id,
                "from": from?.description, "to": to?.description, .xmlLang: xmlLang,
            ]
        ) {
            children.map { $0.moved(to: namespace) }
        }
    }
}
