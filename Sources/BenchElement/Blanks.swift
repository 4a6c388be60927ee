import Foundation
import XML

/// A gibibyte of white space, wherever a server may put it: what that costs of time and memory.
struct Blanks {
    private static let places = [
        ("before the stream", ""), ("between stanzas", "<s>"),
        ("in a stanza", "<s><m>"), ("in a start tag", "<s><m "), ("in an attribute", "<s><m a='"),
    ]
    private static let chunk = Array(repeating: UInt8(ascii: " "), count: 1 << 16)

    func show() throws {
        print("1 GiB of white space")
        for (place, start) in Self.places {
            let parser = Parser()
            var events = try parser.parse(start.utf8)
            let before = try residentSize()
            let clock = ContinuousClock()
            let took = try clock.measure {
                for _ in 0..<1 << 14 {
                    try Self.chunk.withUnsafeBytes { try parser.parse($0, into: &events) }
                }
            }
            let growth = Double(try residentSize() - before) / 1_048_576
            let seconds = took / .seconds(1)
            let numbers = String(format: "%8.2f s %8.2f MiB", seconds, growth)
            print("  " + place.padding(toLength: 24, withPad: " ", startingAt: 0) + numbers)
        }
    }

    private func residentSize() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
