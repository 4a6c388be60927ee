/// Finds days in running text, in the languages newsletters are written in.
///
/// `2026-02-01`, `1 February 2026`, `1. Februar`, `February 1st, 2026`, `24–26 April`; of a range the
/// last day counts. What has no month's name is not taken for a date.
struct EventDates {
    /// All days in a text; one without a year is the nearest to another day.
    static func all(in text: String, near day: IssueDate) -> [IssueDate] {
        let words = Word.all(in: text)
        return words.indices.compactMap { index in
            switch words[index] {
            case .isoDate(let date): date
            case .month(let month): date(of: month, at: index, in: words, near: day)
            case .number, .dash, .other: nil
            }
        }
    }

    private static func date(
        of month: Int,
        at index: Int,
        in words: [Word],
        near day: IssueDate
    ) -> IssueDate? {
        let year = words.dropFirst(index + 1).prefix(5).lazy.compactMap(\.year).first
        if case .number(let number)? = words[..<index].last, (1...31).contains(number) {
            return date(year, month, number, near: day)
        }
        let behind = words.dropFirst(index + 1)
        guard case .number(var number)? = behind.first, (1...31).contains(number) else {
            return nil
        }
        if behind.count > 2, case .dash = behind[index + 2],
            case .number(let end) = behind[index + 3], (1...31).contains(end)
        {
            number = end
        }
        return date(year, month, number, near: day)
    }

    private static func date(
        _ year: Int?,
        _ month: Int,
        _ number: Int,
        near day: IssueDate
    ) -> IssueDate? {
        if let year { return IssueDate(year: year, month: month, day: number) }
        let candidates = (day.year - 1...day.year + 1).compactMap {
            IssueDate(year: $0, month: month, day: number)
        }
        return candidates.min { distance($0, day) < distance($1, day) }
    }

    /// About how many days lie between; all months count as equally long.
    private static func distance(_ left: IssueDate, _ right: IssueDate) -> Int {
        func number(_ date: IssueDate) -> Int { (date.year * 12 + date.month) * 31 + date.day }
        return abs(number(left) - number(right))
    }
}

/// What counts of a text when dates are looked for.
private enum Word {
    case number(Int)
    case month(Int)
    case isoDate(IssueDate)
    case dash
    case other

    var year: Int? {
        if case .number(let number) = self, (1990...2200).contains(number) { number } else { nil }
    }

    static func all(in text: String) -> [Word] {
        var words: [Word] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isASCII, first.isNumber {
                if let date = IssueDate(rest.prefix(10)),
                    !(rest.dropFirst(10).first?.isNumber ?? false)
                {
                    words.append(.isoDate(date))
                    rest = rest.dropFirst(10)
                } else {
                    let digits = rest.prefix { $0.isASCII && $0.isNumber }
                    words.append(Int(digits).map { .number($0) } ?? .other)
                    rest = rest.dropFirst(digits.count)
                    rest = rest.drop { $0 == "." || $0 == "º" || $0 == "°" }
                    // "1st", but not the hour in "10am".
                    if let ordinal = ["st", "nd", "rd", "th", "er"].first(where: rest.hasPrefix),
                        !(rest.dropFirst(2).first?.isLetter ?? false)
                    {
                        rest = rest.dropFirst(ordinal.count)
                    }
                }
            } else if first.isLetter {
                let letters = rest.prefix(while: \.isLetter)
                rest = rest.dropFirst(letters.count)
                guard !fillers.contains(letters.lowercased()) else { continue }
                words.append(months[letters.lowercased()].map { .month($0) } ?? .other)
            } else {
                if "-–—".contains(first) { words.append(.dash) }
                if ";:!?()[]".contains(first) { words.append(.other) }
                rest = rest.dropFirst()
            }
        }
        return words
    }

    /// What stands between day, month and year.
    private static let fillers: Set<String> = ["of", "the", "de", "del", "di"]

    private static let months: [String: Int] = {
        let names = [
            "january jan januar janvier enero gennaio janeiro",
            "february feb februar février febrero febbraio fevereiro",
            "march mar märz mars marzo março",
            "april apr avril abril aprile",
            "may mai mayo maggio maio",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet julio luglio julho",
            "august aug août agosto",
            "september sept sep septembre septiembre settembre setembro",
            "october oct oktober octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember décembre diciembre dicembre dezembro",
        ]
        var months: [String: Int] = [:]
        for (index, line) in names.enumerated() {
            for name in line.split(separator: " ") { months[String(name)] = index + 1 }
        }
        return months
    }()
}
