import Foundation
import Testing

@testable import Storage

@Suite("Who has a database open")
struct StoreHolderTests {
    @Test("is told while it is open, and not afterwards")
    func told() throws {
        let path = "/tmp/bs-\(UUID().uuidString.prefix(8)).sqlite"
        defer { unlink(path + ".lock") }
        #expect(StoreHolder.process(of: path) == nil)
        do {
            let lock = try StoreLock(for: path)
            #expect(StoreHolder.process(of: path) == getpid())
            withExtendedLifetime(lock) {}
        }
        #expect(StoreHolder.process(of: path) == nil)
    }

    @Test("only the lock on that very file counts, and only of that process")
    func lines() {
        let locks = """
            1: POSIX  ADVISORY  READ 812 00:1b:77 1073741826 1073742335
            2: FLOCK  ADVISORY  WRITE 812 00:1b:77 0 EOF
            3: -> FLOCK  ADVISORY  WRITE 900 00:1b:77 0 EOF
            """
        #expect(StoreHolder.holds(812, inode: 77, locks))
        #expect(!StoreHolder.holds(812, inode: 78, locks))
        #expect(!StoreHolder.holds(900, inode: 77, locks))
        #expect(!StoreHolder.holds(812, inode: 77, ""))
    }
}
