import Foundation
import Glibc
import NIOCore
import Testing

@testable import Daemon

@Suite("A socket for the group")
struct GroupSocketTests {
    private let path = "/tmp/bs-\(UUID().uuidString.prefix(8)).sock"

    private var mode: mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : 0
    }

    @Test("nobody but the owner and the group may open it, however often it is made anew")
    func rights() throws {
        defer { unlink(path) }
        for _ in 0..<2 {
            let descriptor = try GroupSocket.bind(to: path)
            defer { close(descriptor) }
            #expect(mode & S_IFMT == S_IFSOCK)
            #expect(mode & 0o777 == 0o660)
        }
    }

    @Test("a file that is no socket is not replaced")
    func otherFile() throws {
        defer { unlink(path) }
        try Data("mine".utf8).write(to: URL(filePath: path))
        let error = #expect(throws: IOError.self) { try GroupSocket.bind(to: path) }
        #expect(error?.errnoCode == EADDRINUSE)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }
}
