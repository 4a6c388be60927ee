/// Reads what stands in the parentheses of an inline link (CommonMark §6.3): an address, perhaps
/// a title.
struct Destination {
    enum Outcome: Hashable {
        case valid

        /// A blank in the address, at `index`.
        case blank
        case notClosed
    }

    private let bytes: [UInt8]
    private let end: Int

    /// Behind the closing parenthesis if there is one.
    private(set) var index: Int

    /// No address is longer, and a text of brackets alone would be read again at each of them.
    static let longest = 8_192

    /// `start` is where the opening parenthesis stands.
    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        self.end = min(end, start + Self.longest)
        index = start + 1
    }

    mutating func read() -> Outcome {
        skipBlanks()
        guard address() else { return .notClosed }
        let blank = index
        skipBlanks()
        guard index < end else { return .notClosed }
        if index > blank, "\"'(".utf8.contains(bytes[index]) {
            guard title() else { return .notClosed }
            skipBlanks()
        }
        guard index < end, bytes[index] == UInt8(ascii: ")") else {
            index = blank
            return blank < end && bytes[blank] == UInt8(ascii: " ") ? .blank : .notClosed
        }
        index += 1
        return .valid
    }

    private mutating func skipBlanks() {
        while index < end, " \n\t".utf8.contains(bytes[index]) { index += 1 }
    }

    /// Parentheses within the address come in pairs.
    private mutating func address() -> Bool {
        guard index < end, bytes[index] != UInt8(ascii: "<") else {
            guard let close = bytes[index..<end].firstIndex(of: UInt8(ascii: ">")) else {
                return false
            }
            index = close + 1
            return true
        }
        var depth = 0
        while index < end, bytes[index] > 0x20 {
            if bytes[index] == UInt8(ascii: "(") { depth += 1 }
            if bytes[index] == UInt8(ascii: ")") {
                guard depth > 0 else { return true }
                depth -= 1
            }
            index += 1
        }
        return depth == 0
    }

    private mutating func title() -> Bool {
        let closing = bytes[index] == UInt8(ascii: "(") ? UInt8(ascii: ")") : bytes[index]
        guard let close = bytes[(index + 1)..<end].firstIndex(of: closing) else { return false }
        index = close + 1
        return true
    }
}
