public import XML

/// An info/query stanza (RFC 6120 §8.2.3).
public struct IQ: Hashable, Sendable {
    public enum IQType: String, Sendable, CaseIterable {
        case get, set, result, error

        public var isRequest: Bool { self == .get || self == .set }
    }

    public var id: String
    public var type: IQType
    public var from: JID?
    public var to: JID?
    public var xmlLang: String?
    /// The one child of a request, or that of a result if it has any.
    public var payload: Element?
    /// Set for `type='error'`, and only then.
    public var error: StanzaError?

    public init(
        _ type: IQType,
        id: String,
        from: JID? = nil,
        to: JID? = nil,
        xmlLang: String? = nil,
        payload: Element? = nil
    ) {
        self.id = id
        self.type = type
        self.from = from
        self.to = to
        self.xmlLang = xmlLang
        self.payload = payload
    }

    /// The answer to this request: to its sender, from the address it was sent to.
    public func reply(with payload: Element? = nil) -> IQ {
        IQ(.result, id: id, from: to, to: from, payload: payload)
    }

    public func reply(error: StanzaError) -> IQ {
        var reply = IQ(.error, id: id, from: to, to: from)
        reply.error = error
        return reply
    }
}

extension IQ {
    /// Reads an `<iq/>`.
    ///
    /// - Throws: ``StanzaReadingError`` when an address, the id or the type is wrong, or when a
    ///   request has not exactly one child (RFC 6120 §8.2.3).
    public init(_ element: Element) throws(StanzaReadingError) {
        let header = try StanzaHeader(element)
        guard let id = element["id"], let type = element["type"].flatMap(IQType.init(rawValue:))
        else { throw .badHeader(element) }
        let payloads = element.elements.filter { !$0.isNamed("error", in: element.namespace) }
        if type.isRequest && payloads.count != 1 { throw .badHeader(element) }
        self.init(
            type,
            id: id,
            from: header.from,
            to: header.to,
            xmlLang: header.xmlLang,
            payload: payloads.first
        )
        if type == .error {
            error = element.child("error").map(StanzaError.init) ?? StanzaError(.undefinedCondition)
        }
    }

    public func element(in namespace: Namespace = .componentAccept) -> Element {
        Element(
            "iq",
            in: namespace,
            [
                "type": type.rawValue, "id": id, "from": from?.description, "to": to?.description,
                .xmlLang: xmlLang,
            ]
        ) {
            payload
            error?.element
        }
    }
}
