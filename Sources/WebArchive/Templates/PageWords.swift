import Issues
import Localization

/// The words of the pages themselves in one language, as `texts.LANGUAGE.txt` has them.
struct PageWords: Sendable {
    let language: String
    private let texts: Texts
    /// In the order of the year; empty where the texts name none.
    private let months: [String]

    init(language: String) {
        self.language = language
        texts = Texts(language: language, [:])
        months = []
    }

    /// Reads lines of keys and texts; what the language lacks is there as in `fallback`.
    init(
        _ text: String,
        language: String,
        file: String,
        fallback: PageWords? = nil
    ) throws(ArchiveError) {
        self.language = language
        do {
            let keys = fallback.map { Set($0.texts.texts.keys) }
            let own = try TextFile(text, knowing: keys)
            texts = Texts(language: language, own.texts, fallback: fallback?.texts)
            months = (texts.texts["months"] ?? "").split(separator: ",").map { $0.trimmed }
        } catch {
            throw .text(file: file, line: error.line, reason: Self.sentence(error.flaw))
        }
    }

    private static func sentence(_ flaw: TextFileError.Flaw) -> String {
        switch flaw {
        case .noKey: "write 'key = text'."
        case .unknownKey(let key): "no page asks for '\(key)'. texts.en.txt has all keys."
        }
    }

    subscript(key: String) -> String {
        texts.texts[key] ?? ""
    }

    /// A date as one reads it: 5 March 2026.
    func date(_ date: IssueDate) -> String {
        let month = months.count == 12 ? months[date.month - 1] : "\(date.month)"
        return texts("date", ["day": date.day, "month": month, "year": date.year])
    }

    func count(_ number: Int) -> String {
        texts("issueCount", ["count": number])
    }

    /// All texts for a template; on a page of another language they say in which they are.
    func values(on pageLanguage: String) -> TemplateGroup {
        let group = TemplateGroup(texts: texts.texts)
        let primary = pageLanguage.prefix { $0 != "-" }
        return group.merging(["language": primary == language ? nil : .text(language)])
    }
}

extension StringProtocol {
    /// Without the blanks and line ends around it.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
