/// An XMPP address, prepared and checked (RFC 7622 §3).
///
/// Two addresses that mean the same compare equal, since each part is brought to its one form
/// when the value is made: `Juliet@Example.com` is `juliet@example.com`.
public struct JID: Hashable, Sendable {
    /// The longest part, in bytes of UTF-8 after preparation.
    static let maximumPartLength = 1023

    /// The address as it goes on the wire.
    ///
    /// It is kept in one piece, since addresses are copied, compared and written at every turn, and
    /// hardly ever taken apart.
    public let description: String
    /// How many of its bytes are the localpart; 0 if there is none.
    private let localLength: UInt32
    /// How many are the bare address.
    private let bareLength: UInt32

    /// Reads `[ localpart "@" ] domainpart [ "/" resourcepart ]` (RFC 7622 §3.1).
    public init(_ text: String) throws(JIDError) {
        let parts = Parts(text)
        self = parts.arePrepared ? JID(parts, in: text) : JID(try parts.prepared())
    }

    public init(
        localpart: String? = nil,
        domainpart: String,
        resourcepart: String? = nil
    ) throws(JIDError) {
        let parts = Parts(local: localpart, domain: domainpart, resource: resourcepart)
        self.init(try parts.prepared())
    }

    /// Reads an address that ``description`` gave, which is prepared and checked already.
    ///
    /// Only for what we wrote ourselves and nobody else can reach. Nil if there is no domainpart.
    package init?(prepared text: String) {
        let parts = Parts(text)
        guard !parts.domain.isEmpty, parts.local?.isEmpty != true else { return nil }
        self.init(parts, in: text)
    }

    /// Adopts parts that are prepared, and their spelling as a whole.
    private init(_ parts: Parts, in text: String) {
        description = text
        localLength = UInt32(parts.local?.utf8.count ?? 0)
        bareLength = UInt32(text.utf8.count - (parts.resource.map { $0.utf8.count + 1 } ?? 0))
    }

    /// Adopts parts that are prepared.
    private init(_ parts: Parts) {
        self.init(parts, in: parts.joined)
    }

    /// Takes an address, or its beginning, that is prepared.
    private init(prefix: Substring, localLength: UInt32) {
        description = String(prefix)
        self.localLength = localLength
        bareLength = UInt32(prefix.utf8.count)
    }

    /// The address without its resource.
    public var bare: JID {
        isBare ? self : JID(prefix: description[..<end(of: bareLength)], localLength: localLength)
    }

    /// The address of the domain alone.
    public var domain: JID {
        localLength == 0 ? bare : JID(prefix: domainSlice, localLength: 0)
    }

    public var isBare: Bool { Int(bareLength) == description.utf8.count }

    public func with(resourcepart: String) throws(JIDError) -> JID {
        let resource = try Resourcepart.prepare(resourcepart)
        return JID(Parts(local: localpart, domain: domainpart, resource: resource))
    }
}

// MARK: - Parts

extension JID {
    public var localpart: String? {
        localLength == 0 ? nil : String(description[..<end(of: localLength)])
    }

    public var domainpart: String { String(domainSlice) }

    public var resourcepart: String? {
        isBare ? nil : String(description[end(of: bareLength + 1)...])
    }

    private var domainSlice: Substring {
        description[end(of: localLength == 0 ? 0 : localLength + 1)..<end(of: bareLength)]
    }

    /// Behind so many bytes.
    private func end(of length: UInt32) -> String.Index {
        description.utf8.index(description.startIndex, offsetBy: Int(length))
    }

    /// The parts as somebody wrote them, or prepared.
    private struct Parts {
        let local: Substring?
        let domain: Substring
        let resource: Substring?

        init(local: String?, domain: String, resource: String?) {
            self.local = local.map { $0[...] }
            self.domain = domain[...]
            self.resource = resource.map { $0[...] }
        }

        init(_ text: String) {
            let slash = text.utf8.firstIndex(of: UInt8(ascii: "/"))
            let bare = slash.map { text[..<$0] } ?? text[...]
            let at = bare.utf8.firstIndex(of: UInt8(ascii: "@"))
            local = at.map { bare[..<$0] }
            domain = at.map { bare[bare.utf8.index(after: $0)...] } ?? bare
            resource = slash.map { text[text.utf8.index(after: $0)...] }
        }

        /// Whether ``prepared()`` would change nothing; no whenever in doubt.
        ///
        /// So it is with nearly every address, which is looked through once and taken as it is.
        var arePrepared: Bool {
            Domainpart.isPrepared(domain) && local.map(Localpart.isPrepared) != false
                && resource.map(Resourcepart.isPrepared) != false
        }

        func prepared() throws(JIDError) -> Parts {
            let domain = try Domainpart.prepare(String(domain))
            var (local, resource): (String?, String?)
            if let part = self.local { local = try Localpart.prepare(String(part)) }
            if let part = self.resource { resource = try Resourcepart.prepare(String(part)) }
            return Parts(local: local, domain: domain, resource: resource)
        }

        var joined: String {
            var text = ""
            if let local {
                text += local
                text += "@"
            }
            text += domain
            if let resource {
                text += "/"
                text += resource
            }
            return text
        }
    }
}

extension JID: CustomStringConvertible {}
