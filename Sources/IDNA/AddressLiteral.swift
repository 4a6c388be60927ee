import Glibc

/// An IPv6 address in brackets, where a domain name could stand (RFC 3986 §3.2.2).
enum AddressLiteral {
    /// The address in its shortest form (RFC 5952), so that two spellings of it are equal.
    ///
    /// A zone (RFC 6874) has a meaning on one machine only, so it is refused.
    static func prepare(_ literal: String) throws(DomainNameError) -> String {
        guard literal.hasPrefix("["), literal.hasSuffix("]") else {
            throw DomainNameError(text: literal, reason: "the bracket is not closed")
        }
        var address = in6_addr()
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let inner = String(literal.dropFirst().dropLast())
        guard
            // NUL would end the text for C.
            !inner.utf8.contains(0),
            inet_pton(AF_INET6, inner, &address) == 1,
            inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count)) != nil
        else { throw DomainNameError(text: literal, reason: "it is not an IPv6 address") }
        let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return "[\(String(decoding: text, as: UTF8.self))]"
    }
}
