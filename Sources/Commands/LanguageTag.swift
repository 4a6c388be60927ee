/// The form of language tags (RFC 5646 §2.1), as far as people write them in commands.
enum LanguageTag {
    /// The tag in its usual capitals (RFC 5646 §2.1.1), such as `pt-BR`; nil if it is no tag.
    static func canonical(_ text: String) -> String? {
        let subtags = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let language = subtags.first, (2...8).contains(language.count),
            language.allSatisfy({ $0.isASCII && $0.isLetter }),
            subtags.dropFirst().allSatisfy(isSubtag)
        else { return nil }
        let rest = subtags.dropFirst().map(inUsualCapitals)
        return ([language.lowercased()] + rest).joined(separator: "-")
    }

    private static func isSubtag(_ text: Substring) -> Bool {
        (1...8).contains(text.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// Regions have two letters, scripts four.
    private static func inUsualCapitals(_ subtag: Substring) -> String {
        switch subtag.count {
        case 2: subtag.uppercased()
        case 4: subtag.prefix(1).uppercased() + subtag.dropFirst().lowercased()
        default: subtag.lowercased()
        }
    }
}
