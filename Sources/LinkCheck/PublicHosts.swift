import Foundation

/// Finds the addresses of hosts on the Internet, and refuses those of the machine's own networks: whoever
/// writes a link must not reach by our hand what they can't reach themselves.
struct PublicHosts: Sendable {
    enum Answer: Hashable, Sendable {
        /// What may be connected to, best first; nothing else may be.
        case addresses([IPAddress])
        case verdict(LinkVerdict)
    }

    /// What a name stands for.
    enum Names: Hashable, Sendable {
        case addresses([IPAddress])
        case unknown
        /// Nobody could be asked.
        case unanswered(String)
    }

    /// getaddrinfo(3), unless a test knows better.
    var names: @Sendable (_ host: String) async -> Names = Self.askSystem
    /// The networks of this machine; nil if they can't be told.
    var own: @Sendable () -> [IPNetwork]? = Self.interfaces

    /// Where to connect to for the host, which one that has any address elsewhere is not.
    func answer(for host: String) async -> Answer {
        switch await names(host) {
        case .unknown: return .verdict(.dead(reason: "there is no such host"))
        case .unanswered(let reason): return .verdict(.unclear(reason: reason))
        case .addresses(let addresses):
            guard !addresses.isEmpty, addresses.allSatisfy(\.isPublic) else {
                return .verdict(.dead(reason: "its host is not on the Internet"))
            }
            guard let own = own() else {
                return .verdict(.unclear(reason: "this machine's own networks can't be told"))
            }
            let isOwn = addresses.contains { address in own.contains { $0.contains(address) } }
            return isOwn
                ? .verdict(.unclear(reason: "its host is in this machine's own network"))
                : .addresses(addresses)
        }
    }

    /// netdb.h's EAI_NODATA, which Swift does not see: there is such a name, with other entries.
    private static let noAddress: Int32 = -5

    /// Asks on a thread of its own, since that may wait for name servers.
    private static func askSystem(_ host: String) async -> Names {
        let (answers, answer) = AsyncStream.makeStream(of: Names.self)
        Thread.detachNewThread {
            answer.yield(ask(host))
            answer.finish()
        }
        // Whoever is told to end does not wait for it.
        return await answers.first { _ in true } ?? .unanswered("its name: nobody waited")
    }

    private static func ask(_ host: String) -> Names {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        switch code {
        case 0: break
        case EAI_NONAME, noAddress: return .unknown
        default: return .unanswered("its name: \(String(cString: gai_strerror(code)))")
        }
        let entries = sequence(first: list, next: { $0?.pointee.ai_next }).prefix { $0 != nil }
        let addresses = entries.compactMap { IPAddress($0?.pointee.ai_addr) }
        return addresses.isEmpty ? .unknown : .addresses(addresses)
    }

    /// What the interfaces of this machine are connected to (getifaddrs(3)).
    static func interfaces() -> [IPNetwork]? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return nil }
        defer { freeifaddrs(list) }
        let entries = sequence(first: list, next: { $0?.pointee.ifa_next }).prefix { $0 != nil }
        return entries.compactMap { entry in
            guard let address = IPAddress(entry?.pointee.ifa_addr) else { return nil }
            let mask = IPAddress(entry?.pointee.ifa_netmask)?.bytes
            let length = mask?.reduce(0) { $0 + $1.nonzeroBitCount }
            return IPNetwork(address, length ?? address.bytes.count * 8)
        }
    }
}
