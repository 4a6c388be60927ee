internal import Foundation

/// Finds out who has a database open to write, without touching it or its lock.
public enum StoreHolder {
    /// The process that has it, if one has: the one that ``StoreLock`` names and the kernel knows to
    /// hold that lock.
    public static func process(of path: String) -> Int32? {
        var status = stat()
        guard stat(path + ".lock", &status) == 0,
            let owner = try? String(contentsOfFile: path + ".lock", encoding: .utf8),
            let process = Int32(owner.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return nil }
        let inode = UInt64(status.st_ino)
        if let locks = locks(of: process) {
            return holds(process, inode: inode, locks) ? process : nil
        }
        let isHeld = (0..<looks).contains { _ in
            let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
            return holds(process, inode: inode, locks ?? "")
        }
        return isHeld ? process : nil
    }

    /// The locks of a process, as it is told of each file that it has open (proc(5)); nil if we may
    /// not know, as of somebody else's, or if it has ended.
    private static func locks(of process: Int32) -> String? {
        let folder = "/proc/\(process)/fdinfo"
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return nil
        }
        let contents = files.compactMap { file in
            try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        }
        guard !contents.isEmpty else { return nil }
        let title = "lock:\t"
        return contents.flatMap { $0.split(separator: "\n") }
            .filter { $0.hasPrefix(title) }
            .map { $0.dropFirst(title.count) }
            .joined(separator: "\n")
    }

    /// How often `/proc/locks`, which all may read, is looked at before a lock counts as not held.
    ///
    /// The kernel hands out a page at a time, and a lock that moves up in the list between two of them
    /// is in neither: where many come and go, it may be missed again and again.
    private static let looks = 5

    /// Whether the process holds a lock on the file with that number.
    ///
    ///     1: FLOCK  ADVISORY  WRITE 4711 fd:00:131842 0 EOF
    static func holds(_ process: Int32, inode: UInt64, _ locks: String) -> Bool {
        locks.split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            return words.count > 5 && words[1] == "FLOCK" && Int32(words[4]) == process
                && words[5].split(separator: ":").last.flatMap { UInt64($0) } == inode
        }
    }
}
