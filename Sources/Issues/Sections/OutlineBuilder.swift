/// Finds the sections of an issue by their titles.
///
/// The levels of headings say little: translations shift them, and years differ. A title the
/// taxonomy knows opens its section wherever it stands; another one belongs to the running section,
/// unless it stands where this issue has its sections.
struct OutlineBuilder {
    private let taxonomy: Taxonomy?
    private let language: String
    private var introduction: [Range<Int>] = []
    private var entryHeadings: [Int] = []

    /// In order of appearance; nesting is done at the end.
    private var found: [IssueSection] = []
    private var indices: [SectionID: Int] = [:]
    private var current: Int?

    static func outline(
        of body: [Block],
        by taxonomy: Taxonomy?,
        language: String
    ) -> IssueOutline {
        var builder = OutlineBuilder(taxonomy: taxonomy, language: language)
        let levels = body.compactMap { $0.heading?.level }
        let sectionLevel = NewsletterIssue.sectionLevel(of: levels) ?? 1
        for (index, block) in body.enumerated() {
            if let heading = block.heading {
                builder.take(heading, at: index, sectionLevel)
            } else {
                builder.extend(with: index)
            }
        }
        return IssueOutline(
            introduction: builder.introduction,
            sections: builder.nested,
            entryHeadings: builder.entryHeadings
        )
    }

    private init(taxonomy: Taxonomy?, language: String) {
        self.taxonomy = taxonomy
        self.language = language
    }

    private mutating func take(_ heading: Heading, at index: Int, _ sectionLevel: Int) {
        let title = heading.text.plainText.joiningLines()
        if let id = taxonomy?.section(titled: title, language: language) {
            current = section(id, title)
            found[current ?? 0].headings.append(index)
        } else if heading.level == sectionLevel, !title.isEmpty {
            found.append(IssueSection(kind: .news, title: title, headings: [index]))
            current = found.count - 1
        } else {
            entryHeadings.append(index)
            extend(with: index)
        }
    }

    /// Where the section of that id is among those found; a new one if it is not yet.
    private mutating func section(_ id: SectionID, _ title: String) -> Int {
        if let index = indices[id] {
            if found[index].headings.isEmpty { found[index].title = title }
            return index
        }
        let entry = taxonomy?[id]
        // One that is opened by a section within it stands where that does.
        if let parent = entry?.parent, indices[parent] == nil {
            _ = section(parent, taxonomy?[parent]?.title(in: language) ?? title)
        }
        found.append(IssueSection(id: id, kind: entry?.kind ?? .news, title: title))
        indices[id] = found.count - 1
        return found.count - 1
    }

    private mutating func extend(with index: Int) {
        if let current {
            found[current].parts.extend(with: index)
        } else {
            introduction.extend(with: index)
        }
    }

    private var nested: [IssueSection] {
        func within(_ parent: SectionID?) -> [IssueSection] {
            found.filter { $0.id.flatMap { taxonomy?[$0]?.parent } == parent }.map { section in
                var section = section
                if let id = section.id { section.sections = within(id) }
                return section
            }
        }
        return within(nil)
    }
}

extension [Range<Int>] {
    fileprivate mutating func extend(with index: Int) {
        if let last, last.upperBound == index {
            self[count - 1] = last.lowerBound..<(index + 1)
        } else {
            append(index..<(index + 1))
        }
    }
}

extension Block {
    var heading: Heading? {
        if case .heading(let heading) = content { heading } else { nil }
    }
}
