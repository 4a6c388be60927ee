import Spelling
import Yams

/// Reads the YAML of the front matter; what is wrong with it goes to the log, with its place.
struct FrontMatterReader {
    private let fileName: IssueFileName
    private var values: [FrontMatter.Key: Node] = [:]

    init(fileName: IssueFileName) {
        self.fileName = fileName
    }

    /// Nil if something is missing or broken.
    static func read(
        _ yaml: String,
        of fileName: IssueFileName,
        log: inout FindingLog
    ) -> FrontMatter? {
        var reader = FrontMatterReader(fileName: fileName)
        guard reader.compose(yaml, log: &log) else { return nil }
        return reader.frontMatter(log: &log)
    }

    // MARK: - YAML

    private mutating func compose(_ yaml: String, log: inout FindingLog) -> Bool {
        guard !YAMLNesting.isTooDeep(yaml) else {
            log.error(.yaml, at: .start, "The front matter is nested too deeply to be one.")
            return false
        }
        do {
            return take(try Yams.compose(yaml: yaml), log: &log)
        } catch let error as YamlError {
            let (place, message) = Self.explain(error)
            log.error(.yaml, at: place, message)
        } catch {
            log.error(.yaml, at: .start, "The front matter can't be read: \(error).")
        }
        return false
    }

    private mutating func take(_ root: Node?, log: inout FindingLog) -> Bool {
        // Nothing between the dashes is a mapping without keys: what is missing is said later.
        guard let root else { return true }
        guard let mapping = root.mapping else {
            log.error(
                .yaml,
                at: Self.place(root),
                "The front matter must be lines of the form 'key: value'."
            )
            return false
        }
        for (keyNode, value) in mapping {
            let name = keyNode.string ?? ""
            if let key = FrontMatter.Key(rawValue: name) {
                values[key] = value
            } else {
                warnOfUnknown(name, at: Self.place(keyNode), log: &log)
            }
        }
        return true
    }

    private func warnOfUnknown(_ name: String, at place: SourcePlace, log: inout FindingLog) {
        let known = FrontMatter.Key.allCases.map(\.rawValue)
        let hint =
            NearestName.to(name, among: known, tolerance: .half).map { "Did you mean '\($0)'?" }
            ?? "Known are: \(known.joined(separator: ", "))."
        log.warning(.keyUnknown, at: place, "Nothing reads the key '\(name)'. \(hint)")
    }

    /// The place in the file: its front matter begins in line 2.
    private static func place(_ mark: Mark?) -> SourcePlace {
        mark.map { SourcePlace(line: $0.line + 1, column: $0.column) } ?? .start
    }

    private static func place(_ node: Node) -> SourcePlace {
        place(node.mark)
    }

    private static func explain(_ error: YamlError) -> (SourcePlace, String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (
                place(mark),
                "The front matter is not valid YAML: \(problem). "
                    + "A value with ': ' or quotes in it needs quotes around it."
            )
        case .duplicatedKeysInMapping(let keys, let context):
            (
                place(context.mark),
                "The front matter says \(keys.map { "'\($0)'" }.joined(separator: ", ")) twice; "
                    + "keep one."
            )
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
            .representer(let problem):
            (.start, "The front matter can't be read: \(problem).")
        case .no, .memory, .dataCouldNotBeDecoded:
            (.start, "The front matter can't be read.")
        }
    }

    // MARK: - Values

    private func frontMatter(log: inout FindingLog) -> FrontMatter? {
        let title = text(of: .title, log: &log)
        if title == nil,
            !log.findings.contains(where: { $0.rule == .valueType && $0.severity == .error })
        {
            log.error(
                .titleMissing,
                at: values[.title].map(Self.place) ?? .start,
                "The issue has no title. Add a line 'title: …' to the front matter."
            )
        }
        let date = date(log: &log)
        let summary = text(of: .summary, log: &log)
        let author = list(of: .author, log: &log).joined(separator: ", ")
        let categories = list(of: .categories, log: &log)
        let aliases = list(of: .aliases, log: &log)
        if let node = values[.aliases], node.scalar != nil, !aliases.isEmpty {
            log.warning(
                .aliasesText,
                at: Self.place(node),
                "'aliases' should be a list: put the path into brackets."
            )
        }
        guard let title, let date else { return nil }
        return FrontMatter(
            title: title,
            date: date,
            summary: summary,
            author: author.isEmpty ? nil : author,
            categories: categories,
            aliases: aliases
        )
    }

    private func date(log: inout FindingLog) -> IssueDate? {
        guard let node = values[.date], let text = Self.line(node) else {
            log.error(
                .dateMissing,
                at: values[.date].map(Self.place) ?? .start,
                "The issue has no date. Add a line 'date: YYYY-MM-DD' to the front matter."
            )
            return nil
        }
        guard let date = IssueDate(text) else {
            log.error(
                .dateInvalid,
                at: Self.place(node),
                "'\(text)' is no date. Write it as YYYY-MM-DD, such as 2024-02-05."
            )
            return nil
        }
        if let named = fileName.date, named != date {
            log.warning(
                .dateMismatch,
                at: Self.place(node),
                "The date is \(date), but the file's name says \(named). The web address follows "
                    + "the date given here."
            )
        }
        return date
    }

    private func text(of key: FrontMatter.Key, log: inout FindingLog) -> String? {
        guard let node = values[key] else { return nil }
        guard node.scalar != nil else {
            let message = "'\(key.rawValue)' must be a text."
            if key == .title {
                log.error(.valueType, at: Self.place(node), message)
            } else {
                log.warning(.valueType, at: Self.place(node), message + " It is left out.")
            }
            return nil
        }
        return Self.line(node)
    }

    /// A list of texts; one text alone is a list of one.
    private func list(of key: FrontMatter.Key, log: inout FindingLog) -> [String] {
        guard let node = values[key] else { return [] }
        if node.scalar != nil { return Self.line(node).map { [$0] } ?? [] }
        let texts = node.sequence?.compactMap(Self.line) ?? []
        if texts.count != node.sequence?.count {
            log.warning(
                .valueType,
                at: Self.place(node),
                "'\(key.rawValue)' must be a list of texts; what is none is left out."
            )
        }
        return texts
    }

    /// The text of a scalar in one line; nil for what YAML takes for nothing.
    private static func line(_ node: Node) -> String? {
        guard let scalar = node.scalar else { return nil }
        if scalar.style == .plain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) {
            return nil
        }
        let line = scalar.string.replacingForbiddenCharacters().joiningLines()
        return line.isEmpty ? nil : line
    }
}
