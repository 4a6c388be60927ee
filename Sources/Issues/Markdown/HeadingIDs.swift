/// Gives headings the ids that Hugo gives them, so that links to them work on the site and here.
struct HeadingIDs {
    private(set) var all: Set<String> = []

    /// How often each name was given already.
    private var repetitions: [String: Int] = [:]

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
        while !all.insert(id).inserted {
            let number = repetitions[name, default: 0] + 1
            repetitions[name] = number
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
    func trimmingBlanks(atStart: Bool = true, atEnd: Bool = true) -> String {
        var scalars = unicodeScalars[...]
        while atStart, let first = scalars.first, " \t\n".unicodeScalars.contains(first) {
            scalars.removeFirst()
        }
        while atEnd, let last = scalars.last, " \t\n".unicodeScalars.contains(last) {
            scalars.removeLast()
        }
        return String(scalars)
    }
}
