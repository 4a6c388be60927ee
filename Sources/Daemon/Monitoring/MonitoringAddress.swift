public import Foundation
import NIOCore

/// Where metrics and the state of the service are shown, over HTTP.
///
/// There is no password, so it is this machine alone: a port of its loopback interface, or a socket
/// that only the group of the service may open.
public enum MonitoringAddress: Hashable, Sendable {
    case port(host: String, Int)
    case socket(URL)

    /// What a text says; a path is taken as relative to the folder.
    ///
    /// `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464`, or a path with at least one slash.
    init(_ text: String, in folder: URL) throws(MonitoringAddressError) {
        if text.contains("/") {
            let file = URL(filePath: text, relativeTo: folder).absoluteURL
            guard file.path(percentEncoded: false).utf8.count <= ControlSocket.longestPath else {
                throw .pathTooLong
            }
            self = .socket(file)
            return
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { throw .unreadable }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host == "localhost" { host = "127.0.0.1" }
        guard let address = try? SocketAddress(ipAddress: host, port: Int(port)) else {
            throw .unreadable
        }
        guard address.isThisMachine else { throw .otherMachines }
        self = .port(host: host, Int(port))
    }
}

extension MonitoringAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .port(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let file): file.path(percentEncoded: false)
        }
    }
}

enum MonitoringAddressError: Error {
    case unreadable, otherMachines, pathTooLong

    /// What the setting should be.
    var advice: String {
        switch self {
        case .unreadable:
            "should be 'off', a port as in '127.0.0.1:9464' or '[::1]:9464', or the path of a "
                + "socket, './metrics.sock'."
        case .otherMachines:
            "should be an address of this machine alone, as 127.0.0.1: whoever can reach it sees "
                + "how many readers there are. For others put a web server with a password before it."
        case .pathTooLong:
            "is too long for a socket: at most \(ControlSocket.longestPath) bytes."
        }
    }
}

extension SocketAddress {
    fileprivate var isThisMachine: Bool {
        switch self {
        case .v4(let address): address.address.sin_addr.s_addr.bigEndian >> 24 == 127
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: true
        }
    }
}
