import Foundation
import Glibc

/// What the kernel knows of this process (proc(5)).
enum ProcessFigures {
    static var samples: [MetricSample] {
        var samples: [MetricSample] = []
        if let times = ProcessTimes(of: "/proc/self/stat") {
            samples.append(MetricSample(.processorTime, times.used))
            if let boot = bootTime { samples.append(MetricSample(.startTime, boot + times.start)) }
        }
        if let pages = words(of: "/proc/self/statm").flatMap(memoryPages) {
            let size = Int(sysconf(CInt(_SC_PAGESIZE)))
            samples.append(MetricSample(.virtualMemory, pages.all * size))
            samples.append(MetricSample(.residentMemory, pages.resident * size))
        }
        let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        if let open { samples.append(MetricSample(.openFiles, open)) }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            samples.append(MetricSample(.mostFiles, Double(limit.rlim_cur)))
        }
        return samples
    }

    private static func memoryPages(_ words: [Substring]) -> (all: Int, resident: Int)? {
        guard words.count > 1, let all = Int(words[0]), let resident = Int(words[1]) else {
            return nil
        }
        return (all, resident)
    }

    /// In Unix time; by the clocks, since systemd's sandbox hides `/proc/stat`.
    private static var bootTime: Double? {
        var now = timespec()
        guard clock_gettime(CLOCK_BOOTTIME, &now) == 0 else { return nil }
        let up = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
        return Date().timeIntervalSince1970 - up
    }

    fileprivate static func words(of path: String) -> [Substring]? {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text.map { $0.split(whereSeparator: \.isWhitespace) }.map(Array.init)
    }
}

/// Processor time used, and when the process started after the machine, in seconds.
private struct ProcessTimes {
    let used: Double
    let start: Double

    init?(of path: String) {
        // The second field is the program's name in parentheses, whatever that contains.
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ").map { Double($0) }
        // The third field is the first one here.
        let ticks = Double(sysconf(CInt(_SC_CLK_TCK)))
        guard fields.count > 19, let user = fields[11], let system = fields[12],
            let start = fields[19]
        else { return nil }
        used = (user + system) / ticks
        self.start = start / ticks
    }
}
