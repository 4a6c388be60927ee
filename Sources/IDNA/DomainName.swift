/// The two forms of a host's name: the one people read, and the one the DNS knows.
public enum DomainName {
    /// The one form of a name that is compared: U-labels, lower-case, without a final dot.
    ///
    /// `XN--MNCHEN-3YA.Example.` becomes `münchen.example`. An IPv4 address passes as it is, an
    /// IPv6 address in brackets gets its shortest form. Done in the order of RFC 7622 §3.2.2; the
    /// total length is left to the caller, for whom it may count other bytes than these.
    public static func prepare(_ name: String) throws(DomainNameError) -> String {
        if isPrepared(name[...]) { return name }
        if name.hasPrefix("[") { return try AddressLiteral.prepare(name) }
        var labels = WidthMapping.map(name).split(separator: ".", omittingEmptySubsequences: false)
        if labels.count > 1, labels.last == "" { labels.removeLast() }
        var prepared: [String] = []
        for label in labels {
            do {
                prepared.append(try Label.prepare(String(label)))
            } catch {
                throw DomainNameError(text: name, reason: error.reason)
            }
        }
        return prepared.joined(separator: ".")
    }

    /// The form of a host's name for the DNS and for web addresses: A-labels, lower-case.
    ///
    /// It takes what a person may have typed, so it maps characters as browsers do (UTS #46,
    /// non-transitional) and lets the underscore pass, which hosts of the Web may have.
    public static func toASCII(_ host: String) throws(DomainNameError) -> String {
        if host.hasPrefix("[") { return try AddressLiteral.prepare(host) }
        guard !host.isEmpty else { throw DomainNameError(text: host, reason: "it is empty") }
        // What ends a host in a URI, and NUL, which would end it for libidn2.
        if let stray = host.unicodeScalars.first(where: isDelimiter) {
            throw DomainNameError(text: host, reason: "it may not contain \(name(of: stray))")
        }
        return try Label.lookup(host, mapping: .asBrowsersDo)
    }

    /// Whether `prepare` would change nothing: lower-case labels of letters, digits and hyphens.
    ///
    /// This is the case of nearly every stanza, so it looks at each byte once and allocates
    /// nothing. It says no whenever in doubt.
    public static func isPrepared(_ name: Substring) -> Bool {
        var length = 0
        var endsWithHyphen = false
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                endsWithHyphen = false
                length += 1
            case UInt8(ascii: "-"):
                // At the third place it may be that of `xn--`.
                guard length > 0, length != 2 else { return false }
                endsWithHyphen = true
                length += 1
            case UInt8(ascii: "."):
                guard length > 0, length <= Label.maximumLength, !endsWithHyphen else {
                    return false
                }
                length = 0
            default:
                return false
            }
        }
        return length > 0 && length <= Label.maximumLength && !endsWithHyphen
    }

    private static func isDelimiter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value <= 0x20 || scalar.value == 0x7F
            || "\"#%/:<>?@[\\]^`{|}".unicodeScalars.contains(scalar)
    }

    static func name(of scalar: Unicode.Scalar) -> String {
        let isVisible = scalar.isASCII && scalar.value > 0x20 && scalar.value < 0x7F
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return isVisible
            ? "'\(scalar)'"
            : "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
