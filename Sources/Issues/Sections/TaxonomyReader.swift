public import Foundation
import Spelling
import Yams

/// Why a file does not describe the sections of a newsletter.
public enum TaxonomyError: Error, Hashable, Sendable {
    case file(String, reason: String)
    case yaml(String)

    /// The file is no list of sections by their ids.
    case notSections
    case notSection(String)
    case unknownKey(String, in: String, nearest: String?)
    case unknownKind(String, in: String)
    case unknownParent(String, in: String)

    /// A section is within itself.
    case circle(String)
    case noSpelling(String)
    case sameSpelling(String, language: String, String, String)
}

extension TaxonomyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let path, let reason):
            "The taxonomy '\(path)' can't be read: \(reason)."
        case .yaml(let problem): "The taxonomy is not valid YAML: \(problem)."
        case .notSections:
            "The taxonomy must be sections by their ids, such as 'events:' and below it, indented, "
                + "'en: Events | Upcoming events'."
        case .notSection(let id):
            "The section '\(id)' must have keys of its own, such as 'en: Events'."
        case .unknownKey(let key, let id, let nearest):
            "Nothing reads '\(key)' of the section '\(id)'. "
                + (nearest.map { "Did you mean '\($0)'?" }
                    ?? "A key is 'kind', 'within', 'required' or the tag of a language.")
        case .unknownKind(let kind, let id):
            "The section '\(id)' can't be of the kind '\(kind)'; there are "
                + SectionKind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ") + "."
        case .unknownParent(let parent, let id):
            "The section '\(id)' is within '\(parent)', which is no section. Correct 'within'."
        case .circle(let id):
            "The section '\(id)' is within itself. Correct 'within'."
        case .noSpelling(let id):
            "The section '\(id)' has no title. Add one, such as 'en: Events'."
        case .sameSpelling(let spelling, let language, let first, let second):
            "'\(spelling)' (\(language)) is a title of both '\(first)' and '\(second)'. "
                + "Take it out of one."
        }
    }
}

extension Taxonomy {
    private enum Key: String, CaseIterable {
        case kind, within, required
    }

    /// Reads a taxonomy from a file, which is UTF-8.
    public init(file: URL) throws(TaxonomyError) {
        let text: String
        do {
            text = try String(contentsOf: file, encoding: .utf8)
        } catch {
            let path = file.path(percentEncoded: false)
            throw .file(path, reason: error.localizedDescription)
        }
        try self.init(yaml: text)
    }

    /// Reads a taxonomy: sections by id, each with its titles by language, `|` between spellings.
    public init(yaml: String) throws(TaxonomyError) {
        guard !YAMLNesting.isTooDeep(yaml) else { throw .yaml("it is nested too deeply") }
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw .yaml("\(error)")
        }
        guard let mapping = root?.mapping else { throw .notSections }
        var entries: [Entry] = []
        for (key, value) in mapping {
            guard let id = key.string, let section = value.mapping else {
                throw .notSection(key.string ?? "")
            }
            entries.append(try Self.entry(id, section))
        }
        try Self.check(entries)
        self.init(entries)
    }

    private static func entry(_ id: String, _ section: Node.Mapping) throws(TaxonomyError) -> Entry
    {
        var values: [Key: String] = [:]
        var spellings: [String: [String]] = [:]
        for (keyNode, value) in section {
            let name = keyNode.string ?? ""
            let text = value.scalar?.string ?? ""
            if let key = Key(rawValue: name) {
                values[key] = text
            } else if IssueFileName.isLanguageTag(name) {
                spellings[name.lowercased()] = text.split(separator: "|")
                    .map { String($0).joiningLines() }.filter { !$0.isEmpty }
            } else {
                let nearest = NearestName.to(
                    name,
                    among: Key.allCases.map(\.rawValue),
                    tolerance: .half
                )
                throw .unknownKey(name, in: id, nearest: nearest)
            }
        }
        guard spellings.contains(where: { !$0.value.isEmpty }) else { throw .noSpelling(id) }
        guard let kind = SectionKind(rawValue: values[.kind] ?? "news") else {
            throw .unknownKind(values[.kind] ?? "", in: id)
        }
        return Entry(
            id: SectionID(rawValue: id),
            parent: values[.within].map { SectionID(rawValue: $0) },
            kind: kind,
            isRequired: ["yes", "true"].contains(values[.required]),
            spellings: spellings
        )
    }

    private static func check(_ entries: [Entry]) throws(TaxonomyError) {
        let parents = Dictionary(
            entries.map { ($0.id, $0.parent) },
            uniquingKeysWith: { first, _ in first }
        )
        for entry in entries {
            var ancestor = entry.parent
            var steps = 0
            while let id = ancestor {
                guard let next = parents[id] else {
                    throw .unknownParent(id.rawValue, in: entry.id.rawValue)
                }
                steps += 1
                guard steps <= entries.count else { throw .circle(entry.id.rawValue) }
                ancestor = next
            }
        }
        try checkSpellings(entries)
    }

    private static func checkSpellings(_ entries: [Entry]) throws(TaxonomyError) {
        var owners: [String: [String: SectionID]] = [:]
        for entry in entries {
            for (language, spellings) in entry.spellings {
                for spelling in spellings {
                    let folded = SectionTitle(spelling).folded
                    if let owner = owners[language]?[folded], owner != entry.id {
                        throw .sameSpelling(
                            spelling,
                            language: language,
                            owner.rawValue,
                            entry.id.rawValue
                        )
                    }
                    owners[language, default: [:]][folded] = entry.id
                }
            }
        }
    }
}
