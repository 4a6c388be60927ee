import Glibc

/// The copies of a crashed process's memory, in which the component's secret would be found.
enum CoreDumps {
    /// Lets a crash leave none, where the hard limit is not 0.
    ///
    /// One byte is less than any dump needs, and the only limit by which Linux spares a program that
    /// `core_pattern` pipes dumps to: that gets all of it at a limit of 0 (core(5)). Whoever needs one
    /// can raise the limit while the program runs.
    static func forgo() {
        let resource = __rlimit_resource_t(RLIMIT_CORE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(1, limit.rlim_max)
        setrlimit(resource, &limit)
    }
}
