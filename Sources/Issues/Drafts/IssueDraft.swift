/// The skeleton of the next issue: what every issue has, and what was collected for this one.
///
/// It follows the issue before, whose headings are the house's layout. The standing texts at its end
/// are taken over, sections of news begin anew, and the states of specifications are filled in.
public struct IssueDraft: Sendable {
    /// A piece of news.
    public struct Item: Hashable, Sendable {
        public var section: SectionID?
        public var reference: WebReference
        public var text: String

        public init(section: SectionID?, reference: WebReference, text: String) {
            self.section = section
            self.reference = reference
            self.text = text
        }
    }

    /// The issue before, with the text of its file.
    public struct Model: Sendable {
        let issue: NewsletterIssue
        let lines: [String]

        /// Nil if the bytes are no text; the issue tells of that itself.
        public init(issue: NewsletterIssue, bytes: [UInt8]) {
            self.issue = issue
            lines = String(decoding: bytes, as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.last == "\r" ? String($0.dropLast()) : String($0) }
        }
    }

    public var title: String
    public var date: IssueDate
    public var language: String
    public var taxonomy: Taxonomy?
    public var model: Model?
    public var items: [Item]

    /// Those to be named, each once.
    public var contributors: [String]

    /// What became of the specifications; nil if nobody has compared the lists.
    public var specifications: SpecificationSection?

    public init(
        title: String,
        date: IssueDate,
        language: String,
        taxonomy: Taxonomy?,
        model: Model?,
        items: [Item],
        contributors: [String],
        specifications: SpecificationSection?
    ) {
        self.title = title
        self.date = date
        self.language = language
        self.taxonomy = taxonomy
        self.model = model
        self.items = items
        self.contributors = contributors
        self.specifications = specifications
    }

    /// The whole file.
    public var markdown: String {
        var parts = model.map(parts(of:)) ?? standardParts
        add(to: &parts)
        let body = parts.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n\n")
        return frontMatter + "\n" + body + "\n"
    }

    private var frontMatter: String {
        let quoted = title.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        var lines = ["---", "title: \"\(quoted)\"", "date: \(date)"]
        let categories = model?.issue.frontMatter.categories ?? []
        if !categories.isEmpty {
            let names = categories.map { "\"\($0.replacing("\"", with: "\\\""))\"" }
            lines.append("categories: [\(names.joined(separator: ", "))]")
        }
        return (lines + ["---", ""]).joined(separator: "\n")
    }
}

// MARK: - Sections

extension IssueDraft {
    /// A heading with what stands under it up to the next one.
    struct Part {
        var section: SectionID?
        var level: Int
        var heading: String
        var lines: [String]

        var text: String {
            var lines = lines[...]
            while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
            while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
            guard !lines.isEmpty else { return heading }
            return "\(heading)\n\n\(lines.joined(separator: "\n"))"
        }
    }

    /// The parts of the issue before, emptied of its news.
    private func parts(of model: Model) -> [Part] {
        var sections: [Int: IssueSection] = [:]
        for section in model.issue.outline.all {
            for heading in section.headings { sections[heading] = section }
        }
        let headings = model.issue.body.indices.filter { model.issue.body[$0].heading != nil }
        var parts: [Part] = []
        var seen: Set<SectionID> = []
        for (position, index) in headings.enumerated() {
            guard let section = sections[index], let id = section.id, seen.insert(id).inserted,
                let level = model.issue.body[index].heading?.level
            else { continue }
            let first = model.issue.body[index].place.line
            let last = headings.dropFirst(position + 1).first.map {
                model.issue.body[$0].place.line - 1
            }
            let end = min(last ?? model.lines.count, model.lines.count)
            guard first >= 1, first <= end else { continue }
            let lines = Array(model.lines[first..<max(first, end)])
            parts.append(
                Part(
                    section: id,
                    level: level,
                    heading: String(repeating: "#", count: level) + " " + section.title,
                    lines: kept(lines, of: section, id)
                )
            )
        }
        return parts
    }

    /// What of a section's lines stands in every issue.
    private func kept(_ lines: [String], of section: IssueSection, _ id: SectionID) -> [String] {
        if id == "contributors" { return naming(contributors, in: lines) }
        switch section.kind {
        case .boilerplate: return lines
        case .spec: return introduction(of: lines) + states(id)
        case .news: return id == "specifications" ? introduction(of: lines) : []
        }
    }

    private func introduction(of lines: [String]) -> [String] {
        let isItem = { (line: String) in
            let text = line.drop { $0 == " " }
            return text.hasPrefix("- ") || text.hasPrefix("* ") || text.hasPrefix("+ ")
        }
        var kept = Array(lines.prefix { !isItem($0) })
        while kept.last?.allSatisfy(\.isWhitespace) == true { kept.removeLast() }
        return kept.isEmpty ? [] : kept + [""]
    }

    /// The entries of a state, or the line that says there are none.
    private func states(_ id: SectionID) -> [String] {
        guard let state = SpecificationSection.state(of: id) else { return [] }
        return [specifications?.list(of: state) ?? SpecificationSection.empty(state)]
    }

    /// The standing text on contributors, with the names of this issue's in place of the last one's.
    private func naming(_ names: [String], in lines: [String]) -> [String] {
        guard !names.isEmpty else { return lines }
        let credit = "*" + names.map(MarkdownProse.escaped).joined(separator: ", ") + "*"
        var lines = lines
        let place = lines.firstIndex { line in
            let text = line.drop { $0 == " " }
            return text.hasPrefix("- ") && text.last == "*" && text.contains(": *")
                && !text.contains("](http")
        }
        if let place, let names = lines[place].range(of: ": *") {
            lines[place] = lines[place][..<names.lowerBound] + ": " + credit
            return lines
        }
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        return lines + ["", "- \(credit)"]
    }

    /// The sections of a newsletter's first issue: those of its taxonomy that it can't do without.
    private var standardParts: [Part] {
        guard let taxonomy else { return [] }
        var wanted = Set(taxonomy.entries.filter(\.isRequired).map(\.id))
        if specifications != nil {
            wanted.insert("specifications")
            wanted.formUnion(
                taxonomy.entries.map(\.id).filter { id in
                    SpecificationSection.state(of: id).map { !$0.isRare } ?? false
                }
            )
        }
        return taxonomy.entries.filter { wanted.contains($0.id) }.map { entry in
            var part = newPart(entry)
            if entry.kind == .spec { part.lines = states(entry.id) }
            if entry.id == "contributors" { part.lines = naming(contributors, in: []) }
            return part
        }
    }

    private func newPart(_ entry: Taxonomy.Entry) -> Part {
        let level = entry.parent == nil ? 2 : 3
        let mark = String(repeating: "#", count: level)
        return Part(
            section: entry.id,
            level: level,
            heading: "\(mark) \(entry.title(in: language))",
            lines: []
        )
    }
}

// MARK: - News

extension IssueDraft {
    /// Puts each piece of news under its heading, which is made where the issue before had none.
    private func add(to parts: inout [Part]) {
        var order: [SectionID?] = []
        for item in items where !order.contains(item.section) { order.append(item.section) }
        for section in order {
            let lines = items.filter { $0.section == section }.map(line)
            let place = place(for: section, in: &parts)
            if !parts[place].text.hasSuffix(parts[place].heading) { parts[place].lines.append("") }
            parts[place].lines += lines
        }
    }

    private func place(for section: SectionID?, in parts: inout [Part]) -> Int {
        guard let section, let entry = taxonomy?[section] else {
            // Before all others, where nobody overlooks it.
            let title = section?.rawValue
            if let place = parts.firstIndex(where: { $0.section == section }) { return place }
            let heading = "## \(title.map(MarkdownProse.escaped) ?? "News")"
            parts.insert(Part(section: section, level: 2, heading: heading, lines: []), at: 0)
            return 0
        }
        if let place = parts.firstIndex(where: { $0.section == section }) { return place }
        var part = newPart(entry)
        if let parent = entry.parent {
            let home = place(for: parent, in: &parts)
            part.level = parts[home].level + 1
            part.heading =
                String(repeating: "#", count: part.level) + " " + entry.title(in: language)
            let next = parts[(home + 1)...].firstIndex { $0.level <= parts[home].level }
            parts.insert(part, at: next ?? parts.endIndex)
            return next ?? parts.endIndex - 1
        }
        let order = taxonomy?.entries.map(\.id) ?? []
        let rank = order.firstIndex(of: section) ?? 0
        let next = parts.firstIndex { other in
            guard other.level <= 2, let id = other.section, let index = order.firstIndex(of: id)
            else { return false }
            return index > rank
        }
        parts.insert(part, at: next ?? parts.endIndex)
        return next ?? parts.endIndex - 1
    }

    /// The longest text that is a link as a whole.
    private static let longestLink = 90

    private func line(_ item: Item) -> String {
        let address = item.reference.address
        let words = item.text.joiningLines()
        guard !words.isEmpty else {
            return "- [\(MarkdownProse.escaped(item.reference.shortName))](\(address))"
        }
        let text = MarkdownProse.escaped(words)
        guard words.count > Self.longestLink else { return "- [\(text)](\(address))" }
        let name = MarkdownProse.escaped(item.reference.shortName)
        return "- \(MarkdownProse.guardingStart(text)) [\(name)](\(address))"
    }
}
