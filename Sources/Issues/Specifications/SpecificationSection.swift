/// The part of an issue that tells what became of the specifications, as Markdown.
public struct SpecificationSection: Hashable, Sendable {
    /// The XSF's own pages.
    public static let standardBase = "https://xmpp.org/extensions"

    let changes: SpecificationChanges

    /// Where the specifications stand, without a slash at the end.
    let base: String

    /// - Parameters:
    ///   - changes: What to tell.
    ///   - base: Where the specifications stand, `/extensions` for an issue on the same site.
    public init(_ changes: SpecificationChanges, base: String = Self.standardBase) {
        self.changes = changes
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
    }

    /// All of it, with headings and the states that nothing came into.
    public var markdown: String {
        let states = SpecificationChanges.State.allCases.filter {
            !$0.isRare || changes.specifications[$0] != nil
        }
        let parts = states.map { "### \(Self.title(of: $0))\n\n\(list(of: $0))" }
        return (["## Extensions and specifications"] + parts).joined(separator: "\n\n") + "\n"
    }

    /// The list under the heading of a state, or the line that says there is nothing to tell.
    func list(of state: SpecificationChanges.State) -> String {
        guard let entries = changes.specifications[state] else { return Self.empty(state) }
        return entries.map { entry($0, in: state) }.joined(separator: "\n")
    }

    /// The state whose section an issue has; nil if the section is another.
    static func state(of section: SectionID) -> SpecificationChanges.State? {
        SpecificationChanges.State(rawValue: section.rawValue)
    }

    static func empty(_ state: SpecificationChanges.State) -> String {
        switch state {
        case .proposed: "- No XEPs proposed this month."
        case .new: "- No new XEPs this month."
        case .deferred: "- No XEPs deferred this month."
        case .updated: "- No XEPs updated this month."
        case .lastCall: "- No Last Call this month."
        case .stable: "- No XEPs moved to Stable this month."
        case .deprecated: "- No XEPs deprecated this month."
        case .obsoleted: "- No XEPs obsoleted this month."
        case .rejected: "- No XEPs rejected this month."
        case .retracted: "- No XEPs retracted this month."
        }
    }

    private static func title(of state: SpecificationChanges.State) -> String {
        switch state {
        case .proposed: "Proposed"
        case .new: "New"
        case .deferred: "Deferred"
        case .updated: "Updated"
        case .lastCall: "Last Call"
        case .stable: "Stable"
        case .deprecated: "Deprecated"
        case .obsoleted: "Obsoleted"
        case .rejected: "Rejected"
        case .retracted: "Retracted"
        }
    }
}

// MARK: - Entries

extension SpecificationSection {
    private func entry(
        _ specification: ListedSpecification,
        in state: SpecificationChanges.State
    ) -> String {
        let title = MarkdownProse.escaped(specification.title)
        guard case .number = specification.name else {
            let abstract = text(specification.abstract, of: specification)
            return item("[\(title)](\(address(of: specification.name)))", [abstract])
        }
        let name = "[\(specification.name)](\(address(of: specification.name))) (\(title))"
        guard state != .lastCall else {
            let end = specification.lastCall.map { "\($0)" } ?? ""
            return item(
                "Last Call for comments on \(name)",
                ["This Last Call shall end at the close of business on \(end)."]
            )
        }
        return item("Version \(specification.version) of \(name)", remarks(of: specification))
    }

    private func item(_ line: String, _ details: [String]) -> String {
        (["- \(line)"] + details.filter { !$0.isEmpty }.map { "  - \($0)" })
            .joined(separator: "\n")
    }

    private func address(of name: ListedSpecification.Name) -> String {
        switch name {
        case .number: "\(base)/\(name.description.lowercased()).html"
        case .proposal(let file): "\(base)/inbox/\(file).html"
        }
    }

    /// What was changed, a line each, with the initials of who did it at the end.
    private func remarks(of specification: ListedSpecification) -> [String] {
        var lines = RemarkReader.lines(of: specification.remark)
            .map { text($0, of: specification) }
        if lines.isEmpty {
            let address = address(of: specification.name)
            lines = ["See its [revision history](\(address)#appendix-revs)."]
        }
        let initials = MarkdownProse.escaped(specification.initials)
        if !initials.isEmpty, let last = lines.popLast() { lines.append("\(last) (\(initials))") }
        return lines
    }

    /// A text of the list as Markdown, other specifications in it as links.
    private func text(_ text: String, of specification: ListedSpecification) -> String {
        let mentions = SpecificationMention.all(in: Array(text.utf8))
        let own = "\(specification.name)"
        var parts: [String] = []
        var position = text.utf8.startIndex
        for mention in mentions {
            let name = "XEP-\(mention.number)"
            let start = text.utf8.index(text.utf8.startIndex, offsetBy: mention.start)
            let end = text.utf8.index(start, offsetBy: name.utf8.count)
            parts.append(MarkdownProse.escaped(String(text[position..<start])))
            let address = "\(base)/\(name.lowercased()).html"
            parts.append(name == own ? name : "[\(name)](\(address))")
            position = end
        }
        parts.append(MarkdownProse.escaped(String(text[position...])))
        return MarkdownProse.guardingStart(parts.joined())
    }
}

/// Takes the points of a remark apart.
enum RemarkReader {
    /// The points behind `*` or `-`, or the whole text if it has none; empty ones are left out.
    static func lines(of remark: String) -> [String] {
        var points: [String] = []
        for line in remark.split(whereSeparator: \.isNewline) {
            let text = String(line).joiningLines()
            if let mark = text.first, "*-•".contains(mark), text.dropFirst().first ?? " " == " " {
                points.append(String(text.dropFirst()).joiningLines())
            } else if let last = points.popLast() {
                points.append("\(last) \(text)".joiningLines())
            } else {
                points.append(text)
            }
        }
        return points.filter { !$0.isEmpty }
    }
}
