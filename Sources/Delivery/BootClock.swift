import Foundation

/// A clock that nobody can set: it counts since the machine was started, also while that sleeps.
public struct BootClock: Sendable {
    /// Names this start of the machine; nil if the system does not tell.
    public let bootID: String?
    /// What has passed since.
    public let uptime: @Sendable () -> Duration

    public init(bootID: String?, uptime: @escaping @Sendable () -> Duration) {
        self.bootID = bootID
        self.uptime = uptime
    }

    /// Linux's `CLOCK_BOOTTIME`.
    public static var system: BootClock {
        let file = "/proc/sys/kernel/random/boot_id"
        let text = try? String(contentsOfFile: file, encoding: .ascii)
        return BootClock(bootID: text?.trimmingCharacters(in: .whitespacesAndNewlines)) {
            var time = timespec()
            clock_gettime(CLOCK_BOOTTIME, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
    }
}
