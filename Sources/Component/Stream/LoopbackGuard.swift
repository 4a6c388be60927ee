import NIOCore

/// Lets no connection leave this machine: an address that does would see what is meant for TLS.
///
/// It stands where a resolved address comes by, so that a name counts for what it leads to, and
/// before the first packet.
final class LoopbackGuard: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private let endpoint: ServerAddress

    init(_ endpoint: ServerAddress) {
        self.endpoint = endpoint
    }

    func connect(
        context: ChannelHandlerContext,
        to address: SocketAddress,
        promise: EventLoopPromise<Void>?
    ) {
        guard address.isLoopback else {
            let words = address.ipAddress ?? "\(address)"
            promise?.fail(ConnectionFailure.plaintextToRemote(endpoint, address: words))
            return
        }
        context.connect(to: address, promise: promise)
    }
}

extension ServerAddress {
    /// Where a connection goes, as far as that can be told without asking a name server.
    public enum Destination: Hashable, Sendable {
        case thisMachine, anotherMachine
        case wherever(name: String)
    }

    public var destination: Destination {
        if let address = try? SocketAddress(ipAddress: host, port: port) {
            return address.isLoopback ? .thisMachine : .anotherMachine
        }
        // This name and all below it stay on the machine (RFC 6761 §6.3).
        let isLocal = host == "localhost" || host.hasSuffix(".localhost")
        return isLocal ? .thisMachine : .wherever(name: host)
    }
}

extension SocketAddress {
    /// Whether it stays on this machine: 127.0.0.0/8, `::1`, the former within IPv6, a local socket.
    var isLoopback: Bool {
        switch self {
        case .v4(let address):
            return withUnsafeBytes(of: address.address.sin_addr) { $0.first == 127 }
        case .v6(let address):
            return withUnsafeBytes(of: address.address.sin6_addr) { bytes in
                let mapped: [UInt8] = .init(repeating: 0, count: 10) + [0xFF, 0xFF, 127]
                let one: [UInt8] = .init(repeating: 0, count: 15) + [1]
                return bytes.elementsEqual(one) || bytes.starts(with: mapped)
            }
        case .unixDomainSocket:
            return true
        }
    }
}
