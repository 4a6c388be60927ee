import Foundation

/// An address of the Internet Protocol, and whether the web can lie there.
struct IPAddress: Hashable, Sendable {
    /// Four or sixteen, in network order.
    let bytes: [UInt8]

    /// `192.0.2.1` or `2001:db8::1`, as inet_pton(3) reads it.
    init?(_ text: String) {
        var short = in_addr()
        var long = in6_addr()
        if inet_pton(AF_INET, text, &short) == 1 {
            bytes = withUnsafeBytes(of: short) { Array($0) }
        } else if inet_pton(AF_INET6, text, &long) == 1 {
            bytes = withUnsafeBytes(of: long) { Array($0) }
        } else {
            return nil
        }
    }

    init(bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// The address of a socket; nil if that is of another family.
    init?(_ socket: UnsafePointer<sockaddr>?) {
        guard let socket else { return nil }
        let raw = UnsafeRawPointer(socket)
        switch Int32(socket.pointee.sa_family) {
        case AF_INET:
            let address = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            bytes = withUnsafeBytes(of: address) { Array($0) }
        case AF_INET6:
            let address = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            bytes = withUnsafeBytes(of: address) { Array($0) }
        default: return nil
        }
    }

    /// As curl wants a host: an IPv6 address in brackets.
    var host: String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }
        return "[\(groups.joined(separator: ":"))]"
    }

    /// Whether it is one of the Internet's, rather than of a machine, of a network of somebody's own,
    /// of a group, or kept for something else (IANA's special-purpose registries, RFC 6890).
    var isPublic: Bool {
        if let embedded { return embedded.isPublic }
        let special = bytes.count == 4 ? Self.specialShort : Self.specialLong
        let isKnown = bytes.count == 4 || Self.globalUnicast.contains(self)
        return isKnown && !special.contains { $0.contains(self) }
    }

    /// The IPv4 address that is reached by way of this one.
    private var embedded: IPAddress? {
        if Self.mapped.contains(self) || Self.translated.contains(self) {
            return IPAddress(bytes: bytes[12...])
        }
        return Self.sixToFour.contains(self) ? IPAddress(bytes: bytes[2..<6]) : nil
    }

    // RFC 4291 §2.5.5.2, RFC 6052 §2.1, RFC 3056 §2, RFC 4291 §2.4.
    private static let mapped = IPNetwork(IPAddress("::ffff:0.0.0.0"), 96)
    private static let translated = IPNetwork(IPAddress("64:ff9b::"), 96)
    private static let sixToFour = IPNetwork(IPAddress("2002::"), 16)
    private static let globalUnicast = IPNetwork(IPAddress("2000::"), 3)

    private static let specialShort = [
        ("0.0.0.0", 8), ("10.0.0.0", 8), ("100.64.0.0", 10), ("127.0.0.0", 8),
        ("169.254.0.0", 16), ("172.16.0.0", 12), ("192.0.0.0", 24), ("192.0.2.0", 24),
        ("192.88.99.0", 24), ("192.168.0.0", 16), ("198.18.0.0", 15), ("198.51.100.0", 24),
        ("203.0.113.0", 24), ("224.0.0.0", 3),
    ].map { IPNetwork(IPAddress($0), $1) }

    private static let specialLong = [("2001::", 23), ("2001:db8::", 32), ("3fff::", 20)]
        .map { IPNetwork(IPAddress($0), $1) }
}

/// All addresses that begin alike.
struct IPNetwork: Hashable, Sendable {
    private let prefix: [UInt8]
    private let length: Int

    /// - Parameters:
    ///   - address: One of them; nil makes a network of nothing.
    ///   - length: How many bits they have in common.
    init(_ address: IPAddress?, _ length: Int) {
        prefix = address?.bytes ?? []
        self.length = length
    }

    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == prefix.count else { return false }
        return zip(prefix, address.bytes).enumerated().allSatisfy { index, pair in
            let bits = min(8, max(0, length - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            return pair.0 & mask == pair.1 & mask
        }
    }
}
