import Glibc

/// A socket that sends datagrams to one address of this machine.
///
/// Sending waits for a second at most, so that a receiver that is stuck holds up nobody for long.
final class LocalDatagramSocket: Sendable {
    private let descriptor: CInt
    /// A `sockaddr_un`, byte by byte, as long as it has to be.
    private let address: [UInt8]

    /// Makes a socket for a path, or for a name in the abstract namespace, which begins with `@`.
    ///
    /// Nil if the path is neither, or longer than an address can be.
    init?(to path: String) {
        guard let address = Self.address(of: path) else { return nil }
        let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_UNIX, kind, 0)
        self.address = address
        guard descriptor >= 0 else { return nil }
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Sends one datagram; tells whether it was taken.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        address.withUnsafeBytes { address in
            guard let start = address.baseAddress else { return false }
            let sent = sendto(
                descriptor,
                bytes,
                bytes.count,
                CInt(MSG_NOSIGNAL),
                start.assumingMemoryBound(to: sockaddr.self),
                socklen_t(address.count)
            )
            return sent == bytes.count
        }
    }

    static func address(of path: String) -> [UInt8]? {
        var name = Array(path.utf8)
        guard let first = name.first, name.count > 1, !name.contains(0) else { return nil }
        switch first {
        // A name in the abstract namespace begins with a zero and ends where the address does.
        case UInt8(ascii: "@"): name[0] = 0
        case UInt8(ascii: "/"): name.append(0)
        default: return nil
        }
        guard name.count <= MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        return withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) } + name
    }
}
