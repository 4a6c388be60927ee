import Foundation
import Testing

@testable import WebArchive

@Suite("Templates and texts")
struct TemplateTests {
    private func error(_ file: String, _ text: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try text.write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
        do {
            _ = try TemplateSet(folder: folder.path)
            return ""
        } catch {
            return error.description.replacing(folder.path + "/", with: "")
        }
    }

    @Test("a broken template is named with its line and what is wrong")
    func broken() throws {
        #expect(
            try error("front.mustache", "fine\n{{#latest}}\n{{/newest}}\n")
                == "front.mustache:3:4: this closes another section than the one that is open."
        )
        #expect(try error("front.mustache", "{{#latest}}\n").contains("Close it with"))
        #expect(try error("front.mustache", "a\n b {{ti!tle}}\n").hasPrefix("front.mustache:2:"))
        #expect(
            try error("front.mustache", "a\n{{> foot}}\n")
                .hasPrefix("front.mustache:2:1: there is no template 'foot'. There are front, ")
        )
    }

    @Test("a text nobody asks for, or that is no text, is named with its line")
    func brokenTexts() throws {
        #expect(
            try error("texts.de.txt", "# x\nskipp = Los\n").hasPrefix("texts.de.txt:2: no page")
        )
        #expect(try error("texts.sv.txt", "\nnonsense\n") == "texts.sv.txt:2: write 'key = text'.")
    }

    @Test("the program's own templates ask only for what is there")
    func own() throws {
        let sample = try SampleArchive()
        defer { sample.remove() }
        for (name, text) in BuiltIn.files { try sample.write("own/\(name)", text) }
        _ = try TemplateSet(folder: sample.root.appending(path: "own").path)
    }

    @Test("an operator's template, text and style stand in the place of the program's")
    func overriding() throws {
        var sample = try SampleArchive()
        defer { sample.remove() }
        try sample.write("own/missing.mustache", "{{> lost}} at {{site.title}}")
        try sample.write("own/lost.mustache", "Lost")
        try sample.write("own/texts.en.txt", "search = Find\n")
        try sample.write("own/style.css", "/* mine */")
        sample.templates = sample.root.appending(path: "own").path
        _ = try sample.build()
        #expect(try sample.page("404.html") == "Lost at The Verona &lt;Dispatch&gt;")
        #expect(try sample.page("index.html").contains(">Find</a>"))
        #expect(try sample.page("style.css") == "/* mine */")
    }

    @Test("every language has every text, and no other")
    func texts() throws {
        func keys(_ name: String) throws -> Set<Substring> {
            let text = try #require(BuiltIn.files[name])
            return Set(
                text.split(separator: "\n").filter { !$0.hasPrefix("#") }
                    .compactMap { $0.split(separator: " ").first }
            )
        }
        let english = try keys("texts.en.txt")
        for language in ["de", "es", "fr", "it", "pt"] {
            #expect(try keys("texts.\(language).txt") == english, "\(language)")
        }
    }

    @Test("every word a template asks for is there, and each that is there is asked for")
    func usedTexts() {
        let templates = BuiltIn.files.filter { $0.key.hasSuffix(".mustache") }.values.joined()
        let asked = Set(templates.matches(of: /words\.(\w+)/).map { String($0.output.1) })
        let inCode: Set<String> = [
            "name", "locale", "date", "months", "code", "image", "issueCount",
        ]
        let english = Set(
            (BuiltIn.files["texts.en.txt"] ?? "").split(separator: "\n")
                .filter { !$0.hasPrefix("#") }
                .compactMap { $0.split(separator: " ").first.map(String.init) }
        )
        #expect(asked.subtracting(["language"]).union(inCode) == english)
    }

    @Test("what is compiled in is what lies in Resources")
    func resources() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/WebArchive/Resources")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(names) == Set(BuiltIn.files.keys))
        for name in names {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            #expect(BuiltIn.files[name] == text, "\(name) is another than the file")
        }
    }
}
