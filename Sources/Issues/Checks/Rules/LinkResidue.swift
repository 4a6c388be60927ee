/// Finds what was meant to be a link and is none, so that readers see its signs.
struct LinkResidue {
    /// What is wrong, and from where to where.
    struct Flaw: Hashable {
        enum Kind: Hashable {
            /// `[text] (address)`
            case blankBetween

            /// `(text) (address)`
            case roundBrackets

            /// `[text] more text (address)`
            case apart

            /// `[text(address)`
            case bracketNotClosed

            /// `text](address)`
            case bracketNotOpened

            /// `[text]](address)`
            case bracketDoubled

            /// `[text]((address)`
            case parenthesisDoubled

            /// `[text](address`
            case parenthesisNotClosed

            /// `[text](addr ess)`
            case blankInAddress
        }

        var kind: Kind
        var range: Range<Int>

        /// What should stand there, if it can be told.
        var suggestion: String?
    }

    private let bytes: [UInt8]
    private let original: [UInt8]
    private let end: Int
    private var index: Int
    private var flaws: [Flaw] = []

    /// Where brackets were opened that no other one has closed.
    private var open: [Int] = []

    /// Where the last link ended.
    private var linkEnd: Int?

    /// The last text in brackets that is no link.
    private var bracketed: Range<Int>?

    static func flaws(in text: MaskedText, of source: BodySource) -> [Flaw] {
        text.paragraphs.flatMap { paragraph in
            var scanner = LinkResidue(text.bytes, source.bytes, paragraph)
            scanner.run()
            return scanner.flaws
        }
    }

    private init(_ bytes: [UInt8], _ original: [UInt8], _ paragraph: Range<Int>) {
        self.bytes = bytes
        self.original = original
        end = paragraph.upperBound
        index = paragraph.lowerBound
    }

    private mutating func run() {
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "["):
                open.append(index)
                index += 1
            case UInt8(ascii: "]"): closeBracket()
            case UInt8(ascii: "("): openParenthesis()
            default: index += 1
            }
        }
    }

    // MARK: - Brackets

    private mutating func closeBracket() {
        let close = index
        index += 1
        guard let start = open.popLast() else {
            bracketNotOpened(close)
            return
        }
        guard index < end else { return }
        if bytes[index] == UInt8(ascii: "(") {
            link(start, close)
            return
        }
        let isTag = isLanguageTag(start..<close) && linkEnd.map { $0 + 1 >= start } ?? false
        bracketed = start..<(close + 1)
        let next = blanksEnd(index)
        guard !isTag, next > index, let address = address(inParenthesis: next) else { return }
        add(.blankBetween, start..<address.upperBound + 1, text(start...close), address)
        index = address.upperBound + 1
    }

    private mutating func bracketNotOpened(_ close: Int) {
        let next = blanksEnd(index)
        guard let address = address(inParenthesis: next) else { return }
        let isDoubled = close > 0 && bytes[close - 1] == UInt8(ascii: "]")
        if isDoubled, let bracketed, bracketed.upperBound == close {
            let range = bracketed.lowerBound..<(address.upperBound + 1)
            add(.bracketDoubled, range, text(bracketed), address)
        } else {
            flaws.append(Flaw(kind: .bracketNotOpened, range: close..<(address.upperBound + 1)))
        }
        index = address.upperBound + 1
    }

    /// `[…](`: a link if what follows is an address as CommonMark §6.3 has it.
    private mutating func link(_ start: Int, _ close: Int) {
        var destination = Destination(bytes, from: index, to: end)
        let outcome = destination.read()
        let from = blanksEnd(index + 1)
        if from < end, bytes[from] == UInt8(ascii: "("), isAddress(from + 1) {
            let address = (from + 1)..<addressEnd(from + 1)
            let signs = bytes[address.upperBound..<end].prefix(2).prefix { $0 == UInt8(ascii: ")") }
            let range = start..<(address.upperBound + signs.count)
            add(.parenthesisDoubled, range, text(start...close), address)
            index = range.upperBound
            return
        }
        if outcome == .valid {
            index = destination.index
            linkEnd = index
            return
        }
        guard isAddress(from) else { return }
        if outcome == .blank, let closing = closing(after: destination.index) {
            let address = from..<closing
            add(.blankInAddress, start..<(closing + 1), text(start...close), address)
            index = closing + 1
            return
        }
        let range = start..<addressEnd(from)
        flaws.append(Flaw(kind: .parenthesisNotClosed, range: range))
        index = range.upperBound
    }

    /// The parenthesis that ends an address with a blank in it, if it is near enough to be its own.
    private func closing(after blank: Int) -> Int? {
        let rest = bytes[blank..<end].prefix(Self.nearby)
        guard let closing = rest.firstIndex(of: UInt8(ascii: ")")) else { return nil }
        return rest[..<closing].contains(UInt8(ascii: "[")) ? nil : closing
    }

    // MARK: - Parentheses

    /// An address in parentheses without a bracket before it.
    private mutating func openParenthesis() {
        let start = index
        index += 1
        guard let address = address(inParenthesis: start) else { return }
        let range = address.upperBound + 1
        if let from = open.last, !bytes[from..<start].contains(UInt8(ascii: "\n")) {
            add(.bracketNotClosed, from..<range, closed(text(from..<start)), address)
            open = []
        } else if let remark = remark(before: start) {
            let words = "[" + text(remark).dropFirst().dropLast() + "]"
            add(.roundBrackets, remark.lowerBound..<range, words, address)
        } else if let bracketed, isSentence(from: bracketed, to: start) {
            flaws.append(Flaw(kind: .apart, range: bracketed.lowerBound..<range))
        } else {
            return
        }
        index = range
    }

    /// The text with its bracket behind it, out of the code it may have slipped into.
    private func closed(_ text: String) -> String {
        text.hasSuffix("]`") ? text.dropLast(2) + "`]" : text + "]"
    }

    /// `(text) ` right before a position, unless a link ends there.
    private func remark(before position: Int) -> Range<Int>? {
        var close = position - 1
        while close >= 0, bytes[close] == UInt8(ascii: " ") { close -= 1 }
        guard close >= 0, close + 1 < position, bytes[close] == UInt8(ascii: ")"),
            linkEnd != close + 1,
            let start = bytes[..<close].lastIndex(of: UInt8(ascii: "(")),
            start >= (linkEnd ?? 0), start == 0 || bytes[start - 1] != UInt8(ascii: "]"),
            bytes[start..<close].count(where: { $0 == UInt8(ascii: " ") }) >= Self.fewestBlanks,
            !bytes[start..<close].contains(UInt8(ascii: "\n"))
        else { return nil }
        return start..<(close + 1)
    }

    /// Whether the address behind a text in brackets is probably that text's: it is near, in the
    /// same line, no link stands between, and the text is more than the tag of a language.
    private func isSentence(from bracketed: Range<Int>, to position: Int) -> Bool {
        let between = bracketed.upperBound..<position
        guard between.count <= Self.nearby, (linkEnd ?? 0) <= bracketed.lowerBound else {
            return false
        }
        return !isLanguageTag(bracketed) && !bytes[between].contains { "\n.!?[".utf8.contains($0) }
    }

    /// `[EN]`, `[DE / EN]`: what language a link's page is in.
    private func isLanguageTag(_ range: Range<Int>) -> Bool {
        !bytes[range].contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    // MARK: - Addresses

    /// How far apart the parts of a broken link may be, in bytes.
    private static let nearby = 60

    /// `(iOS) (https://…)` is a remark and an address; three words in brackets were to be a link.
    private static let fewestBlanks = 2

    private static let beginnings = ["http:", "https:", "xmpp:", "mailto:", "www.", "/", "#"]
        .map { Array($0.utf8) }

    private func isAddress(_ position: Int) -> Bool {
        let start = bytes[position..<end].prefix(8).map { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
        return Self.beginnings.contains { start.starts(with: $0) }
    }

    /// The address between the parenthesis at a position and the one that closes it.
    private func address(inParenthesis position: Int) -> Range<Int>? {
        guard position < end, bytes[position] == UInt8(ascii: "(") else { return nil }
        let start = blanksEnd(position + 1)
        guard start < end, isAddress(start) else { return nil }
        let stop = addressEnd(start)
        guard stop < end, bytes[stop] == UInt8(ascii: ")") else { return nil }
        return start..<stop
    }

    private func addressEnd(_ start: Int) -> Int {
        let end = min(end, start + Destination.longest)
        return bytes[start..<end].firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: ")") } ?? end
    }

    private func blanksEnd(_ start: Int) -> Int {
        bytes[start..<end].firstIndex { $0 != UInt8(ascii: " ") } ?? end
    }

    private func text(_ range: ClosedRange<Int>) -> String {
        text(Range(range))
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: original[range], as: UTF8.self)
    }

    private mutating func add(
        _ kind: Flaw.Kind,
        _ range: Range<Int>,
        _ words: String,
        _ address: Range<Int>
    ) {
        let address = text(address).split { $0 == " " || $0 == "\n" }.joined()
        flaws.append(Flaw(kind: kind, range: range, suggestion: "\(words)(\(address))"))
    }
}
