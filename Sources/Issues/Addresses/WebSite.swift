/// The web site on which a newsletter's issues stand, and how it gives them their addresses.
public struct WebSite: Hashable, Sendable {
    /// The address everything begins with: `https://xmpp.org/`.
    public let base: String

    /// The path of an issue in the words of Hugo's permalinks: `:year`, `:month`, `:day`, `:title`
    /// and `:filename` stand for the issue's.
    public let permalink: String

    public let defaultLanguage: String

    /// A base without a final slash gets one.
    public init(
        base: String,
        permalink: String = "/:year/:month/:title/",
        defaultLanguage: String
    ) {
        self.base = base.hasSuffix("/") ? base : base + "/"
        self.permalink = permalink
        self.defaultLanguage = defaultLanguage.lowercased()
    }

    /// The address of an issue's page, percent-encoded.
    public func address(of frontMatter: FrontMatter, in file: IssueFileName) -> String {
        let date = frontMatter.date
        let words = [
            "year": IssueDate.padded(date.year, to: 4),
            "month": IssueDate.padded(date.month, to: 2),
            "day": IssueDate.padded(date.day, to: 2),
            "title": Self.slug(frontMatter.title),
            "filename": Self.slug(file.issue.rawValue),
        ]
        let segments = permalink.split(separator: "/").map { segment in
            words.reduce(String(segment)) { path, word in
                path.replacing(":\(word.key)", with: word.value)
            }
        }
        let language = file.language ?? defaultLanguage
        let path = (language == defaultLanguage ? [] : [language]) + segments
        let end = permalink.hasSuffix("/") && !path.isEmpty ? "/" : ""
        return base + PercentEncoding.encode(path.joined(separator: "/")) + end
    }

    /// A title as a part of a path, by Hugo's rule: lower case, letters, digits and a few signs
    /// kept, one hyphen for each run of blanks.
    static func slug(_ title: String) -> String {
        var result = String.UnicodeScalarView()
        var isBlankPending = false
        for scalar in title.lowercased().unicodeScalars {
            if isKept(scalar) {
                if isBlankPending, scalar != "-", result.last != "-" { result.append("-") }
                isBlankPending = false
                result.append(scalar)
            } else if scalar.properties.isWhitespace, !result.isEmpty {
                isBlankPending = true
            }
        }
        return String(result)
    }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .nonspacingMark, .spacingMark, .enclosingMark:
            true
        default:
            "._+~-@".unicodeScalars.contains(scalar)
        }
    }
}
