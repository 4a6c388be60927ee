/// Reads one shortcode, from its opening braces to its closing ones.
struct ShortcodeCallReader {
    /// Why there is no call to be had.
    enum Failure: Error {
        case unclosed
        case malformed(String, at: Int)
    }

    /// `<` or `%`, the sign within the braces.
    private let closing: [UInt8]
    private let bytes: [UInt8]
    private let start: Int
    private(set) var index: Int

    /// `start` is where `{{<` or `{{%` stands in the bytes.
    init(_ bytes: [UInt8], at start: Int) {
        self.bytes = bytes
        self.start = start
        index = start + 3
        closing = bytes[start + 2] == UInt8(ascii: "%") ? Array("%}}".utf8) : Array(">}}".utf8)
    }

    /// The call, its places not yet known; `index` is then behind it.
    mutating func read(
        place: (Int) -> SourcePlace
    ) throws(Failure) -> ShortcodeCall {
        try skipBlanks()
        let name = try name()
        var call = ShortcodeCall(name: name, arguments: [], place: place(start))
        while true {
            try skipBlanks()
            if isAtEnd() { return call }
            let argumentStart = index
            let (name, value) = try argument()
            call.arguments.append(
                ShortcodeCall.Argument(name: name, value: value, place: place(argumentStart))
            )
        }
    }

    /// Whether the call ends here; a slash before the braces says only that nothing is enclosed.
    private mutating func isAtEnd() -> Bool {
        let slash = bytes[index] == UInt8(ascii: "/") ? 1 : 0
        guard bytes[(index + slash)...].starts(with: closing) else { return false }
        index += slash + closing.count
        return true
    }

    private mutating func name() throws(Failure) -> String {
        let from = index
        while index < bytes.count, isWord(bytes[index]) || bytes[index] == UInt8(ascii: "/") {
            index += 1
        }
        guard index > from else {
            throw .malformed("The shortcode has no name.", at: start)
        }
        return text(from..<index)
    }

    private mutating func argument() throws(Failure) -> (name: String?, value: String) {
        let from = index
        if isQuote(bytes[index]) { return (nil, try quoted()) }
        while index < bytes.count, isWord(bytes[index]) { index += 1 }
        if index > from, index < bytes.count, bytes[index] == UInt8(ascii: "=") {
            let name = text(from..<index)
            index += 1
            return (name, try value(of: name, from))
        }
        return (nil, try bare(from))
    }

    private mutating func value(of name: String, _ from: Int) throws(Failure) -> String {
        guard index < bytes.count else { throw .unclosed }
        if isQuote(bytes[index]) { return try quoted() }
        guard !isBlank(bytes[index]), !bytes[index...].starts(with: closing) else {
            throw .malformed("'\(name)=' has no value. Write \(name)=\"…\".", at: from)
        }
        return try bare(index)
    }

    private mutating func quoted() throws(Failure) -> String {
        let from = index
        let quote = bytes[index]
        let isRaw = quote == UInt8(ascii: "`")
        var value: [UInt8] = []
        index += 1
        while index < bytes.count, bytes[index] != quote {
            guard isRaw || bytes[index] != UInt8(ascii: "\n") else { break }
            if !isRaw, bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count,
                bytes[index + 1] == quote || bytes[index + 1] == UInt8(ascii: "\\")
            {
                index += 1
            }
            value.append(bytes[index])
            index += 1
        }
        guard index < bytes.count, bytes[index] == quote else {
            throw .malformed("The quotation that begins here never ends.", at: from)
        }
        index += 1
        guard index >= bytes.count || isBlank(bytes[index]) || "/>%".utf8.contains(bytes[index])
        else {
            throw .malformed(
                "A blank is missing after this quotation. Is there a quotation mark inside it? "
                    + "Write it as \\\" there.",
                at: from
            )
        }
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func bare(_ from: Int) throws(Failure) -> String {
        while index < bytes.count, !isBlank(bytes[index]), !bytes[index...].starts(with: closing) {
            guard bytes[index] != UInt8(ascii: "{") else { throw .unclosed }
            index += 1
        }
        let value = text(from..<index)
        if value.unicodeScalars.contains(where: { "“”„«»".unicodeScalars.contains($0) }) {
            throw .malformed("Only straight quotation marks work here: \".", at: from)
        }
        guard !"='\"".unicodeScalars.contains(where: { value.unicodeScalars.first == $0 }) else {
            throw .malformed("'\(value)' is no value. Write name=\"value\".", at: from)
        }
        return value
    }

    /// A call does not reach over a blank line, nor to the next call.
    private mutating func skipBlanks() throws(Failure) {
        var lineEnds = 0
        while index < bytes.count, isBlank(bytes[index]) {
            if bytes[index] == UInt8(ascii: "\n") { lineEnds += 1 }
            index += 1
        }
        guard index < bytes.count, lineEnds < 2, bytes[index] != UInt8(ascii: "{") else {
            throw .unclosed
        }
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`")
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n")].contains(byte)
    }

    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
