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
    case headingGlued = "heading-glued"
    case headingIndented = "heading-indented"
    case headingBlank = "heading-blank"
    case bulletGlued = "bullet-glued"
    case letterLookAlike = "letter-lookalike"

    // Links
    case linkBroken = "link-broken"
    case linkBlank = "link-blank"
    case linkScheme = "link-scheme"
    case linkIncomplete = "link-incomplete"
    case schemeMissing = "scheme-missing"
    case fragmentDead = "fragment-dead"
    case linkDead = "link-dead"
    case specificationMismatch = "specification-mismatch"
    case specificationUnknown = "specification-unknown"
    case specificationTitle = "specification-title"

    // Figures
    case figureText = "figure-text"
    case figureGlued = "figure-glued"
    case imageMissing = "image-missing"

    // Sections
    case sectionDuplicate = "section-duplicate"
    case sectionUnknown = "section-unknown"
    case sectionMissing = "section-missing"
    case entryRepeated = "entry-repeated"
    case eventOver = "event-over"

    // Translations
    case titleUntranslated = "title-untranslated"
    case driftSpecifications = "drift-specifications"
    case driftFigures = "drift-figures"
    case driftLinks = "drift-links"
    case driftSections = "drift-sections"

    // Renderings
    case sizeLimit = "size-limit"
    case messageSize = "message-size"
}

extension IssueRule {
    /// What a rule's findings count as.
    public enum Level: String, CaseIterable, Hashable, Sendable {
        case off, warning, error
    }

    /// The level where nobody has chosen one: an error is what readers would see as broken.
    public var defaultLevel: Level {
        switch self {
        case .encoding, .frontMatterMissing, .frontMatterUnclosed, .yaml, .titleMissing,
            .dateMissing, .dateInvalid, .shortcodeUnclosed, .shortcodeUnknown, .figureSource,
            .nesting, .linkBroken, .linkBlank, .schemeMissing:
            .error
        case .controlCharacter, .keyUnknown, .valueType, .dateMismatch, .aliasesText,
            .shortcodeArgument, .rawHTML, .headingGlued, .headingIndented, .headingBlank,
            .bulletGlued, .letterLookAlike, .linkScheme, .linkIncomplete, .fragmentDead,
            .linkDead, .specificationMismatch, .specificationUnknown, .specificationTitle,
            .eventOver, .messageSize, .figureText, .figureGlued, .imageMissing, .sectionDuplicate,
            .sectionUnknown, .sectionMissing, .entryRepeated, .titleUntranslated,
            .driftSpecifications, .driftFigures, .driftLinks, .driftSections, .sizeLimit:
            .warning
        }
    }
}
