import Foundation
import Testing

@testable import Localization

/// The files of texts that come with the program, as they lie in the sources.
@Suite("The program's texts")
struct TranslationTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

    /// The modules that talk to people.
    static let modules: [String] = {
        let all = try? FileManager.default.contentsOfDirectory(atPath: sources.path())
        return (all ?? []).filter { module in
            let english = sources.appending(path: "\(module)/Resources/texts.en.txt")
            return FileManager.default.fileExists(atPath: english.path())
        }
        .sorted()
    }()

    private static func texts(of module: String) throws -> [String: [String: String]] {
        let folder = sources.appending(path: "\(module)/Resources")
        var texts: [String: [String: String]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path()) {
            guard let language = TextFile.language(ofFile: name) else { continue }
            let content = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            texts[language] = try TextFile(content).texts
        }
        return texts
    }

    private static func places(in text: String) -> [String] {
        text.matches(of: /\{(\w+)\}/).map { String($0.output.1) }.sorted()
    }

    @Test(
        "there is German, French, Spanish and Italian wherever there is English",
        arguments: modules
    )
    func languages(module: String) throws {
        let languages = Set(try Self.texts(of: module).keys)
        #expect(languages.isSuperset(of: ["en", "de", "fr", "es", "it"]))
    }

    @Test("each language has all texts, with the same places for values", arguments: modules)
    func keys(module: String) throws {
        let texts = try Self.texts(of: module)
        let english = try #require(texts["en"])
        for (language, own) in texts {
            let missing = Set(english.keys).subtracting(own.keys).sorted()
            let surplus = Set(own.keys).subtracting(english.keys).sorted()
            #expect(missing == [], "\(module)/Resources/texts.\(language).txt lacks these")
            #expect(surplus == [], "\(module)/Resources/texts.\(language).txt has too much")
            for (key, text) in own {
                let places = Self.places(in: english[key] ?? "")
                #expect(Self.places(in: text) == places, "\(module), \(language), \(key)")
            }
        }
    }

    @Test("no file has a key twice, or a text that is empty", arguments: modules)
    func repetitions(module: String) throws {
        let folder = Self.sources.appending(path: "\(module)/Resources")
        for language in try Self.texts(of: module).keys {
            let file = folder.appending(path: "texts.\(language).txt")
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                .filter { !$0.hasPrefix("#") }
            let pairs = lines.map { $0.split(separator: " = ", maxSplits: 1) }
            #expect(pairs.allSatisfy { $0.count == 2 }, "\(module), \(language)")
            let counts = Dictionary(grouping: pairs) { $0[0] }.filter { $0.value.count > 1 }
            #expect(counts.keys.sorted() == [], "\(module), \(language)")
        }
    }

    /// Asked for by `texts("key"`, `.text("key"`, or `texts("beginning.\(…)"`.
    @Test(
        "what the code asks for is there, and what is there is asked for",
        arguments: modules.filter { $0 != "WebArchive" }
    )
    func uses(module: String) throws {
        let folder = Self.sources.appending(path: module)
        let files = FileManager.default.enumerator(atPath: folder.path())?.allObjects ?? []
        var asked: Set<String> = []
        var beginnings: Set<String> = []
        for case let name as String in files where name.hasSuffix(".swift") {
            let code = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            let calls = code.matches(
                of: /(?:[tT]exts|self|\.text|LocalizedText)\(\s*"([\w.\-]+)(\\\()?/
            )
            for call in calls {
                let key = String(call.output.1)
                if call.output.2 == nil { asked.insert(key) } else { beginnings.insert(key) }
            }
        }
        let keys = try #require(try Self.texts(of: module)["en"]).keys
        let known = Set(keys.flatMap { key in [key, Self.withoutForm(key)] })
        #expect(asked.subtracting(known).sorted() == [], "\(module) asks for these in vain")
        let unused = keys.filter { key in
            // What people say is looked for as a whole.
            !key.hasPrefix("say.") && !asked.contains(key) && !asked.contains(Self.withoutForm(key))
                && !beginnings.contains { key.hasPrefix($0) }
        }
        #expect(unused.sorted() == [], "nothing in \(module) asks for these")
        for beginning in beginnings {
            #expect(keys.contains { $0.hasPrefix(beginning) }, "\(module), \(beginning)")
        }
    }

    private static func withoutForm(_ key: String) -> String {
        for form in [".one", ".other"] where key.hasSuffix(form) {
            return String(key.dropLast(form.count))
        }
        return key
    }
}
