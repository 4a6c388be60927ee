internal import CExpat

/// What expat's callbacks build: the trees of the root's children, within the limits.
///
/// It is a value at a fixed address, which expat hands to each callback. An object would be
/// retained and checked for exclusive access at each of them, which costs as much as the work.
struct TreeReader {
    /// Between namespace and local name in the names expat gives: a byte XML forbids in both.
    static let separator: CChar = 0x0C

    /// How much is read before expat has to forget the names it has met, in bytes.
    ///
    /// It keeps each of them, and strangers can make up as many as they like.
    static let renewalInterval = 1 << 20

    /// Why expat was stopped, and at which byte: behind the token it had just read.
    struct Stop {
        enum Reason {
            case refused(Refusal)
            /// The current stanza is over a limit.
            case skipped
            /// So is its start tag, which is here.
            case startTagSkipped([UInt8])
            /// A stanza has ended and it is time to renew expat.
            case renewalDue
            /// The root has ended.
            case closed
        }

        let reason: Reason
        let position: Int
    }

    /// How many elements are open, the root among them.
    private(set) var depth = 0
    /// Where the current child of the root starts.
    private(set) var stanzaStart = 0
    /// Where the header starts: behind the white space before it.
    var headerStart = 0
    /// Where the header ends, once it has.
    private(set) var headerEnd: Int?
    var isInCDATA = false

    private let expat: XML_Parser
    private let configuredLimits: ParserLimits
    private var limits: ParserLimits
    private var stop: Stop?
    private var isReplaying = false
    private var events: [Parser.Event] = []

    /// The elements that are open below the root, outermost first.
    private var open: [Element] = []
    private var text: [UInt8] = []
    private var isSkipping = false
    private var names = NameReader()

    init(expat: XML_Parser, limits: ParserLimits) {
        self.expat = expat
        self.limits = limits
        configuredLimits = limits
    }

    // MARK: - Callbacks

    mutating func started(
        _ name: UnsafePointer<XML_Char>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        defer { depth += 1 }
        guard let name else { return }
        switch depth {
        case 0: openRoot(name, attributes)
        case 1: openStanza(name, attributes)
        default: openChild(name, attributes)
        }
    }

    mutating func ended() {
        depth -= 1
        switch depth {
        case 0: closeRoot()
        case 1: closeStanza()
        default: closeChild()
        }
    }

    mutating func read(text: UnsafePointer<XML_Char>?, count: Int32) {
        // White space between stanzas keeps the connection alive (RFC 6120 §4.6.1); the rest of
        // what stands there has no meaning either.
        guard let text, depth > 1 else {
            refuseLongReference(to: count)
            return
        }
        guard !isSkipping else { return }
        guard !isOversized else {
            skip()
            return
        }
        text.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { start in
            self.text.append(contentsOf: UnsafeBufferPointer(start: start, count: Int(count)))
        }
    }

    mutating func declared(encoding: UnsafePointer<XML_Char>?) {
        guard let encoding else { return }
        let name = String(cString: encoding)
        guard name.lowercased() != "utf-8" else { return }
        refuse(.encoding(name))
    }

    mutating func refuse(_ refusal: Refusal) {
        halt(.refused(refusal))
    }

    // MARK: - Tags

    private mutating func openRoot(
        _ name: UnsafePointer<XML_Char>,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        guard position - headerStart <= limits.maximumHeaderSize else {
            refuse(.oversized("a stream header"))
            return
        }
        headerEnd = position
        guard !isReplaying else { return }
        events.append(.opened(names.element(name, attributes)))
    }

    private mutating func openStanza(
        _ name: UnsafePointer<XML_Char>,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        stanzaStart = XML_GetCurrentByteIndex(expat)
        isSkipping = false
        guard !isOversized else {
            isSkipping = true
            halt(.startTagSkipped(currentToken))
            return
        }
        let element = names.element(name, attributes)
        open.append(element)
        if limits.maximumDepth < 1 || !limits.allow(element) { skip() }
    }

    private mutating func openChild(
        _ name: UnsafePointer<XML_Char>,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        guard !isSkipping else { return }
        guard depth <= limits.maximumDepth, !isOversized else {
            skip()
            return
        }
        let element = names.element(name, attributes)
        guard limits.allow(element) else {
            skip()
            return
        }
        flushText()
        open.append(element)
    }

    private mutating func closeRoot() {
        guard Int(XML_GetCurrentByteCount(expat)) <= limits.maximumStanzaSize else {
            refuse(.oversized("the stream's end tag"))
            return
        }
        events.append(.closed)
        halt(.closed)
    }

    private mutating func closeStanza() {
        if isOversized { skip() }
        flushText()
        guard let element = open.popLast() else { return }
        events.append(isSkipping ? .skipped(element, size: size) : .element(element))
        if position - (headerEnd ?? 0) > Self.renewalInterval { halt(.renewalDue) }
    }

    private mutating func closeChild() {
        if isOversized { skip() }
        guard !isSkipping else { return }
        flushText()
        guard let element = open.popLast(), !open.isEmpty else { return }
        open[open.count - 1].append(parsed: .element(element))
    }

    private mutating func flushText() {
        guard !text.isEmpty, !open.isEmpty else { return }
        let string = String(decoding: text, as: UTF8.self)
        open[open.count - 1].append(parsed: .text(string))
        text.removeAll(keepingCapacity: true)
    }

    // MARK: - Limits

    /// Behind the current token.
    private var position: Int {
        XML_GetCurrentByteIndex(expat) + Int(XML_GetCurrentByteCount(expat))
    }

    /// The bytes of the current child of the root, up to the end of the current token.
    private var size: Int { position - stanzaStart }

    private var isOversized: Bool { size > limits.maximumStanzaSize }

    private var currentToken: [UInt8] {
        var offset: Int32 = 0
        var size: Int32 = 0
        guard let start = XML_GetInputContext(expat, &offset, &size) else { return [] }
        let count = Int(XML_GetCurrentByteCount(expat))
        return Array(UnsafeRawBufferPointer(start: start + Int(offset), count: count))
    }

    /// Forgets all of the current child but its start tag, and leaves the rest to a scanner.
    private mutating func skip() {
        guard !isSkipping else { return }
        isSkipping = true
        text.removeAll()
        if let envelope = takeEnvelope() { open = [envelope] }
        halt(.skipped)
    }

    /// A reference between stanzas that comes in pieces can't be gathered for ever; one that comes
    /// at once is treated the same.
    private mutating func refuseLongReference(to count: Int32) {
        let written = XML_GetCurrentByteCount(expat)
        guard written > count, Int(written) > limits.maximumStanzaSize else { return }
        refuse(.oversized("a reference"))
    }

    private mutating func halt(_ reason: Stop.Reason) {
        guard stop == nil else { return }
        stop = Stop(reason: reason, position: position)
        XML_StopParser(expat, XML_Bool(XML_FALSE))
    }
}

// MARK: - For the parser

extension TreeReader {
    mutating func append(_ event: Parser.Event) {
        events.append(event)
    }

    /// Moves the events there are to the end of `taken`.
    mutating func takeEvents(into taken: inout [Parser.Event]) {
        taken += events
        events.removeAll(keepingCapacity: true)
    }

    mutating func takeStop() -> Stop? {
        defer { stop = nil }
        return stop
    }

    /// Removes what is open; returns the start tag of the stanza.
    mutating func takeEnvelope() -> Element? {
        guard var envelope = open.first else { return nil }
        envelope.removeChildren { _ in true }
        open.removeAll()
        return envelope
    }

    /// Expat knows nothing any more; what it reads next, it has read before.
    mutating func beginReplay() {
        depth = 0
        headerStart = 0
        headerEnd = nil
        isInCDATA = false
        stop = nil
        open.removeAll()
        text.removeAll(keepingCapacity: true)
        isSkipping = false
        isReplaying = true
        limits = .none
    }

    /// What expat reads next is made from what it has read before.
    mutating func beginStanzaReplay() {
        isReplaying = true
        limits = .none
    }

    mutating func takeReplayed() -> Element? {
        guard case .element(let element) = events.popLast() else { return nil }
        return element
    }

    mutating func endReplay() {
        isReplaying = false
        limits = configuredLimits
    }
}
