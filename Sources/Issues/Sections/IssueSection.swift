/// A section of an issue, and where its text is in the issue's body.
public struct IssueSection: Hashable, Sendable {
    /// What the taxonomy calls it; nil if it does not know the section.
    public var id: SectionID?
    public var kind: SectionKind

    /// As the issue's first heading of the section says it.
    public var title: String

    /// The headings of the section by their indices in the body: several if it was opened again,
    /// none if the issue has only sections within it.
    public var headings: [Int] = []

    /// What lies under those headings, entry headings included and the sections within it not.
    public var parts: [Range<Int>] = []

    /// The sections within it, as the taxonomy nests them.
    public var sections: [IssueSection] = []
}

/// The sections of an issue, each once, nested as the taxonomy has it.
public struct IssueOutline: Hashable, Sendable {
    /// What comes before the first section.
    public var introduction: [Range<Int>] = []

    /// The uppermost sections, in the order of the issue.
    public var sections: [IssueSection] = []

    /// The headings that open no section but tell of one thing within it, by their indices.
    public var entryHeadings: [Int] = []

    /// The section of an id, wherever it is nested.
    public subscript(id: SectionID) -> IssueSection? {
        all.first { $0.id == id }
    }

    /// All sections, each before those within it.
    public var all: [IssueSection] {
        func flat(_ sections: [IssueSection]) -> [IssueSection] {
            sections.flatMap { [$0] + flat($0.sections) }
        }
        return flat(sections)
    }
}
