import Glibc

/// How many files, sockets and pipes the process may have open at once.
enum DescriptorLimit {
    /// Below it the network library can't even start; in use are some twenty.
    private static let minimum: rlim_t = 64

    /// Takes what the system allows, if that is enough.
    static func raise() throws(DescriptorLimitError) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        guard limit.rlim_max >= minimum else {
            throw DescriptorLimitError(limit: UInt64(limit.rlim_max), needed: UInt64(minimum))
        }
        guard limit.rlim_cur < minimum else { return }
        limit.rlim_cur = minimum
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// The system allows too few open files.
struct DescriptorLimitError: Error, CustomStringConvertible {
    let limit: UInt64
    let needed: UInt64

    var description: String {
        "Only \(limit) open files are allowed here, and at least \(needed) are needed. "
            + "Raise 'LimitNOFILE' of the unit, or 'ulimit -n'."
    }
}
