import Foundation
import Localization
import Mustache

/// The templates, texts and files the pages are made with: the program's own, or an operator's of
/// the same names.
public struct TemplateSet: Sendable {
    let library: MustacheLibrary
    let words: [String: PageWords]
    let style: String
    let script: String

    /// The program's own, each replaced by a file of its name in `folder`.
    ///
    /// Other `.mustache` files there can be used as partials, and `texts.LANGUAGE.txt` adds a
    /// language or changes some texts of one.
    public init(folder: String? = nil) throws(ArchiveError) {
        var files = BuiltIn.files
        var texts: [String: String] = [:]
        var origins: [String: String] = [:]
        let own = if let folder { try Self.read(folder) } else { [String: String]() }
        for (name, text) in own {
            if TextFile.language(ofFile: name) != nil {
                texts[name] = text
            } else {
                files[name] = text
            }
            origins[name] = folder.map { "\($0)/\(name)" }
        }
        library = try Self.library(of: files, origins)
        words = try Self.words(changedBy: texts, origins)
        style = files["style.css"] ?? ""
        script = files["search.js"] ?? ""
    }

    func render(_ template: String, _ values: TemplateGroup) -> String {
        library.render(values, withTemplate: template) ?? ""
    }

    /// The words of a language; those of its primary language, or English, if it has none.
    func words(in language: String) -> PageWords {
        let primary = String(language.prefix { $0 != "-" })
        return words[language] ?? words[primary] ?? words["en"] ?? PageWords(language: "en")
    }

    // MARK: - Reading

    private static func read(_ folder: String) throws(ArchiveError) -> [String: String] {
        do {
            var files: [String: String] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                let isOurs = name.hasSuffix(".mustache") || BuiltIn.files[name] != nil
                guard isOurs || TextFile.language(ofFile: name) != nil else { continue }
                files[name] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            }
            return files
        } catch {
            throw .templateFolder(folder, reason: error.localizedDescription)
        }
    }

    private static func library(
        of files: [String: String],
        _ origins: [String: String]
    ) throws(ArchiveError) -> MustacheLibrary {
        var templates: [String: MustacheTemplate] = [:]
        let ending = ".mustache"
        let known = Set(
            files.keys.filter { $0.hasSuffix(ending) }.map { $0.dropLast(ending.count) }
        )
        for (file, text) in files where file.hasSuffix(ending) {
            let origin = origins[file] ?? file
            do {
                templates[String(file.dropLast(ending.count))] = try MustacheTemplate(string: text)
            } catch let error as MustacheTemplate.ParserError {
                throw .template(
                    file: origin,
                    line: error.context.lineNumber,
                    column: error.context.columnNumber,
                    reason: sentence(error.error)
                )
            } catch {
                throw .template(file: origin, line: 1, column: 1, reason: "\(error)")
            }
            if origins[file] != nil { try checkPartials(of: text, origin, known) }
        }
        return MustacheLibrary(templates: templates)
    }

    /// A partial that is not there would leave a hole in the page without a word; ours are there.
    private static func checkPartials(
        of text: String,
        _ file: String,
        _ known: Set<Substring>
    ) throws(ArchiveError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            for match in line.matches(of: /\{\{\s*[><]\s*([\w\/.\-]+)\s*\}\}/)
            where !known.contains(match.output.1) {
                throw .template(
                    file: file,
                    line: index + 1,
                    column: line.distance(from: line.startIndex, to: match.range.lowerBound) + 1,
                    reason: "there is no template '\(match.output.1)'. There are "
                        + known.sorted().joined(separator: ", ") + "."
                )
            }
        }
    }

    private static func sentence(_ error: any Error) -> String {
        switch error as? MustacheTemplate.Error {
        case .sectionCloseNameIncorrect:
            "this closes another section than the one that is open."
        case .unfinishedName:
            "this tag is not closed, or its name holds a sign that no name may have."
        case .expectedSectionEnd:
            "a section is open at the end of the file. Close it with '{{/name}}'."
        case .invalidSetDelimiter: "delimiters are set as in '{{=<% %>=}}'."
        case .transformAppliedToInheritanceSection, .illegalTokenInsideInheritSection,
            .textInsideInheritSection:
            "between '{{<layout}}' and '{{/layout}}' only blocks such as '{{$main}}' may stand."
        case .invalidConfigVariableSyntax, .unrecognisedConfigVariable:
            "there is no such setting; 'CONTENT_TYPE' is one."
        case nil: "this is no template of mustache: \(error)."
        }
    }

    /// The program's words, and on top of them what an operator's files say.
    private static func words(
        changedBy texts: [String: String],
        _ origins: [String: String]
    ) throws(ArchiveError) -> [String: PageWords] {
        let name = "texts.en.txt"
        let english = try PageWords(BuiltIn.files[name] ?? "", language: "en", file: name)
        var words = ["en": english]
        for (files, isOurs) in [(BuiltIn.files, true), (texts, false)] {
            for (name, text) in files {
                guard let language = TextFile.language(ofFile: name),
                    !isOurs || language != "en"
                else { continue }
                words[language] = try PageWords(
                    text,
                    language: language,
                    file: origins[name] ?? name,
                    fallback: words[language] ?? english
                )
            }
        }
        return words
    }
}
