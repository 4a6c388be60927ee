/// What a finding is about; the raw value is what people read in brackets after the message.
public enum IssueRule: String, CaseIterable, Hashable, Sendable {
    // The file
    case encoding
    case controlCharacter = "control-character"

    // Front matter
    case frontMatterMissing = "front-matter-missing"
    case frontMatterUnclosed = "front-matter-unclosed"
    case yaml
    case keyUnknown = "key-unknown"
    case valueType = "value-type"
    case titleMissing = "title-missing"
    case dateMissing = "date-missing"
    case dateInvalid = "date-invalid"
    case dateMismatch = "date-mismatch"
    case aliasesText = "aliases-text"

    // Shortcodes
    case shortcodeUnclosed = "shortcode-unclosed"
    case shortcodeUnknown = "shortcode-unknown"
    case shortcodeArgument = "shortcode-argument"
    case figureSource = "figure-source"

    // Markdown
    case rawHTML = "raw-html"
    case nesting
    case linkScheme = "link-scheme"
    case linkIncomplete = "link-incomplete"
    case fragmentDead = "fragment-dead"
}
