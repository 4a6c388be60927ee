import Foundation

@testable import Daemon

/// A socket that receives datagrams, as systemd's and the journal's do.
final class DatagramInbox: Sendable {
    /// What a sender has to know; begins with `@` in the abstract namespace.
    let path: String
    private let descriptor: CInt

    init(abstract: Bool = false) throws {
        let name = "bs-\(UUID().uuidString.prefix(8))"
        path = abstract ? "@\(name)" : URL.temporaryDirectory.appending(path: name).path
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard let address = LocalDatagramSocket.address(of: path) else { throw POSIXError(.EINVAL) }
        let isBound = address.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            let size = socklen_t(address.count)
            return bind(descriptor, start.assumingMemoryBound(to: sockaddr.self), size) == 0
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
    }

    deinit {
        close(descriptor)
        if path.hasPrefix("/") { unlink(path) }
    }

    /// The next datagram, if there is one at once.
    func next() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        let count = recv(descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT))
        return count < 0 ? nil : Array(buffer.prefix(count))
    }

    /// The texts that came within that time, or until so many of them are there.
    ///
    /// The sender may share two cores with a thousand other tests, under a sanitizer too.
    func texts(_ count: Int, within time: Duration = .seconds(300)) async -> [String] {
        let end = ContinuousClock.now + time
        var found: [String] = []
        while found.count < count, ContinuousClock.now < end {
            if let next = next() {
                found.append(String(decoding: next, as: UTF8.self))
            } else {
                try? await Task.sleep(for: .milliseconds(10))
            }
        }
        return found
    }
}
