import ArgumentParser
import BenchC
import Foundation

/// How fast `Parser`, `Element` and `Writer` are, as a ratio to expat and a bare tree in C.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-element",
        abstract: "Measure elements read and written against the same work in C."
    )

    @Option(help: "How often each contender runs.")
    var rounds = 15

    @Flag(help: "Fail if reading large stanzas is below half the speed of C.")
    var check = false

    /// Below this a flat store for each stanza would be worth its trouble.
    private static let leastRatio = 0.5

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("--rounds must be at least 1.") }
    }

    func run() throws {
        let large = Stream("newsletter", of: SampleStanzas.newsletter())
        let small = Stream("request", of: SampleStanzas.request())
        let ratio = try measureReading(large)
        _ = try measureReading(small)
        try measureWriting(large)
        try measureWriting(small)
        try Blanks().show()
        guard check, ratio < Self.leastRatio else { return }
        let text = ratio.formatted(.number.precision(.fractionLength(2)))
        FileHandle.standardError.write(
            Data("Reading reached \(text) of C; at least \(Self.leastRatio) is wanted.\n".utf8)
        )
        throw ExitCode.failure
    }

    /// Prints the results and returns our ratio to the bare tree.
    private func measureReading(_ stream: Stream) throws -> Double {
        let results = try Contest(
            contenders: [
                .init(name: "expat alone") { stream.readInC(bench_sax_only) },
                .init(name: "expat, bare tree in C") { stream.readInC(bench_builds_tree) },
                .init(name: "Parser to Element") { try stream.readInSwift() },
            ],
            reference: 1,
            byteCount: stream.bytes.count,
            expected: stream.stanzaCount
        ).run(rounds: rounds)
        show(results, title: "Reading", of: stream)
        return results[2].ratio
    }

    private func measureWriting(_ stream: Stream) throws {
        let tree = stream.makeTreeInC()
        defer { bench_tree_free(tree) }
        let size = stream.stanza.xml().utf8.count * stream.stanzaCount
        let results = try Contest(
            contenders: [
                .init(name: "bare tree in C") { stream.writeInC(tree) },
                .init(name: "Element by Writer") { stream.writeInSwift() },
            ],
            reference: 0,
            byteCount: size,
            expected: size
        ).run(rounds: rounds)
        show(results, title: "Writing", of: stream)
    }

    private func show(_ results: [Contest.Result], title: String, of stream: Stream) {
        print("\(title) \(stream.name) stanzas of \(stream.stanzaSize) bytes")
        for result in results {
            let speed = String(format: "%8.1f MB/s %6.2f", result.speed, result.ratio)
            print("  " + result.name.padding(toLength: 24, withPad: " ", startingAt: 0) + speed)
        }
    }
}
