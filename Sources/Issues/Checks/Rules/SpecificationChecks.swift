import Spelling

extension IssueCheck {
    /// Specifications that do not exist, or are called by another's title or a misspelt one.
    static func specifications(_ list: SpecificationList) -> IssueCheck {
        let numbers = Dictionary(
            list.titles.map { (SpecificationMention.folded($0.value), $0.key) },
            uniquingKeysWith: { first, _ in first }
        )
        return IssueCheck { subject, log in
            var unknown: Set<String> = []
            for mention in SpecificationMention.all(in: subject.source.bytes) {
                let place = subject.source.place(ofByte: mention.start)
                guard let title = list.titles[mention.number] else {
                    guard unknown.insert(mention.number).inserted else { continue }
                    log.warning(
                        .specificationUnknown,
                        at: place,
                        "There is no XEP-\(mention.number) in the list. Correct the number, or get "
                            + "a newer list."
                    )
                    continue
                }
                guard let name = mention.title else { continue }
                let said = SpecificationMention.folded(name)
                let right = SpecificationMention.folded(title)
                // "Trust Messages (TM)" may be told without its abbreviation.
                let short = SpecificationMention.folded(String(title.prefix { $0 != "(" }))
                guard said != right, said != short else { continue }
                if let other = numbers[said] {
                    log.warning(
                        .specificationTitle,
                        at: place,
                        "'\(name)' is XEP-\(other); XEP-\(mention.number) is '\(title)'. Correct "
                            + "the number or the title."
                    )
                } else if EditDistance.between(said, right) * 3 <= right.count {
                    log.warning(
                        .specificationTitle,
                        at: place,
                        "XEP-\(mention.number) is called '\(title)', not '\(name)'.",
                        suggestion: title
                    )
                }
            }
        }
    }
}

/// `XEP-0384` in a text, with the title that stands behind it.
struct SpecificationMention: Hashable {
    /// Where it begins, in bytes.
    var start: Int
    var number: String

    /// What stands in parentheses behind it, or behind a colon in the same brackets.
    var title: String?

    /// Longer ones are remarks.
    private static let longestTitle = 120

    static func all(in bytes: [UInt8]) -> [SpecificationMention] {
        var mentions: [SpecificationMention] = []
        var index = 0
        while index + 8 <= bytes.count {
            let digits = bytes[(index + 4)..<(index + 8)]
            let isWord = index > 0 && isWordByte(bytes[index - 1])
            let goesOn = index + 8 < bytes.count && isWordByte(bytes[index + 8])
            guard bytes[index] == UInt8(ascii: "X"), !isWord, !goesOn,
                bytes[index...].starts(with: "XEP-".utf8), digits.allSatisfy(isDigit)
            else {
                index += 1
                continue
            }
            mentions.append(
                SpecificationMention(
                    start: index,
                    number: String(decoding: digits, as: UTF8.self),
                    title: title(in: bytes, from: index + 8)
                )
            )
            index += 8
        }
        return mentions
    }

    /// Letters and digits alone, in lower case.
    static func folded(_ title: String) -> String {
        title.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    /// The text in parentheses at a position, behind the address of a link if there is one; or
    /// what stands behind a colon up to the bracket.
    private static func title(in bytes: [UInt8], from position: Int) -> String? {
        var rest = bytes[position...].prefix { $0 != UInt8(ascii: "\n") }
        if rest.first == UInt8(ascii: ":") {
            let words = rest.dropFirst()
            guard let end = words.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            return text(words[..<end])
        }
        if rest.starts(with: "](".utf8) {
            guard let end = rest.firstIndex(of: UInt8(ascii: ")")) else { return nil }
            rest = rest[(end + 1)...]
        }
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "]") }
        guard rest.first == UInt8(ascii: "(") else { return nil }
        var depth = 0
        for (index, byte) in zip(rest.indices, rest) {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return text(rest[(rest.startIndex + 1)..<index]) }
        }
        return nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes, as: UTF8.self).trimmingBlanks()
        return text.isEmpty || text.count > longestTitle ? nil : text
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte >= 0x80
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
