import ArgumentParser
import Foundation
import IDNA
import Issues

/// How fast issue files are read, rendered and checked.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-issues",
        abstract: "Measure reading, rendering and checking of issue files, in MB/s of their size."
    )

    @Argument(help: "A folder with issue files.")
    var folder: String

    @Option(help: "How often everything runs; the median counts.")
    var rounds = 5

    @Option(help: "Fail if checking all files takes longer than so many seconds.")
    var limit: Double?

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("--rounds must be at least 1.") }
    }

    func run() throws {
        let files = try read()
        let size = files.reduce(0) { $0 + $1.bytes.count }
        let context = IssueContext(
            defaultLanguage: "en",
            site: WebSite(base: "https://example.org/", defaultLanguage: "en"),
            hostToASCII: { try? DomainName.toASCII($0) }
        )
        let issues = files.compactMap {
            try? NewsletterIssue.parse($0.bytes, fileName: $0.name, in: context)
        }
        let renderer = IssueRenderer(context: context, amount: .full)
        print("\nIssue files: \(files.count), \(size / 1_000) kB; median of \(rounds)\n")
        show("read", size) {
            for file in files {
                _ = try? NewsletterIssue.parse(file.bytes, fileName: file.name, in: context)
            }
        }
        for format in RenderingFormat.allCases {
            show("render as \(format.rawValue)", size) {
                for issue in issues { _ = renderer.text(of: issue, as: format) }
            }
        }
        let checker = IssueChecker(context: context)
        let seconds = show("check", size) { _ = checker.check(files) }
        if let limit, seconds > limit {
            FileHandle.standardError.write(Data("Checking took \(seconds) s.\n".utf8))
            throw ExitCode.failure
        }
    }

    private func read() throws -> [CheckFile] {
        let paths = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasSuffix(".md") }
        let files = paths.compactMap { try? CheckFile(reading: "\(folder)/\($0)") }
        guard !files.isEmpty else {
            throw ValidationError("There are no issue files in \(folder).")
        }
        return files
    }

    /// Runs the work and prints its speed; returns the median of its times, in seconds.
    @discardableResult
    private func show(_ name: String, _ size: Int, _ work: () -> Void) -> Double {
        let clock = ContinuousClock()
        let times = (0..<rounds).map { _ in clock.measure(work) / .seconds(1) }.sorted()
        let median = times[times.count / 2]
        let speed = (Double(size) / 1e6 / median).formatted(.number.precision(.fractionLength(1)))
        let milliseconds = (median * 1_000).formatted(.number.precision(.fractionLength(1)))
        let padding = String(repeating: " ", count: max(1, 18 - name.count))
        print("  \(name)\(padding)\(speed) MB/s, \(milliseconds) ms for all")
        return median
    }
}
