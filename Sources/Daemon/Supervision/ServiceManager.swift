import Glibc

/// Whoever has started us and wants to hear how we are: systemd, by sd_notify(3).
struct ServiceManager: Sendable {
    enum News: Hashable, Sendable {
        /// The service can be used, or has read its configuration again.
        case ready
        /// The configuration is read again, since that moment of the monotonic clock.
        case reloading(microseconds: UInt64)
        case stopping
        /// A sentence for `systemctl status`.
        case status(String)
        /// What the watchdog waits for.
        case alive
    }

    /// The longest time between two signs of life; nil if nobody waits for them.
    let patience: Duration?
    private let socket: LocalDatagramSocket

    /// Nil if the environment names nobody, as in a terminal.
    init?(environment: [String: String], process: Int32 = getpid()) {
        guard let path = environment["NOTIFY_SOCKET"],
            let socket = LocalDatagramSocket(to: path)
        else { return nil }
        self.socket = socket
        patience = Self.patience(environment, process)
    }

    func tell(_ news: News...) {
        socket.send(Array(news.map(\.line).joined(separator: "\n").utf8))
    }

    /// Says that the configuration is read again, beginning now.
    func tellReloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        tell(.reloading(microseconds: UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1000))
    }

    /// The variables may be meant for another process, whose children we are.
    private static func patience(_ environment: [String: String], _ process: Int32) -> Duration? {
        if let owner = environment["WATCHDOG_PID"], owner != "\(process)" { return nil }
        guard let text = environment["WATCHDOG_USEC"], let time = Int64(text), time > 0 else {
            return nil
        }
        return .microseconds(time)
    }
}

extension ServiceManager.News {
    var line: String {
        switch self {
        case .ready: "READY=1"
        case .reloading(let moment): "RELOADING=1\nMONOTONIC_USEC=\(moment)"
        case .stopping: "STOPPING=1"
        // A line feed would begin another assignment.
        case .status(let text): "STATUS=" + text.replacing("\n", with: " ")
        case .alive: "WATCHDOG=1"
        }
    }
}
