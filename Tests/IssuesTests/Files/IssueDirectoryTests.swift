import Foundation
import Testing

@testable import Issues

@Suite struct IssueDirectoryTests {
    /// A directory that is gone when the test ends.
    private final class Scratch {
        let path = NSTemporaryDirectory() + "issues-" + UUID().uuidString

        init() throws {
            try FileManager.default.createDirectory(
                atPath: path + "/issues",
                withIntermediateDirectories: true
            )
        }

        deinit {
            try? FileManager.default.removeItem(atPath: path)
        }

        var directory: IssueDirectory {
            IssueDirectory(path: path + "/issues", defaultLanguage: "en")
        }

        func write(_ text: String, to name: String) throws {
            let folder = URL(filePath: "\(path)/\(name)").deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
        }
    }

    @Test("a translation of another name belongs to the original of its date, or of its month")
    func pairing() throws {
        let scratch = try Scratch()
        func write(_ name: String, _ date: String) throws {
            try scratch.write("---\ntitle: T\ndate: \(date)\n---\n\nText\n", to: "issues/\(name)")
        }
        try write("2024-02-05-x.md", "2024-02-05")
        try write("2024-03-05-x.md", "2024-03-05")
        try write("2024-03-25-x.md", "2024-03-25")
        try write("2024-02-07-x.it.md", "2024-02-05")
        try write("2024-02-05_x.de.md", "2024-02-28")
        try write("2024-02-07-y.fr.md", "2024-02-05")
        try write("2024-03-10-x.es.md", "2024-03-10")
        let catalog = try scratch.directory.catalog()
        #expect(
            catalog.entries.map { "\($0.id): \($0.languages.joined(separator: " "))" } == [
                "2024-02-05-x: de en it", "2024-02-07-y: fr", "2024-03-05-x: en",
                // Two originals of its month: nobody can know.
                "2024-03-10-x: es", "2024-03-25-x: en",
            ]
        )
        let issue = try scratch.directory.issue(
            "2024-02-05-x",
            language: "it",
            in: IssueContext(defaultLanguage: "en")
        )
        #expect(issue.id == "2024-02-05-x")
        #expect(issue.fileName.rawValue == "2024-02-07-x.it.md")
        let path = "\(scratch.path)/issues/2024-02-07-x.it.md"
        #expect(try CheckFile(reading: path, defaultLanguage: "en").name.issue == "2024-02-05-x")
        let report = IssueChecker(context: IssueContext(defaultLanguage: "en")).check(paths: [path])
        #expect(report.findings.contains { $0.rule == .titleUntranslated })
        #expect(report.findings.contains { $0.rule == .dateMismatch }, "the name is what it is")
    }

    @Test("only issue files are listed: nothing hidden, nested, or linked from elsewhere")
    func listing() throws {
        let scratch = try Scratch()
        for name in ["a.md", "a.de.md", "README.md", "_index.md", ".draft.md", "notes.txt"] {
            try scratch.write("x", to: "issues/\(name)")
        }
        try scratch.write("secret", to: "secret.md")
        let files = FileManager.default
        try files.createDirectory(
            atPath: scratch.path + "/issues/dir.md",
            withIntermediateDirectories: false
        )
        try files.createSymbolicLink(
            atPath: scratch.path + "/issues/out.md",
            withDestinationPath: "../secret.md"
        )
        try files.createSymbolicLink(
            atPath: scratch.path + "/issues/same.md",
            withDestinationPath: "a.md"
        )
        let catalog = try scratch.directory.catalog()
        #expect(catalog.entries.map(\.id) == ["a", "same"])
        #expect(catalog["a"]?.languages == ["de", "en"])
        #expect(throws: IssueFileError.outside("out.md")) {
            try scratch.directory.read(#require(IssueFileName("out.md")))
        }
        #expect(throws: IssueFileError.notRegular("dir.md")) {
            try scratch.directory.read(#require(IssueFileName("dir.md")))
        }
    }

    @Test("a file is read by issue and language, and a missing translation is named")
    func reading() throws {
        let scratch = try Scratch()
        try scratch.write("eins", to: "issues/a.de.md")
        let (name, bytes) = try scratch.directory.read("a", language: "DE")
        #expect(name.rawValue == "a.de.md")
        #expect(bytes == Array("eins".utf8))
        let error = #expect(throws: IssueFileError.self) {
            try scratch.directory.read("a", language: "fr")
        }
        #expect(error?.description == "The issue 'a' is not there in 'fr', only in de.")
    }

    @Test("a directory that is not there is named, with what to check")
    func missingDirectory() throws {
        let directory = IssueDirectory(path: "/nowhere/at/all", defaultLanguage: "en")
        let error = #expect(throws: IssueFileError.self) { try directory.catalog() }
        #expect(error?.description.contains("'/nowhere/at/all' can't be read") == true)
        #expect(error?.description.contains("Check 'issues'") == true)
    }

    @Test("a file that was written to while it was read is read again")
    func halfWritten() throws {
        let file = WholeFile(directory: "", path: "", shownAs: "a.md", limit: 100)
        var sizes = [3, 6, 6].makeIterator()
        var contents = [Array("abc".utf8), Array("abcdef".utf8)].makeIterator()
        let bytes = try file.settled(
            version: { WholeFile.Version(size: sizes.next() ?? 0, seconds: 1, nanoseconds: 0) },
            content: { contents.next() ?? [] },
            wait: {}
        )
        #expect(String(decoding: bytes, as: UTF8.self) == "abcdef")
    }

    @Test("what has become a link since the path was made is not followed, a pipe not read")
    func exchanged() throws {
        let scratch = try Scratch()
        try scratch.write("mine", to: "issues/more/a.md")
        try scratch.write("secret", to: "secrets/a.md")
        func content(_ path: String) throws -> String {
            let directory = scratch.path + "/issues"
            let file = WholeFile(directory: directory, path: path, shownAs: path, limit: 100)
            return String(decoding: try file.read(), as: UTF8.self)
        }
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: scratch.path + "/issues/linked",
            withDestinationPath: "../secrets"
        )
        try files.createSymbolicLink(
            atPath: scratch.path + "/issues/b.md",
            withDestinationPath: "../secrets/a.md"
        )
        #expect(mkfifo(scratch.path + "/issues/c.md", 0o600) == 0)
        #expect(try content("/more/a.md") == "mine")
        for path in ["linked/a.md", "b.md"] {
            let error = #expect(throws: IssueFileError.self) { try content(path) }
            #expect(error?.description.contains(path) == true)
        }
        #expect(throws: IssueFileError.notRegular("c.md")) { try content("c.md") }
    }

    @Test("a file that never comes to rest is not read, nor one of improbable size")
    func neverSettled() throws {
        let file = WholeFile(directory: "", path: "", shownAs: "a.md", limit: 100)
        var second = 0
        #expect(throws: IssueFileError.changing("a.md")) {
            try file.settled(
                version: {
                    second += 1
                    return WholeFile.Version(size: 1, seconds: second, nanoseconds: 0)
                },
                content: { [0x41] },
                wait: {}
            )
        }
        #expect(throws: IssueFileError.tooLarge("a.md", limit: 100)) {
            try file.settled(
                version: { WholeFile.Version(size: 101, seconds: 1, nanoseconds: 0) },
                content: { [] },
                wait: {}
            )
        }
    }
}
