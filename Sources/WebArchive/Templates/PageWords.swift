import Issues

/// The words of the pages themselves in one language, as `texts.LANGUAGE.txt` has them.
struct PageWords: Sendable {
    let language: String

    /// By key; what the language lacks is there in English.
    private(set) var texts: [String: String] = [:]

    init(language: String) {
        self.language = language
    }

    /// Reads lines of keys and texts; a later line of the same key counts.
    init(
        _ text: String,
        language: String,
        file: String,
        fallback: PageWords? = nil
    ) throws(ArchiveError) {
        self.language = language
        texts = fallback?.texts ?? [:]
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let line = line.trimmingPrefix { $0.isWhitespace }
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let sign = line.firstIndex(of: "=") else {
                throw .text(file: file, line: index + 1, reason: "write 'key = text'.")
            }
            let key = String(line[..<sign]).trimmed
            guard fallback == nil || texts[key] != nil else {
                throw .text(
                    file: file,
                    line: index + 1,
                    reason: "no page asks for '\(key)'. texts.en.txt has all keys."
                )
            }
            texts[key] = String(line[line.index(after: sign)...]).trimmed
        }
    }

    /// The language a file is named for: `texts.pt-br.txt`.
    static func language(ofFile name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "texts", parts[2] == "txt", !parts[1].isEmpty else {
            return nil
        }
        return parts[1].lowercased()
    }

    subscript(key: String) -> String {
        texts[key] ?? ""
    }

    /// A date as one reads it: 5 March 2026.
    func date(_ date: IssueDate) -> String {
        let months = self["months"].split(separator: ",").map { String($0).trimmed }
        let month = months.count == 12 ? months[date.month - 1] : "\(date.month)"
        return self["date"].replacing("%day", with: "\(date.day)")
            .replacing("%month", with: month)
            .replacing("%year", with: "\(date.year)")
    }

    func count(_ number: Int) -> String {
        self["issueCount"].replacing("%count", with: "\(number)")
    }

    /// All texts for a template; on a page of another language they say in which they are.
    func values(on pageLanguage: String) -> TemplateGroup {
        let group = TemplateGroup(texts: texts)
        let primary = pageLanguage.prefix { $0 != "-" }
        return group.merging(["language": primary == language ? nil : .text(language)])
    }
}

extension String {
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
