/// A push parser for XML streams, on expat.
///
/// It takes bytes in chunks of any size and hands out the start of the document, each child of its
/// root as soon as the last byte of it is there, and the end. It is not Sendable: whoever makes it
/// keeps it.
///
/// What it holds is bounded by the limits. Expat alone would keep an unfinished tag however long,
/// a record for each open element and every name it has ever met; so long tags are gathered here,
/// stanzas over a limit are passed over without expat, and expat is renewed between stanzas.
public final class Parser {
    public enum Event: Hashable, Sendable {
        /// The start tag of the root: an XMPP stream's header (RFC 6120 §4.7).
        case opened(Element)

        /// A child of the root, complete.
        case element(Element)

        /// A child of the root that was over a limit: its start tag alone, and its size in bytes.
        ///
        /// Of a start tag that was over the limit itself, attributes too long for an address are
        /// missing, and those with a prefix. What was skipped may not have been well-formed.
        case skipped(Element, size: Int)

        /// The end tag of the root.
        case closed
    }

    private enum Mode {
        case reading
        case gathering(UnfinishedToken)
        case skipping(SkippedStanza)
        /// Nothing more can come but white space.
        case closed
        case failed
    }

    /// How much expat gets at once: what it holds beyond the limits is at most this.
    private static let chunkSize = 1 << 16

    private let limits: ParserLimits
    private let expat: ExpatSession
    private var mode = Mode.reading
    private var header: HeaderRecord
    /// How long an unfinished token has to be to be gathered.
    private let gatheringSize: Int

    public convenience init(limits: ParserLimits = ParserLimits()) {
        self.init(limits: limits, gatheringFrom: UnfinishedToken.leastSize)
    }

    /// With another size than the usual, tests reach with few bytes what takes many.
    package init(limits: ParserLimits, gatheringFrom gatheringSize: Int) {
        self.limits = limits
        self.gatheringSize = gatheringSize
        expat = ExpatSession(limits: limits)
        header = HeaderRecord(maximumSize: limits.maximumHeaderSize)
    }

    /// Parses the next bytes of the document and appends what they complete to `events`.
    ///
    /// What was complete before the place of an error is in `events` when it is thrown.
    public func parse(
        _ bytes: UnsafeRawBufferPointer,
        into events: inout [Event]
    ) throws(ParserError) {
        defer { expat.reader.takeEvents(into: &events) }
        var rest = bytes[...]
        do {
            while !rest.isEmpty {
                try advance(&rest)
            }
        } catch {
            mode = .failed
            throw error
        }
    }

    /// Parses the next bytes of the document and returns what they complete.
    public func parse(_ bytes: some Sequence<UInt8>) throws(ParserError) -> [Event] {
        var events: [Event] = []
        let result = Array(bytes).withUnsafeBytes { buffer in
            Result { () throws(ParserError) in try parse(buffer, into: &events) }
        }
        try result.get()
        return events
    }

    // MARK: - Modes

    /// Takes some bytes in the current mode, which may lead to another.
    private func advance(_ rest: inout StanzaScanner.Bytes) throws(ParserError) {
        switch mode {
        case .reading: try read(&rest)
        case .gathering(let token): try gather(token, &rest)
        case .skipping(let stanza): try skip(stanza, &rest)
        case .closed:
            rest = rest.drop(while: isSpace)
            guard rest.isEmpty else { throw .ended }
        case .failed: throw .ended
        }
    }

    private func read(_ rest: inout StanzaScanner.Bytes) throws(ParserError) {
        let chunk = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.chunkSize))
        try refusing { () throws(Refusal) in try header.append(chunk) }
        expat.reader.headerStart = header.start
        let start = expat.taken
        let stop = try expat.feed(chunk)
        if case .refused(let refusal) = stop?.reason {
            throw ParserError(refusal, line: expat.line)
        }
        try refusing { () throws(Refusal) in try header.update(end: expat.reader.headerEnd) }
        if let stop {
            rest = rest.dropFirst(max(stop.position - start, 0))
            try handle(stop)
            try passOver(expat.heldBack(from: stop.position, to: start))
        } else {
            rest = rest.dropFirst(chunk.count)
            try lookForLongToken()
        }
    }

    /// Sees to what made the reader stop expat; the bytes up to there are read.
    private func handle(_ stop: TreeReader.Stop) throws(ParserError) {
        switch stop.reason {
        case .refused(let refusal): throw ParserError(refusal, line: expat.line)
        case .closed: mode = .closed
        case .renewalDue: try expat.renew(with: header.bytes)
        case .skipped:
            guard let envelope = expat.reader.takeEnvelope() else {
                // The stanza has ended with this token, and the reader has reported it.
                try expat.renew(with: header.bytes)
                return
            }
            try skip(rest: .element(envelope), size: stop.position - expat.reader.stanzaStart)
        case .startTagSkipped(let bytes):
            var tag = EnvelopeTag()
            tag.append(bytes)
            try skip(rest: .tag(tag, isComplete: true), size: bytes.count)
        }
    }

    // MARK: - Long tokens

    /// Takes over what expat holds back of a tag or reference, if it is long.
    private func lookForLongToken() throws(ParserError) {
        let unfinished = expat.unfinished
        guard unfinished.count >= gatheringSize, expat.reader.depth > 0 else { return }
        let token = try refusing { () throws(Refusal) in
            try UnfinishedToken(
                unfinished,
                depth: expat.reader.depth - 1,
                offset: expat.reader.depth == 1
                    ? 0 : expat.taken - unfinished.count - expat.reader.stanzaStart
            )
        }
        guard let token else { return }
        if token.stanzaSize > limits.maximumStanzaSize {
            try abandon(token)
        } else {
            mode = .gathering(token)
        }
    }

    private func gather(
        _ token: UnfinishedToken,
        _ rest: inout StanzaScanner.Bytes
    ) throws(ParserError) {
        var chunk = rest.prefix(Self.chunkSize)
        let size = chunk.count
        let isWhole = try refusing { () throws(Refusal) in try token.take(&chunk) }
        rest = rest.dropFirst(size - chunk.count)
        if isWhole {
            mode = .reading
            if let stop = try expat.feed(token.unread) { try handle(stop) }
        } else if token.stanzaSize > limits.maximumStanzaSize {
            try abandon(token)
        }
    }

    /// Skips the stanza of a token that was over the limit before it was whole.
    private func abandon(_ token: UnfinishedToken) throws(ParserError) {
        if token.opensStanza {
            var tag = EnvelopeTag()
            tag.append(token.bytes)
            mode = .skipping(
                SkippedStanza(
                    .tag(tag, isComplete: false),
                    size: token.stanzaSize,
                    scanner: token.scanner
                )
            )
        } else if let envelope = expat.reader.takeEnvelope() {
            mode = .skipping(
                SkippedStanza(.element(envelope), size: token.stanzaSize, scanner: token.scanner)
            )
        } else {
            throw ParserError(.oversized("a tag or reference between stanzas"), line: expat.line)
        }
    }

    // MARK: - Skipping

    /// Skips what is left of the stanza behind the token expat has just read.
    private func skip(rest envelope: SkippedStanza.Envelope, size: Int) throws(ParserError) {
        let depth = expat.reader.depth - 1
        let scanner = StanzaScanner(depth: depth, in: expat.reader.isInCDATA ? .cdata : .text)
        let stanza = SkippedStanza(envelope, size: size, scanner: scanner)
        guard depth > 0 else {
            try finish(stanza)
            return
        }
        mode = .skipping(stanza)
    }

    private func skip(
        _ stanza: SkippedStanza,
        _ rest: inout StanzaScanner.Bytes
    ) throws(ParserError) {
        if try refusing({ () throws(Refusal) in try stanza.take(&rest) }) {
            try finish(stanza)
        }
    }

    /// Reports the stanza; expat goes on as if it had not been there.
    private func finish(_ stanza: SkippedStanza) throws(ParserError) {
        mode = .reading
        try expat.renew(with: header.bytes)
        let envelope: Element?
        switch stanza.envelope {
        case .element(let element): envelope = element
        case .tag(let tag, _): envelope = try expat.read(stanza: tag.emptyElement ?? [])
        }
        guard let envelope else {
            throw ParserError(.oversized("the name of a stanza"), line: expat.line)
        }
        expat.reader.append(.skipped(envelope, size: stanza.size))
    }

    /// Counts what expat had before the current chunk and did not read: `]]`, which may end a
    /// CDATA section or not.
    private func passOver(_ bytes: [UInt8]) throws(ParserError) {
        guard !bytes.isEmpty, case .skipping(let stanza) = mode else { return }
        try refusing { () throws(Refusal) in try stanza.take(bytes) }
    }

    private func refusing<Result>(
        _ body: () throws(Refusal) -> Result
    ) throws(ParserError) -> Result {
        do {
            return try body()
        } catch {
            throw ParserError(error, line: expat.line)
        }
    }
}

extension Element {
    /// Reads a whole document, such as one that was written to a file or a database.
    public init(xml: String) throws(ParserError) {
        // The document becomes the only child of a root of our own, which the parser hands out.
        let parser = Parser(limits: .none)
        var events = try parser.parse("<root>".utf8)
        events += try parser.parse(xml.utf8)
        events += try parser.parse("</root>".utf8)
        let elements = events.compactMap { event in
            if case .element(let element) = event { element } else { nil }
        }
        guard elements.count == 1, let element = elements.first else {
            throw .notWellFormed(
                reason: "not one element but \(elements.count)",
                line: 1,
                column: 1
            )
        }
        self = element
    }
}
