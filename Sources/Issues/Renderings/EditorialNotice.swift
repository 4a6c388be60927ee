/// What readers in a chat are told about an issue they have got already, in their language.
public enum EditorialNotice: Hashable, Sendable {
    /// What the editors say they have corrected.
    case correction(String)
    /// The issue of this title is no longer there.
    case withdrawal(title: String)

    /// The notice in a language, or in English for those we have no words for.
    public func text(in language: String) -> String {
        let words = Self.words[language.prefix { $0 != "-" }.lowercased()] ?? Self.english
        switch self {
        case .correction(let note): return words.correction.replacing("%", with: note)
        case .withdrawal(let title): return words.withdrawal.replacing("%", with: title)
        }
    }

    /// `%` stands for the note, or for the title.
    private typealias Words = (correction: String, withdrawal: String)

    private static let english: Words = (
        "Correction: %", "“%” has been withdrawn by its editors."
    )

    private static let words: [String: Words] = [
        "en": english,
        "de": ("Korrektur: %", "„%“ wurde von der Redaktion zurückgezogen."),
        "fr": ("Correction : %", "« % » a été retiré par la rédaction."),
        "es": ("Corrección: %", "La redacción ha retirado «%»."),
        "it": ("Correzione: %", "La redazione ha ritirato «%»."),
        "pt": ("Correção: %", "A redação retirou “%”."),
        "ar": ("تصحيح: %", "سحب المحررون «%»."),
    ]
}
