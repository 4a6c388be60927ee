/// What clients show beside the name of a newsletter's contact.
public enum StatusLine {
    /// The line with the day of the next issue, `2026-12-05`, if that is known.
    ///
    /// It is in the newsletter's language, since everybody sees the same one.
    public static func text(nextIssue day: String?, in language: String) -> String {
        let texts = ReaderTexts.texts(in: language)
        guard let day else { return texts("status.help") }
        return "\(texts("status.next", ["date": day])) \(texts("status.help"))"
    }
}
