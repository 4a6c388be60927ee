/// Tells that ids of headings name the same section, if in two languages.
struct SectionNames {
    var taxonomy: Taxonomy?
    var language = "en"

    /// The candidate that names the section an id names: translators often keep the original's.
    func sameSection(as id: String, among candidates: [String]) -> String? {
        guard let section = section(of: id) else { return nil }
        return candidates.first { self.section(of: $0) == section }
    }

    private func section(of id: String) -> SectionID? {
        taxonomy?.section(titled: id.replacing("-", with: " "), language: language)
    }
}
