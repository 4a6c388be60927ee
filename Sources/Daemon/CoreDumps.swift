import Glibc

/// The copies of a crashed process's memory, in which the component's secret would be found.
enum CoreDumps {
    /// Lets a crash leave none.
    ///
    /// Whoever needs one can raise the limit while the program runs.
    static func forgo() {
        let resource = __rlimit_resource_t(RLIMIT_CORE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = 0
        setrlimit(resource, &limit)
    }
}
