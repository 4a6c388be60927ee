import Foundation
import Synchronization

/// Ports of 127.0.0.1 that nobody has, each given once before any is given again.
///
/// They lie below those that the kernel gives to whoever asks for any (`ip_local_port_range`):
/// otherwise a test beside this one could get it before a server of this one takes it, or be found
/// where nobody should listen.
enum FreePorts {
    private static let range = 10_000..<32_000
    /// Runs side by side, of which none knows the other, begin in different places.
    private static let last = Mutex(Int.random(in: range))

    struct AllTaken: Error {}

    static func take() throws -> Int {
        try last.withLock { last in
            for _ in range {
                last = last + 1 < range.upperBound ? last + 1 : range.lowerBound
                if isFree(last) { return last }
            }
            throw AllTaken()
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(probe, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
