/// Turns the addresses in an issue's text into ones that work wherever the issue is read.
public struct AddressResolver: Sendable {
    /// The schemes a reader's client may be sent to.
    public static let allowedSchemes: Set<String> = ["http", "https", "xmpp", "mailto"]

    /// Turns a host with other than ASCII letters into punycode; nil means there is no such host.
    public typealias HostEncoder = @Sendable (String) -> String?

    public enum Resolution: Hashable, Sendable {
        /// Absolute, in ASCII, with an allowed scheme.
        case address(String)

        /// A place on the issue's own page, by its id.
        case fragment(String)

        case refused(Refusal)
    }

    /// Why an address can't be given to readers.
    public enum Refusal: Hashable, Sendable {
        case empty
        case scheme(String)

        /// `example.org/page`: the standards take it for a path of our own site.
        case schemeMissing
        case host(String)

        /// It is relative, and the newsletter has no web site it could be relative to.
        case noSite
    }

    private let site: AddressReference?
    private let page: AddressReference?
    private let hostToASCII: HostEncoder

    public init(
        base: String?,
        page: String?,
        hostToASCII: @escaping HostEncoder = { $0 }
    ) {
        site = base.map { AddressReference($0) }
        self.page = page.map { AddressReference($0) }
        self.hostToASCII = hostToASCII
    }

    public func resolve(_ written: String) -> Resolution {
        let text = written.joiningLines()
        guard !text.isEmpty else { return .refused(.empty) }
        if text.hasPrefix("#") {
            let id = PercentEncoding.decode(String(text.dropFirst()))
            return id.isEmpty ? .refused(.empty) : .fragment(id)
        }
        var reference = AddressReference(text)
        if reference.scheme == nil {
            guard !Self.lacksScheme(reference) else { return .refused(.schemeMissing) }
            guard let base = page ?? site else { return .refused(.noSite) }
            reference = reference.resolved(against: base)
        }
        return finished(reference)
    }

    private func finished(_ reference: AddressReference) -> Resolution {
        var reference = reference
        let scheme = reference.scheme ?? ""
        guard Self.allowedSchemes.contains(scheme) else { return .refused(.scheme(scheme)) }
        var authority = ""
        if scheme == "http" || scheme == "https" {
            guard let written = reference.authority, !written.isEmpty else {
                return .refused(.host(""))
            }
            guard let encoded = encode(authority: written) else { return .refused(.host(written)) }
            authority = "//" + encoded
        } else if let written = reference.authority {
            authority = "//" + PercentEncoding.encode(written)
        }
        guard !authority.isEmpty || !reference.path.isEmpty else { return .refused(.empty) }
        reference.scheme = nil
        reference.authority = nil
        return .address("\(scheme):\(authority)" + PercentEncoding.encode(reference.description))
    }

    private func encode(authority: String) -> String? {
        var host = authority[...]
        var user = ""
        if let at = host.unicodeScalars.lastIndex(of: "@") {
            let end = host.unicodeScalars.index(after: at)
            user = PercentEncoding.encode(host[..<end])
            host = host[end...]
        }
        var port = ""
        if let colon = host.unicodeScalars.lastIndex(of: ":"), !host.hasSuffix("]") {
            port = String(host[colon...])
            host = host[..<colon]
        }
        guard !host.isEmpty, port.dropFirst().utf8.allSatisfy(Self.isDigit) else { return nil }
        guard host.utf8.contains(where: { $0 >= 0x80 }) else {
            return host.utf8.contains(where: Self.isForbiddenInHost) ? nil : user + host + port
        }
        return hostToASCII(String(host)).map { user + $0 + port }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isForbiddenInHost(_ byte: UInt8) -> Bool {
        byte <= 0x20 || "\"<>\\^`{|}%".utf8.contains(byte)
    }

    /// Whether a relative path begins with what looks like a host: `codeberg.org/…`.
    private static func lacksScheme(_ reference: AddressReference) -> Bool {
        guard reference.authority == nil, !reference.path.hasPrefix("/") else { return false }
        let labels = reference.path.prefix { $0 != "/" }
            .split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, let last = labels.last, last.utf8.count >= 2 else { return false }
        let isName = labels.allSatisfy { !$0.isEmpty && !$0.contains(" ") }
        let isFile = !reference.path.contains("/") && fileEndings.contains(last.lowercased())
        return isName && !isFile && last.allSatisfy(\.isLetter)
    }

    private static let fileEndings: Set<String> = [
        "html", "htm", "md", "txt", "pdf", "xml", "json", "png", "jpg", "jpeg", "gif", "svg",
        "webp",
    ]
}
