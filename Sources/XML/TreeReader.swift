internal import CExpat

/// What expat's callbacks build: the trees of the root's children, within the limits.
///
/// It is a value at a fixed address, which expat hands to each callback. An object would be
/// retained and checked for exclusive access at each of them, which costs as much as the work.
struct TreeReader {
    /// Between namespace and local name in the names expat gives: a byte XML forbids in both.
    static let separator: CChar = 0x0C

    /// What made us stop expat, in words.
    private(set) var restricted: String?

    private let expat: XML_Parser
    private let limits: ParserLimits
    private var events: [Parser.Event] = []

    /// The elements that are open below the root, outermost first.
    private var open: [Element] = []
    private var text: [UInt8] = []
    private var depth = 0
    private var stanzaStart = 0
    private var isSkipping = false
    private var names = NameReader()

    init(expat: XML_Parser, limits: ParserLimits) {
        self.expat = expat
        self.limits = limits
    }

    /// Moves the events there are to the end of `taken`.
    mutating func takeEvents(into taken: inout [Parser.Event]) {
        taken += events
        events.removeAll(keepingCapacity: true)
    }

    mutating func refuse(_ what: String) {
        restricted = what
        XML_StopParser(expat, XML_Bool(XML_FALSE))
    }

    // MARK: - Callbacks

    mutating func started(
        _ name: UnsafePointer<XML_Char>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        defer { depth += 1 }
        if depth == 1 {
            stanzaStart = XML_GetCurrentByteIndex(expat)
            isSkipping = false
        }
        guard let name, !isSkipping else { return }
        // The start tag of a stanza is kept whatever its size: it says whom to answer.
        guard depth <= 1 || (depth <= limits.maximumDepth && !isOversized) else {
            skip()
            return
        }
        let element = names.element(name, attributes)
        if depth == 0 {
            events.append(.opened(element))
        } else {
            flushText()
            open.append(element)
        }
    }

    mutating func ended() {
        depth -= 1
        if depth == 0 {
            events.append(.closed)
            return
        }
        if isOversized { skip() }
        guard !isSkipping else {
            if depth == 1, let envelope = open.popLast() {
                events.append(.skipped(envelope, size: size))
            }
            return
        }
        flushText()
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            events.append(.element(element))
        } else {
            open[open.count - 1].append(parsed: .element(element))
        }
    }

    mutating func read(text: UnsafePointer<XML_Char>?, count: Int32) {
        // White space between stanzas keeps the connection alive (RFC 6120 §4.6.1); the rest of
        // what stands there has no meaning either.
        guard let text, depth > 1, !isSkipping else { return }
        guard !isOversized else {
            skip()
            return
        }
        text.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { start in
            self.text.append(contentsOf: UnsafeBufferPointer(start: start, count: Int(count)))
        }
    }

    // MARK: -

    /// The bytes of the current child of the root, up to the end of the current token.
    private var size: Int {
        XML_GetCurrentByteIndex(expat) + Int(XML_GetCurrentByteCount(expat)) - stanzaStart
    }

    private var isOversized: Bool {
        depth > 0 && size > limits.maximumStanzaSize
    }

    /// Forgets all of the current child but its start tag.
    private mutating func skip() {
        guard !isSkipping else { return }
        isSkipping = true
        text.removeAll()
        guard let envelope = open.first else { return }
        var bare = envelope
        bare.removeChildren { _ in true }
        open = [bare]
    }

    private mutating func flushText() {
        guard !text.isEmpty, !open.isEmpty else { return }
        let string = String(decoding: text, as: UTF8.self)
        open[open.count - 1].append(parsed: .text(string))
        text.removeAll(keepingCapacity: true)
    }
}
