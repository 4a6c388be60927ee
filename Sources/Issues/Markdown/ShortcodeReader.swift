import Spelling

/// The text with a placeholder for each shortcode, so that a Markdown parser passes them unread.
struct PreparedText {
    /// A character that is nowhere in the text, and stands at both ends of a placeholder.
    let sentinel: Unicode.Scalar
    fileprivate(set) var text: [UInt8] = []
    fileprivate(set) var shortcodes: [Shortcode] = []

    /// The line of the source each line of the text comes from, both counted from 0.
    fileprivate(set) var sourceLines: [Int] = [0]
}

/// Finds the shortcodes in a text, but for those in code.
struct ShortcodeReader {
    private let source: BodySource

    /// The lines, counted from 0, of code blocks.
    private let codeLines: Set<Int>
    private var prepared: PreparedText
    private var index = 0

    static func prepare(
        _ source: BodySource,
        codeLines: Set<Int>,
        log: inout FindingLog
    ) -> PreparedText {
        var reader = ShortcodeReader(source, codeLines)
        reader.run(log: &log)
        return reader.prepared
    }

    private init(_ source: BodySource, _ codeLines: Set<Int>) {
        self.source = source
        self.codeLines = codeLines
        prepared = PreparedText(sentinel: Self.unusedCharacter(in: source))
    }

    /// One of the 6400 characters without a meaning, none of which a text is likely to hold.
    private static func unusedCharacter(in source: BodySource) -> Unicode.Scalar {
        let first: Unicode.Scalar = "\u{E000}"
        // All from U+E000 to U+EFFF begin with this byte, and nearly no text has one of them.
        guard source.bytes.contains(0xEE) else { return first }
        let used = Set(String(decoding: source.bytes, as: UTF8.self).unicodeScalars)
        let candidates = [0xE000...0xF8FF, 0xF0000...0x10FFFD].joined()
        let free = candidates.lazy.compactMap { Unicode.Scalar(UInt32($0)) }
            .first { !used.contains($0) && $0.isAllowedInXML }
        guard let free else {
            preconditionFailure("A file within the size limit holds every private character.")
        }
        return free
    }

    // MARK: - Reading

    private mutating func run(log: inout FindingLog) {
        let bytes = source.bytes
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                copy(1)
                prepared.sourceLines.append(source.line(ofByte: index))
            case _ where isInCodeBlock: copyRestOfLine()
            case UInt8(ascii: "\\"): copy(isLineEnd(index + 1) ? 1 : 2)
            case UInt8(ascii: "`"): copyCodeSpan()
            case UInt8(ascii: "{") where isOpening: readShortcode(log: &log)
            default: copy(1)
            }
        }
    }

    private var isInCodeBlock: Bool {
        !codeLines.isEmpty && codeLines.contains(source.line(ofByte: index))
    }

    private var isOpening: Bool {
        let rest = source.bytes[index...]
        return rest.starts(with: "{{<".utf8) || rest.starts(with: "{{%".utf8)
    }

    private func isLineEnd(_ position: Int) -> Bool {
        position >= source.bytes.count || source.bytes[position] == UInt8(ascii: "\n")
    }

    private mutating func copy(_ count: Int) {
        prepared.text += source.bytes[index..<(index + count)]
        index += count
    }

    private mutating func copyRestOfLine() {
        let end = source.bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? source.bytes.count
        copy(end - index)
    }

    /// Copies a run of back-ticks, and what it encloses if a run of the same length ends it before
    /// the paragraph does (CommonMark §6.1).
    private mutating func copyCodeSpan() {
        let bytes = source.bytes
        let length = bytes[index...].prefix { $0 == UInt8(ascii: "`") }.count
        var position = index + length
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "`") {
                let run = bytes[position...].prefix { $0 == UInt8(ascii: "`") }.count
                position += run
                guard run != length else { break }
            } else if bytes[position] == UInt8(ascii: "\n"), isBlankLine(position + 1) {
                copy(length)
                return
            } else {
                position += 1
                if position == bytes.count {
                    copy(length)
                    return
                }
            }
        }
        copyLines(upTo: position)
    }

    private func isBlankLine(_ start: Int) -> Bool {
        let line = source.bytes[min(start, source.bytes.count)...]
            .prefix { $0 != UInt8(ascii: "\n") }
        return line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private mutating func copyLines(upTo end: Int) {
        while index < end {
            let isLineEnd = source.bytes[index] == UInt8(ascii: "\n")
            copy(1)
            if isLineEnd { prepared.sourceLines.append(source.line(ofByte: index)) }
        }
    }

    private mutating func readShortcode(log: inout FindingLog) {
        let start = index
        if let quoted = readQuoted() {
            replace(start, with: .quoted(quoted))
            return
        }
        var reader = ShortcodeCallReader(source.bytes, at: start)
        do throws(ShortcodeCallReader.Failure) {
            let call = try reader.read { source.place(ofByte: $0) }
            index = reader.index
            replace(start, with: Self.shortcode(call, log: &log))
            return
        } catch {
            report(error, start, log: &log)
        }
        index = source.bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? source.bytes.count
        replace(start, with: .invalid)
    }

    private func report(
        _ failure: ShortcodeCallReader.Failure,
        _ start: Int,
        log: inout FindingLog
    ) {
        switch failure {
        case .unclosed:
            let closing = source.bytes[start + 2] == UInt8(ascii: "%") ? "%}}" : ">}}"
            log.error(
                .shortcodeUnclosed,
                at: source.place(ofByte: start),
                "This shortcode is never closed. End it with '\(closing)'."
            )
        case .malformed(let message, let position):
            log.error(.shortcodeArgument, at: source.place(ofByte: position), message)
        }
    }

    /// `{{</* name */>}}` shows `{{< name >}}`.
    private mutating func readQuoted() -> String? {
        let rest = source.bytes[(index + 3)...]
        guard rest.starts(with: "/*".utf8) else { return nil }
        let isPercent = source.bytes[index + 2] == UInt8(ascii: "%")
        let ending = Array((isPercent ? "*/%}}" : "*/>}}").utf8)
        var position = index + 5
        while !isLineEnd(position), !source.bytes[position...].starts(with: ending) {
            position += 1
        }
        guard !isLineEnd(position) else { return nil }
        let inner = String(decoding: source.bytes[(index + 5)..<position], as: UTF8.self)
        index = position + ending.count
        return isPercent ? "{{%\(inner)%}}" : "{{<\(inner)>}}"
    }

    private static func shortcode(_ call: ShortcodeCall, log: inout FindingLog) -> Shortcode {
        switch call.name {
        case "figure":
            return FigureArguments(call, log: &log).map { .figure($0, at: call.place) } ?? .invalid
        case "newsletter-subscribe":
            return .subscribeBox(at: call.place)
        default:
            let known = ["figure", "newsletter-subscribe"]
            let hint =
                NearestName.to(call.name, among: known, tolerance: .half).map {
                    "Did you mean '\($0)'?"
                }
                ?? "There are 'figure' and 'newsletter-subscribe'."
            log.error(
                .shortcodeUnknown,
                at: call.place,
                "There is no shortcode '\(call.name)'. \(hint)"
            )
            return .invalid
        }
    }

    /// Puts a placeholder where the bytes from `start` to `index` were: as long as they, so that
    /// what follows in the line keeps its column.
    private mutating func replace(_ start: Int, with shortcode: Shortcode) {
        let mark = Array(String(prepared.sentinel).utf8)
        let number = Array(String(prepared.shortcodes.count).utf8)
        let padding = max(0, index - start - 2 * mark.count - number.count)
        prepared.text += mark + repeatElement(UInt8(ascii: "0"), count: padding) + number + mark
        prepared.shortcodes.append(shortcode)
    }
}
