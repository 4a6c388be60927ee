import Foundation
import Testing
import XML

/// Memory is that of a whole process, so each of these has one to itself.
@Suite("Parser memory", .serialized)
struct MemoryTests {
    /// The beginnings of documents, and how many megabytes of blanks follow.
    ///
    /// Where our own scanner looks at each byte, a debug build takes its time.
    private static let beginnings = [
        "": 16, "<s><m ": 8, "<s><m><b": 32,
        "<s>": 256, "<s><m>": 256, "<s><m k='": 8, "<s><m><![CDATA[": 256,
    ]

    @Test("gigabytes of nothing cost nothing")
    func endless() async {
        await #expect(processExitsWith: .success) {
            let chunk = Array(repeating: UInt8(ascii: " "), count: 1 << 20)
            for (start, times) in MemoryTests.beginnings {
                let growth = try MemoryTests.growth(after: start, chunk, times: times)
                #expect(growth < 7 << 20, "after '\(start)'")
            }
        }
    }

    @Test("nesting does not add up")
    func nesting() async {
        await #expect(processExitsWith: .success) {
            try MemoryTests.addUp(after: "<s><m>") { "<a b='\($0)'>" }
        }
    }

    @Test("names do not add up")
    func names() async {
        await #expect(processExitsWith: .success) {
            try MemoryTests.addUp(after: "<s>") { "<m><a\($0) b\($0)=''/></m>" }
        }
    }

    private static func addUp(after start: String, _ element: (Int) -> String) throws {
        let parser = Parser()
        _ = try parser.parse(start.utf8)
        let before = try residentSize()
        for first in stride(from: 0, to: 400_000, by: 2000) {
            _ = try parser.parse((first..<first + 2000).map(element).joined().utf8)
        }
        // Expat alone would come to some 100 MB.
        #expect(try residentSize() - before < 32 << 20)
    }

    /// Looked at anew with each piece, it would take many minutes.
    @Test("a long tag in small pieces is looked at once", .timeLimit(.minutes(15)))
    func linear() throws {
        let parser = Parser()
        var events = try parser.parse("<s><m k='".utf8)
        let piece = Array("0123456789>bcdef".utf8)
        for _ in 0..<60_000 {
            events += try parser.parse(piece)
        }
        events += try parser.parse("'/>".utf8)
        #expect(events.count == 2)
        guard case .element(let element) = events.last else {
            Testing.Issue.record("no element")
            return
        }
        #expect(element["k"]?.utf8.count == 960_000)
    }

    private static func growth(after start: String, _ chunk: [UInt8], times: Int) throws -> Int {
        let parser = Parser()
        var events = try parser.parse(start.utf8)
        let before = try residentSize()
        for _ in 0..<times {
            try chunk.withUnsafeBytes { try parser.parse($0, into: &events) }
        }
        #expect(events.count <= 1)
        return try residentSize() - before
    }

    private static func residentSize() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
