/// An XMPP address, prepared and checked (RFC 7622 §3).
///
/// Two addresses that mean the same compare equal, since each part is brought to its one form
/// when the value is made: `Juliet@Example.com` is `juliet@example.com`.
public struct JID: Hashable, Sendable {
    /// The longest part, in bytes of UTF-8 after preparation.
    static let maximumPartLength = 1023

    public let localpart: String?
    public let domainpart: String
    public let resourcepart: String?

    /// Reads `[ localpart "@" ] domainpart [ "/" resourcepart ]` (RFC 7622 §3.1).
    public init(_ text: String) throws(JIDError) {
        let slash = text.utf8.firstIndex(of: UInt8(ascii: "/"))
        let bare = slash.map { text[..<$0] } ?? text[...]
        let resource = slash.map { String(text[text.utf8.index(after: $0)...]) }
        let at = bare.utf8.firstIndex(of: UInt8(ascii: "@"))
        let local = at.map { String(bare[..<$0]) }
        let domain = at.map { bare[bare.utf8.index(after: $0)...] } ?? bare
        try self.init(localpart: local, domainpart: String(domain), resourcepart: resource)
    }

    public init(
        localpart: String? = nil,
        domainpart: String,
        resourcepart: String? = nil
    ) throws(JIDError) {
        self.domainpart = try Domainpart.prepare(domainpart)
        if let localpart {
            self.localpart = try Localpart.prepare(localpart)
        } else {
            self.localpart = nil
        }
        if let resourcepart {
            self.resourcepart = try Resourcepart.prepare(resourcepart)
        } else {
            self.resourcepart = nil
        }
    }

    /// Reads an address that ``description`` gave, which is prepared and checked already.
    ///
    /// Only for what we wrote ourselves and nobody else can reach. Nil if there is no domainpart.
    package init?(prepared text: String) {
        let slash = text.utf8.firstIndex(of: UInt8(ascii: "/"))
        let bare = slash.map { text[..<$0] } ?? text[...]
        let at = bare.utf8.firstIndex(of: UInt8(ascii: "@"))
        let domain = at.map { bare[bare.utf8.index(after: $0)...] } ?? bare
        guard !domain.isEmpty, at != bare.startIndex else { return nil }
        self.init(
            prepared: at.map { String(bare[..<$0]) },
            String(domain),
            slash.map { String(text[text.utf8.index(after: $0)...]) }
        )
    }

    /// Adopts parts that are prepared already.
    private init(prepared localpart: String?, _ domainpart: String, _ resourcepart: String?) {
        self.localpart = localpart
        self.domainpart = domainpart
        self.resourcepart = resourcepart
    }

    /// The address without its resource.
    public var bare: JID {
        resourcepart == nil ? self : JID(prepared: localpart, domainpart, nil)
    }

    /// The address of the domain alone.
    public var domain: JID {
        JID(prepared: nil, domainpart, nil)
    }

    public var isBare: Bool { resourcepart == nil }

    public func with(resourcepart: String) throws(JIDError) -> JID {
        JID(prepared: localpart, domainpart, try Resourcepart.prepare(resourcepart))
    }
}

extension JID: CustomStringConvertible {
    /// The address as it goes on the wire.
    public var description: String {
        var text = ""
        if let localpart {
            text += localpart
            text += "@"
        }
        text += domainpart
        if let resourcepart {
            text += "/"
            text += resourcepart
        }
        return text
    }
}
