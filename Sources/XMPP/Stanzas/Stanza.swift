public import XML

/// One of the three kinds of stanza (RFC 6120 §8.1).
public enum Stanza: Hashable, Sendable {
    case iq(IQ)
    case message(Message)
    case presence(Presence)

    /// Reads a child of the stream.
    public init(_ element: Element) throws(StanzaReadingError) {
        switch element.name {
        case "iq": self = .iq(try IQ(element))
        case "message": self = .message(try Message(element))
        case "presence": self = .presence(try Presence(element))
        default: throw .notAStanza(element)
        }
    }

    public var from: JID? {
        switch self {
        case .iq(let iq): iq.from
        case .message(let message): message.from
        case .presence(let presence): presence.from
        }
    }

    public var to: JID? {
        switch self {
        case .iq(let iq): iq.to
        case .message(let message): message.to
        case .presence(let presence): presence.to
        }
    }

    public func element(in namespace: Namespace = .componentAccept) -> Element {
        switch self {
        case .iq(let iq): iq.element(in: namespace)
        case .message(let message): message.element(in: namespace)
        case .presence(let presence): presence.element(in: namespace)
        }
    }
}

/// Why an element of the stream is not a stanza we can handle.
public enum StanzaReadingError: Error, Hashable, Sendable {
    /// An address fails RFC 7622.
    case malformedAddress(Element, attribute: String, JIDError)
    /// The id or the type is missing or unknown, or a request has not one child.
    case badHeader(Element)
    /// Neither iq, message nor presence.
    case notAStanza(Element)

    /// The error to send back, to the address as received; nil if nothing may be answered.
    ///
    /// Answers and errors are never answered (RFC 6120 §8.3.1), and presence is not either.
    public var reply: Element? {
        let (element, error): (Element, StanzaError)
        switch self {
        case .malformedAddress(let stanza, _, let reason):
            (element, error) = (stanza, StanzaError(.jidMalformed, text: reason.description))
        case .badHeader(let stanza):
            (element, error) = (stanza, StanzaError(.badRequest))
        case .notAStanza:
            return nil
        }
        let isAnswer = element["type"] == "error" || element["type"] == "result"
        guard element.name != "presence", !isAnswer, let sender = element["from"] else {
            return nil
        }
        return Element(
            element.name,
            in: .componentAccept,
            ["type": "error", "id": element["id"], "from": element["to"], "to": sender]
        ) { error.element }
    }
}

/// What the three kinds of stanza have in common, and how it is read.
struct StanzaHeader {
    let from: JID?
    let to: JID?
    let xmlLang: String?

    init(_ element: Element) throws(StanzaReadingError) {
        from = try Self.address("from", of: element)
        to = try Self.address("to", of: element)
        xmlLang = element[.xmlLang]
    }

    private static func address(
        _ attribute: AttributeName,
        of element: Element
    ) throws(StanzaReadingError) -> JID? {
        guard let text = element[attribute] else { return nil }
        do {
            return try JID(text)
        } catch {
            throw .malformedAddress(element, attribute: attribute.rawValue, error)
        }
    }
}

extension Element {
    /// Whether it is the stanza's own content, in whichever stream's namespace.
    var isStanzaContent: Bool {
        namespace == nil || namespace == .componentAccept || namespace == .client
    }

    /// The same content in a stanza of another stream.
    func moved(to stream: Namespace) -> Element {
        guard isStanzaContent, let namespace, namespace != stream else { return self }
        return Element(name, in: stream, attributes) {
            children.map { node in
                if case .element(let child) = node {
                    .element(child.moved(to: stream))
                } else {
                    node
                }
            }
        }
    }
}
