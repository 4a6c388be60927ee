import Issues
import Spelling
import Storage

/// The sections that pieces of news are put under.
extension NewsletterDesk {
    /// The section that somebody named by its id or its title; nil if nothing was named.
    ///
    /// Without a taxonomy every title is one.
    func section(named name: String) throws -> String? {
        guard !name.isEmpty else { return nil }
        guard let taxonomy = context.taxonomy else { return name }
        let language = newsletter.defaultFeed.language
        let id = SectionID(rawValue: name.lowercased())
        let section =
            taxonomy[id] == nil ? taxonomy.section(titled: name, language: language) : id
        if let section, taxonomy[section]?.kind == .news { return section.rawValue }
        let nearest = NearestName.to(name.lowercased(), among: sectionNames)
        throw NewsProblem.noSection(name, nearest: nearest, known: sectionNames)
    }

    /// The ids of all sections that hold news.
    var sectionNames: [String] {
        (context.taxonomy?.entries ?? []).filter { $0.kind == .news }.map(\.id.rawValue)
    }

    func title(of section: String) -> String {
        let entry = context.taxonomy?[SectionID(rawValue: section)]
        return entry?.title(in: newsletter.defaultFeed.language) ?? section
    }

    /// The sections of these items as an issue has them, those without one last.
    func order(of items: [NewsItem]) -> [String?] {
        let known = sectionNames
        let rank = { (section: String) in known.firstIndex(of: section) ?? known.count }
        let named = Set(items.compactMap(\.section)).sorted {
            (rank($0), $0) < (rank($1), $1)
        }
        return named + (items.contains { $0.section == nil } ? [nil] : [])
    }
}
