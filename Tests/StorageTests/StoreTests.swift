import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("The database file")
struct StoreTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("what was written is there after a restart")
    func restart() async throws {
        let path = folder.file("news.sqlite")
        do {
            let store = try Store(path: path)
            let node = try await store.makeNode()
            try await store.subscribe(.juliet, to: node, as: .chat, .full)
            try await store.write { try $0.setSetting("hasBeenOnline", to: "yes") }
        }
        let store = try Store(path: path)
        let reader = try await store.read { transaction in
            let node = try #require(try transaction.node(named: .verse))
            return try transaction.subscription(of: .juliet, to: node.id)
        }
        #expect(reader?.choice == DeliveryChoice(form: .chat, amount: .full))
        #expect(try await store.read { try $0.setting("hasBeenOnline") } == "yes")
    }

    @Test("the database and all files beside it are for their owner only")
    func permissions() async throws {
        let store = try Store(path: folder.file("news.sqlite"))
        try await store.makeNode()
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.count >= 3)
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(file))
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
    }

    @Test("an acknowledged write survives a power cut: the log is synchronised at each commit")
    func durability() async throws {
        let store = try Store(path: folder.file("news.sqlite"))
        let (journal, synchronous, foreignKeys) = try await store.write { transaction in
            (
                try transaction.row("PRAGMA journal_mode") { $0[0] as String },
                try transaction.count("PRAGMA synchronous"),
                try transaction.count("PRAGMA foreign_keys")
            )
        }
        #expect(journal == "wal")
        #expect(synchronous == 2)
        #expect(foreignKeys == 1)
    }

    @Test("a second instance is refused and told the first one's process")
    func secondInstance() throws {
        let path = folder.file("news.sqlite")
        let first = try Store(path: path)
        #expect(throws: StoreError.inUse(path: path, pid: getpid())) {
            _ = try Store(path: path)
        }
        #expect(first.path == path)
    }

    @Test("a lock that another process holds refuses us, and its end lets us in")
    func otherProcess() async throws {
        let path = folder.file("news.sqlite")
        let (holder, input) = try startHolder(of: path + ".lock")
        let error = #expect(throws: StoreError.self) { _ = try Store(path: path) }
        #expect(error == .inUse(path: path, pid: 4711))
        #expect(error?.description.contains("(process 4711)") == true)
        try input.close()
        holder.waitUntilExit()
        _ = try Store(path: path)
    }

    /// A process that locks the file, says so, and keeps it until its input ends.
    private func startHolder(of lock: String) throws -> (Process, FileHandle) {
        let holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/flock")
        holder.arguments = ["-x", lock, "sh", "-c", "echo 4711 > '\(lock)'; echo locked; cat"]
        let (input, output) = (Pipe(), Pipe())
        holder.standardInput = input
        holder.standardOutput = output
        try holder.run()
        _ = output.fileHandleForReading.availableData
        return (holder, input.fileHandleForWriting)
    }

    @Test("a lock left by a crash does not keep anybody out")
    func staleLock() throws {
        let path = folder.file("news.sqlite")
        try Data("4711\n".utf8).write(to: URL(filePath: path + ".lock"))
        _ = try Store(path: path)
        let owner = try String(contentsOfFile: path + ".lock", encoding: .utf8)
        #expect(owner == "\(getpid())\n")
    }

    @Test("a folder that is not there is named, with what to do")
    func missingFolder() {
        let path = folder.file("missing/news.sqlite")
        let error = #expect(throws: StoreError.self) { _ = try Store(path: path) }
        #expect(
            error?.description
                == "The database '\(path)' can't be opened: No such file or directory. "
                + "Check that the folder exists and that this user may write in it."
        )
    }

    // Root may write anywhere, so there the folder is no obstacle.
    @Test("a folder that can't be written in is named", .enabled(if: getuid() != 0))
    func readOnlyFolder() {
        chmod(folder.path, 0o500)
        let path = folder.file("news.sqlite")
        #expect(throws: StoreError.cannotOpen(path: path, reason: "Permission denied")) {
            _ = try Store(path: path)
        }
    }

    @Test("a folder in place of the file is refused")
    func folderInPlace() {
        #expect(throws: StoreError.cannotOpen(path: folder.path, reason: "Is a directory")) {
            _ = try Store(path: folder.path)
        }
    }

    @Test("a file that is something else is left as it is")
    func notADatabase() throws {
        let path = folder.file("notes.txt")
        let notes = Data(String(repeating: "Wherefore art thou?\n", count: 500).utf8)
        try notes.write(to: URL(filePath: path))
        #expect(throws: StoreError.notADatabase(path: path)) { _ = try Store(path: path) }
        #expect(try Data(contentsOf: URL(filePath: path)) == notes)
    }

    @Test("a damaged database is not taken for another program's file")
    func damaged() async throws {
        let path = folder.file("news.sqlite")
        do {
            let store = try Store(path: path)
            try await store.makeNode()
        }
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        // The first page's header stays, and all that follows it is overwritten.
        try file.seek(toOffset: 100)
        try file.write(contentsOf: Data(repeating: 0x58, count: 20_000))
        try file.close()
        let error = #expect(throws: StoreError.self) { _ = try Store(path: path) }
        #expect(error?.description.contains("is damaged") == true)
    }

    @Test("a database of a newer version is refused, with the name of what is unknown")
    func newerSchema() async throws {
        let path = folder.file("news.sqlite")
        do {
            let store = try Store(path: path)
            try await store.write { transaction in
                try transaction.run("INSERT INTO grdb_migrations VALUES ('9 carrier pigeons')")
            }
        }
        let error = #expect(throws: StoreError.self) { _ = try Store(path: path) }
        #expect(error == .newerSchema(path: path, unknown: ["9 carrier pigeons"]))
        #expect(error?.description.contains("9 carrier pigeons") == true)
    }

    @Test("a disk that is full is told as such, and nothing is half written")
    func diskFull() async throws {
        let store = try Store(path: folder.file("news.sqlite"))
        try await store.write { try $0.run("PRAGMA max_page_count = 60") }
        let body = String(repeating: "x", count: 500_000)
        await #expect(throws: StoreError.diskFull(path: store.path)) {
            try await store.write { transaction in
                try transaction.setSetting("small", to: "1")
                try transaction.setSetting("large", to: body)
            }
        }
        #expect(try await store.read { try $0.setting("small") } == nil)
    }
}
