/// A call of one of Hugo's shortcodes in the text.
enum Shortcode: Hashable {
    case figure(FigureArguments, at: SourcePlace)
    case subscribeBox(at: SourcePlace)

    /// A call that was written so as to be shown, not carried out.
    case quoted(String)

    /// One that was wrong, and is in the log.
    case invalid
}

/// The name and the arguments between the braces of a shortcode.
struct ShortcodeCall: Hashable {
    struct Argument: Hashable {
        /// Nil for a value without a name.
        var name: String?
        var value: String
        var place: SourcePlace
    }

    var name: String
    var arguments: [Argument]
    var place: SourcePlace
}
