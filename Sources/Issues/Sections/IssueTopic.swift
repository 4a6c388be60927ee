/// A section of an issue as an item of its own, for readers of that topic alone.
public struct IssueTopic: Hashable, Sendable {
    public let section: SectionID

    /// The section as an issue that can be rendered like any other.
    ///
    /// It keeps the issue's id and date, so that corrected headings change nothing but its text.
    public let issue: NewsletterIssue

    /// How many states of specifications were left out because nothing came into them.
    public let emptyStates: Int
}

extension NewsletterIssue {
    /// The uppermost sections with news in them, in the issue's order.
    public var topics: [IssueTopic] {
        outline.sections.compactMap(topic)
    }

    /// The topic of a section; nil if the issue does not have it, or has nothing to say in it.
    public func topic(_ id: SectionID) -> IssueTopic? {
        outline.sections.first { $0.id == id }.flatMap(topic)
    }

    private func topic(_ section: IssueSection) -> IssueTopic? {
        guard let id = section.id, section.kind != .boilerplate else { return nil }
        let told = section.sections.filter { !isEmptyState($0) }
        let emptyStates = section.sections.count - told.count
        var excerpt = Excerpt(of: self)
        excerpt.add(section.parts)
        for inner in told { excerpt.add(inner) }
        let isSilent = emptyStates > 0 && told.isEmpty
        guard !isSilent, !excerpt.body.isEmpty else { return nil }
        let heading = section.headings.first.flatMap { body[$0].heading }
        var frontMatter = frontMatter
        frontMatter.title = "\(section.title) – \(title)"
        frontMatter.summary = nil
        let issue = NewsletterIssue(
            id: self.id,
            language: language,
            fileName: fileName,
            frontMatter: frontMatter,
            body: excerpt.body,
            outline: excerpt.outline,
            webAddress: webAddress.map { page in
                heading.map { LinkTarget.fragment($0.id).address(on: page) } ?? page
            },
            warnings: []
        )
        return IssueTopic(section: id, issue: issue, emptyStates: emptyStates)
    }

    /// Whether a state's entries say only that there are none this month: in whatever language,
    /// they then name no specification and lead nowhere.
    func isEmptyState(_ section: IssueSection) -> Bool {
        guard section.kind == .spec else { return false }
        let blocks = section.parts.joined().map { body[$0] }
        let lists = blocks.filter { block in
            if case .list = block.content { true } else { false }
        }
        // The text above the list explains the state and leads to its rules.
        let entries = lists.isEmpty ? blocks : lists
        guard BodyIndex(entries).links.isEmpty else { return false }
        return Specification.numbers(in: PlainTextRendering(language: "en").text(of: entries))
            .isEmpty
    }
}

/// Some of an issue's blocks, and the outline they have among themselves.
private struct Excerpt {
    private let issue: NewsletterIssue
    private let entryHeadings: Set<Int>
    private(set) var body: [Block] = []
    private(set) var outline = IssueOutline()

    init(of issue: NewsletterIssue) {
        self.issue = issue
        entryHeadings = Set(issue.outline.entryHeadings)
    }

    /// Adds what stands before the sections.
    mutating func add(_ parts: [Range<Int>]) {
        let start = body.count
        append(parts)
        if body.count > start { outline.introduction.append(start..<body.count) }
    }

    mutating func add(_ section: IssueSection) {
        var section = section
        let heading = section.headings.first
        section.headings = heading.map { _ in [body.count] } ?? []
        if let heading { body.append(issue.body[heading]) }
        let start = body.count
        append(section.parts)
        for inner in section.sections {
            append(inner.headings.prefix(1).map { $0..<($0 + 1) } + inner.parts)
        }
        section.parts = body.count > start ? [start..<body.count] : []
        section.sections = []
        outline.sections.append(section)
    }

    private mutating func append(_ parts: [Range<Int>]) {
        for index in parts.joined() {
            if entryHeadings.contains(index) { outline.entryHeadings.append(body.count) }
            body.append(issue.body[index])
        }
    }
}
