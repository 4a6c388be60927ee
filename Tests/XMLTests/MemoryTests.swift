import Foundation
import Testing
import XML

@Suite("Parser memory", .serialized)
struct MemoryTests {
    @Test(
        "gigabytes of nothing cost nothing",
        arguments: [
            // Where our own scanner looks at each byte, a debug build takes its time.
            "": 16, "<s><m ": 8, "<s><m><b": 32,
            "<s>": 256, "<s><m>": 256, "<s><m k='": 8, "<s><m><![CDATA[": 256,
        ]
    )
    func endless(start: String, times: Int) throws {
        let chunk = Array(repeating: UInt8(ascii: " "), count: 1 << 20)
        #expect(try growth(after: start, chunk, times: times) < 7 << 20)
    }

    @Test("neither nesting nor names add up", arguments: [true, false])
    func addingUp(isNested: Bool) throws {
        let parser = Parser()
        _ = try parser.parse(isNested ? "<s><m>".utf8 : "<s>".utf8)
        let before = try residentSize()
        for start in stride(from: 0, to: 400_000, by: 2000) {
            var text = ""
            for number in start..<start + 2000 {
                text += isNested ? "<a b='\(number)'>" : "<m><a\(number) b\(number)=''/></m>"
            }
            _ = try parser.parse(text.utf8)
        }
        // Expat alone would come to some 100 MB.
        #expect(try residentSize() - before < 32 << 20)
    }

    @Test("a long tag in small pieces is looked at once")
    func linear() throws {
        let parser = Parser()
        var events = try parser.parse("<s><m k='".utf8)
        let piece = Array("0123456789>bcdef".utf8)
        let time = try ContinuousClock().measure {
            for _ in 0..<60_000 {
                events += try parser.parse(piece)
            }
        }
        events += try parser.parse("'/>".utf8)
        #expect(events.count == 2)
        guard case .element(let element) = events.last else {
            Testing.Issue.record("no element")
            return
        }
        #expect(element["k"]?.utf8.count == 960_000)
        // Looked at anew with each piece, it would take minutes.
        #expect(time < .seconds(10))
    }

    private func growth(after start: String, _ chunk: [UInt8], times: Int) throws -> Int {
        let parser = Parser()
        var events = try parser.parse(start.utf8)
        let before = try residentSize()
        for _ in 0..<times {
            try chunk.withUnsafeBytes { try parser.parse($0, into: &events) }
        }
        #expect(events.count <= 1)
        return try residentSize() - before
    }

    private func residentSize() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
