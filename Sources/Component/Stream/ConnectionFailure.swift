import Glibc
import NIOCore
import NIOPosix

/// Why there is no connection to the server.
enum ConnectionFailure: Error, Hashable {
    /// There is no such name, or it has no address.
    case unresolved(host: String)
    /// Nobody could say whether there is such a name.
    case nameServerDown(host: String)
    /// Nobody listens there.
    case refused(ServerAddress)
    /// No packet gets there.
    case unreachable(ServerAddress, words: String)
    case timedOut(ServerAddress)
    /// Plain TCP would leave this machine, which nobody has allowed.
    case plaintextToRemote(ServerAddress, address: String)
    case tls(TLSFailure)
    /// This process, or this machine, can open no more connections.
    case outOfDescriptors
    case other(ServerAddress, words: String)

    /// Finds the reason in what NIO throws.
    init(_ error: any Error, to endpoint: ServerAddress) {
        switch error {
        case let failure as ConnectionFailure: self = failure
        case let failure as TLSFailure: self = .tls(failure)
        case let error as NIOConnectionError: self = Self.summary(of: error, endpoint)
        case let error as IOError: self = Self.reading(error, endpoint)
        case ChannelError.connectTimeout: self = .timedOut(endpoint)
        case let error as SocketAddressError.UnknownHost:
            self = Self.lookup(error.errorCode, words: error.errorDescription, endpoint)
        case is SocketAddressError: self = .unresolved(host: endpoint.host)
        default: self = .other(endpoint, words: "\(error)")
        }
    }

    /// Of several addresses' reasons the one that says most: ours to forbid, then the last.
    private static func summary(of error: NIOConnectionError, _ endpoint: ServerAddress) -> Self {
        let lookups = [error.dnsAError, error.dnsAAAAError].compactMap { $0 }
        let tries = error.connectionErrors.map(\.error)
        let reasons = (lookups + tries).map { Self($0, to: endpoint) }
        let ours = reasons.first { reason in
            switch reason {
            case .plaintextToRemote, .tls, .outOfDescriptors: true
            case .unresolved, .nameServerDown, .refused, .unreachable, .timedOut, .other: false
            }
        }
        return ours ?? reasons.last ?? .unresolved(host: endpoint.host)
    }

    /// What a code of `getaddrinfo` stands for; `words` are the library's.
    static func lookup(_ code: Int, words: String, _ endpoint: ServerAddress) -> Self {
        switch Int32(clamping: code) {
        case EAI_NONAME, noAddress: .unresolved(host: endpoint.host)
        case EAI_AGAIN, EAI_FAIL: .nameServerDown(host: endpoint.host)
        default: .other(endpoint, words: words)
        }
    }

    /// `EAI_NODATA`, which Glibc's headers keep to themselves: the name is there without an address.
    private static let noAddress: Int32 = -5

    private static func reading(_ error: IOError, _ endpoint: ServerAddress) -> Self {
        switch error.errnoCode {
        case ECONNREFUSED: .refused(endpoint)
        case ETIMEDOUT: .timedOut(endpoint)
        case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, ENETDOWN, EAFNOSUPPORT:
            .unreachable(endpoint, words: error.systemWords)
        case EMFILE, ENFILE: .outOfDescriptors
        default: .other(endpoint, words: error.systemWords)
        }
    }
}

extension IOError {
    /// The operating system's words, without NIO's around them.
    var systemWords: String { String(cString: strerror(errnoCode)) }
}

extension ConnectionFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unresolved(let host):
            "There is no address for the name '\(host)'. "
                + "Check `component.server`, or add the name to the DNS."
        case .nameServerDown(let host):
            "No name server could be asked for '\(host)'. Check this machine's network and "
                + "/etc/resolv.conf, or set `component.server` to an address."
        case .refused(let endpoint):
            "Nobody listens at \(endpoint). Check that the server runs, "
                + "and that its component port is the one in `component.server`."
        case .unreachable(let endpoint, let words):
            "\(endpoint) can't be reached (\(words)). Check the network and `component.server`."
        case .timedOut(let endpoint):
            "\(endpoint) did not answer in time. Check `component.server`, "
                + "and whether a firewall is in between."
        case .plaintextToRemote(let endpoint, let address):
            "\(endpoint) is another machine (\(address)), and without TLS everybody in between "
                + "could read along. Set `component.tls: direct`, or, in a network you trust, "
                + "`component.allow_plain_remote: true`."
        case .tls(let failure):
            failure.description
        case .outOfDescriptors:
            "No more files or connections can be opened. Raise the limit (`LimitNOFILE=`), "
                + "or look for what uses them up."
        case .other(let endpoint, let words):
            "No connection to \(endpoint) (\(words))."
        }
    }
}
