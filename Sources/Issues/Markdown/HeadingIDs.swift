/// Gives headings the ids that Hugo gives them, so that links to them work on the site and here.
struct HeadingIDs {
    private(set) var all: Set<String> = []

    /// Letters, digits, `_` and `-` in lower case, a hyphen for each blank; a repeated id gets a
    /// number.
    mutating func id(for text: String) -> String {
        var base = String.UnicodeScalarView()
        for scalar in text.trimmingBlanks().lowercased().unicodeScalars {
            if scalar == " " || scalar == "\n" || scalar == "\t" {
                base.append("-")
            } else if Self.isKept(scalar) {
                base.append(scalar)
            }
        }
        let name = base.isEmpty ? "heading" : String(base)
        var id = name
        var number = 0
        while !all.insert(id).inserted {
            number += 1
            id = "\(name)-\(number)"
        }
        return id
    }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: scalar == "_" || scalar == "-"
        }
    }
}

extension String {
    /// The text without the blanks at its ends; those within stay as they are.
    func trimmingBlanks() -> String {
        let isBlank: (Unicode.Scalar) -> Bool = { " \t\n".unicodeScalars.contains($0) }
        let head = unicodeScalars.drop(while: isBlank)
        let tail = head.reversed().drop { isBlank($0) }
        return String(String.UnicodeScalarView(tail.reversed()))
    }
}
