/// Writes text of others into an issue file so that it reads as it was meant.
enum MarkdownProse {
    /// The text with all that Markdown would take for its own escaped; `<tags>` become code.
    ///
    /// An underscore between letters, as in `max_items`, means nothing and stays as it is.
    static func escaped(_ text: String) -> String {
        let characters = Array(text)
        var result = ""
        var index = 0
        while index < characters.count {
            let character = characters[index]
            switch character {
            case "<":
                if let tag = tag(in: characters, at: index) {
                    result += "`\(tag)`"
                    index += tag.count
                    continue
                }
                result += "\\<"
            case "_":
                let isWithin =
                    index > 0 && index + 1 < characters.count
                    && isWordCharacter(characters[index - 1])
                    && isWordCharacter(characters[index + 1])
                result += isWithin ? "_" : "\\_"
            case "\\", "*", "[", "]", "`", "~", "|":
                result += "\\\(character)"
            case "&" where index + 1 < characters.count && isEntityStart(characters[index + 1]):
                result += "\\&"
            case "{" where index + 1 < characters.count && characters[index + 1] == "{":
                // Hugo would look for a shortcode, whatever stands before it.
                result += "{ "
            default:
                result.append(character)
            }
            index += 1
        }
        return result
    }

    /// The line, so that it does not begin with what makes a heading, a list or a rule of it.
    static func guardingStart(_ line: String) -> String {
        guard let first = line.first else { return line }
        if "#>+-=".contains(first) { return "\\\(line)" }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        let rest = line.dropFirst(digits.count)
        guard !digits.isEmpty, let mark = rest.first, mark == "." || mark == ")",
            rest.dropFirst().first.map(\.isWhitespace) ?? true
        else { return line }
        return "\(digits)\\\(rest)"
    }

    /// `<tag …>` in one piece, without anything that would end a span of code.
    private static func tag(in characters: [Character], at start: Int) -> String? {
        guard start + 1 < characters.count else { return nil }
        let next = characters[start + 1]
        guard next.isASCII, next.isLetter || next == "/" || next == "!" else { return nil }
        guard let end = characters[start...].firstIndex(of: ">") else { return nil }
        let tag = characters[start...end]
        guard !tag.dropFirst().contains("<"), !tag.contains("`") else { return nil }
        return String(tag)
    }

    private static func isWordCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber
    }

    private static func isEntityStart(_ character: Character) -> Bool {
        character == "#" || character.isASCII && character.isLetter
    }
}
