import Issues

/// The names that occur in several issues, as in the back of a book: what one looks up without a
/// search that needs a script.
///
/// A name is a short link text that begins with a capital or a digit, outside the sections that
/// stand in every issue.
struct NameRegister {
    struct Name {
        let name: String

        /// Newest first.
        let issues: [ArchivedIssue]
    }

    /// The names under each first letter, both in order.
    let letters: [(letter: String, names: [Name])]

    /// Longer ones are sentences.
    private static let longestName = 28
    private static let fewestIssues = 2

    /// `issues` newest first.
    init(_ issues: [ArchivedIssue]) {
        var spelling: [String: String] = [:]
        var found: [String: [ArchivedIssue]] = [:]
        for archived in issues {
            var seen: Set<String> = []
            for name in Self.names(in: archived.issue) {
                let key = SearchWords.plain(name)
                guard seen.insert(key).inserted else { continue }
                spelling[key] = spelling[key] ?? name
                found[key, default: []].append(archived)
            }
        }
        let names = found.filter { $0.value.count >= Self.fewestIssues }
            .sorted { $0.key < $1.key }
            .map { Name(name: spelling[$0.key] ?? $0.key, issues: $0.value) }
        let groups = Dictionary(grouping: names) { Self.letter(of: $0.name) }
        letters = groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func names(in issue: NewsletterIssue) -> [String] {
        let sections = issue.outline.all.filter { $0.kind != .boilerplate }
        let blocks = sections.flatMap { $0.parts.joined() }.map { issue.body[$0] }
        return BlockText(blocks).linkTexts.map { $0.trimmed }.filter { isName($0) }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.first, text.count > 1, text.count <= longestName else {
            return false
        }
        let isCapital = first.isUppercase || first.isNumber
        return isCapital && text.contains { $0.isLetter } && !text.contains("/")
            && !text.contains("@")
    }

    private static func letter(of name: String) -> String {
        guard let first = SearchWords.plain(name).first, first.isLetter else { return "0–9" }
        return first.uppercased()
    }
}
