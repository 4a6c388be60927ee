/// The bytes of an issue's text, made unreadable where Markdown's signs do not count.
///
/// That is in code, in shortcodes, and behind backslashes. Every byte keeps its place.
struct MaskedText {
    private(set) var bytes: [UInt8]

    /// The bytes of each line.
    let lines: [Range<Int>]

    /// Whether a line belongs to a fenced block of code, its fences included.
    private(set) var isCode: [Bool]

    private static let mask = UInt8(ascii: "x")

    init(_ source: BodySource) {
        bytes = source.bytes
        lines = (0..<source.lineCount).map { source.line($0) }
        isCode = Array(repeating: false, count: lines.count)
        markCode()
        for paragraph in paragraphs { maskInlines(paragraph) }
    }

    /// What begins in one line cannot end beyond these: blank lines, headings, list items.
    var paragraphs: [Range<Int>] {
        var result: [Range<Int>] = []
        var start: Int?
        for (number, line) in lines.enumerated() {
            let begins = isCode[number] || isBlank(number) || isBlockStart(number)
            if begins, let from = start {
                result.append(from..<line.lowerBound)
                start = nil
            }
            if !isCode[number], !isBlank(number), start == nil { start = line.lowerBound }
        }
        if let start { result.append(start..<bytes.count) }
        return result
    }

    func isBlank(_ number: Int) -> Bool {
        guard lines.indices.contains(number) else { return true }
        return bytes[lines[number]].allSatisfy {
            $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
        }
    }

    /// How many bytes the character at an offset has; 0 at the end.
    func width(at offset: Int) -> Int {
        guard offset < bytes.count else { return 0 }
        return 1 + bytes[(offset + 1)...].prefix(3).prefix { $0 & 0xC0 == 0x80 }.count
    }

    /// How many blanks a line begins with.
    func indentation(_ number: Int) -> Int {
        bytes[lines[number]].prefix { $0 == UInt8(ascii: " ") }.count
    }

    /// The line without the blanks before it.
    func content(_ number: Int) -> ArraySlice<UInt8> {
        bytes[lines[number]].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// The number of signs a heading begins with, if the line is one.
    func headingLevel(_ number: Int) -> Int? {
        let line = content(number)
        let level = line.prefix { $0 == UInt8(ascii: "#") }.count
        guard (1...6).contains(level) else { return nil }
        return line.dropFirst(level).first == UInt8(ascii: " ") ? level : nil
    }

    private func isBlockStart(_ number: Int) -> Bool {
        if headingLevel(number) != nil { return true }
        let line = content(number)
        guard let first = line.first, line.dropFirst().first == UInt8(ascii: " ") else {
            return false
        }
        return "-*+".utf8.contains(first)
    }

    private mutating func markCode() {
        var fence: UInt8?
        for number in lines.indices {
            let line = content(number)
            let sign = line.first ?? 0
            let isFence =
                (sign == UInt8(ascii: "`") || sign == UInt8(ascii: "~"))
                && line.prefix { $0 == sign }.count >= 3
            if let open = fence {
                isCode[number] = true
                if isFence, sign == open { fence = nil }
            } else if isFence {
                isCode[number] = true
                fence = sign
            }
        }
    }

    private mutating func maskInlines(_ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index = mask(index, to: min(index + 2, range.upperBound))
            case UInt8(ascii: "`"): index = maskCode(index, range.upperBound)
            case UInt8(ascii: "{") where isShortcode(index):
                let end = bytes[index..<range.upperBound].firstRange(of: Array("}}".utf8))
                index = end.map { mask(index, to: $0.upperBound) } ?? index + 1
            case UInt8(ascii: "<") where bytes[(index + 1)...].starts(with: "http".utf8):
                index =
                    bracketedAddressEnd(index, range.upperBound).map { mask(index, to: $0) }
                    ?? index + 1
            default: index += 1
            }
        }
    }

    /// Whether a shortcode begins there; all of them end, or the issue could not be read.
    private func isShortcode(_ index: Int) -> Bool {
        let rest = bytes[index...]
        return rest.starts(with: "{{<".utf8) || rest.starts(with: "{{%".utf8)
    }

    /// Behind the `>` of `<https://…>`.
    private func bracketedAddressEnd(_ start: Int, _ limit: Int) -> Int? {
        let rest = bytes[(start + 1)..<limit]
        guard let end = rest.firstIndex(where: { $0 <= 0x20 || "<>".utf8.contains($0) }),
            bytes[end] == UInt8(ascii: ">")
        else { return nil }
        return end + 1
    }

    private mutating func maskCode(_ start: Int, _ limit: Int) -> Int {
        let length = bytes[start..<limit].prefix { $0 == UInt8(ascii: "`") }.count
        var position = start + length
        while position < limit {
            guard bytes[position] == UInt8(ascii: "`") else {
                position += 1
                continue
            }
            let run = bytes[position..<limit].prefix { $0 == UInt8(ascii: "`") }.count
            position += run
            if run == length { return mask(start, to: position) }
        }
        return start + length
    }

    private mutating func mask(_ start: Int, to end: Int) -> Int {
        for index in start..<end where bytes[index] != UInt8(ascii: "\n") {
            bytes[index] = Self.mask
        }
        return end
    }
}
