internal import Foundation

/// Finds out who has a database open to write, without touching it or its lock.
public enum StoreHolder {
    /// The process that has it, if one has: the one that ``StoreLock`` names and the kernel knows to
    /// hold that lock, as `/proc/locks` says.
    public static func process(of path: String) -> Int32? {
        var status = stat()
        guard stat(path + ".lock", &status) == 0,
            let owner = try? String(contentsOfFile: path + ".lock", encoding: .utf8),
            let process = Int32(owner.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return nil }
        let inode = UInt64(status.st_ino)
        let isHeld = (0..<looks).contains { _ in
            let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
            return holds(process, inode: inode, locks ?? "")
        }
        return isHeld ? process : nil
    }

    /// How often `/proc/locks` is read before a lock counts as not held.
    ///
    /// The kernel hands out a page at a time, and a lock that moves up in the list between two of them
    /// is in neither.
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
