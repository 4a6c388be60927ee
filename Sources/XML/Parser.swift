internal import CExpat

/// A push parser for XML streams, on expat.
///
/// It takes bytes in chunks of any size and hands out the start of the document, each child of its
/// root as soon as the last byte of it is there, and the end. It is not Sendable: whoever makes it
/// keeps it.
public final class Parser {
    public enum Event: Hashable, Sendable {
        /// The start tag of the root: an XMPP stream's header (RFC 6120 §4.7).
        case opened(Element)

        /// A child of the root, complete.
        case element(Element)

        /// A child of the root that was over a limit: its start tag alone, and its size in bytes.
        case skipped(Element, size: Int)

        /// The end tag of the root.
        case closed
    }

    private let expat: XML_Parser
    /// Expat's user data: made by us, freed with the parser.
    private let reader: UnsafeMutablePointer<TreeReader>

    public init(limits: ParserLimits = ParserLimits()) {
        guard let expat = XML_ParserCreateNS("UTF-8", TreeReader.separator) else {
            preconditionFailure("expat could not allocate a parser")
        }
        self.expat = expat
        reader = .allocate(capacity: 1)
        reader.initialize(to: TreeReader(expat: expat, limits: limits))
        ReparseDeferral.disable(for: expat)
        XML_SetUserData(expat, reader)
        installHandlers()
    }

    deinit {
        XML_ParserFree(expat)
        reader.deinitialize(count: 1)
        reader.deallocate()
    }

    /// Parses the next bytes of the document and appends what they complete to `events`.
    ///
    /// What was complete before the place of an error is in `events` when it is thrown.
    public func parse(
        _ bytes: UnsafeRawBufferPointer,
        into events: inout [Event]
    ) throws(ParserError) {
        defer { reader.pointee.takeEvents(into: &events) }
        var rest = bytes[...]
        while !rest.isEmpty {
            // Expat counts a chunk in an Int32.
            let chunk = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
            rest = rest.dropFirst(chunk.count)
            let status = XML_Parse(
                expat,
                chunk.bindMemory(to: CChar.self).baseAddress,
                Int32(chunk.count),
                0
            )
            guard status == XML_STATUS_OK else { throw error() }
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

    private func error() -> ParserError {
        let line = Int(XML_GetCurrentLineNumber(expat))
        if let restricted = reader.pointee.restricted {
            return .restricted(what: restricted, line: line)
        }
        let code = XML_GetErrorCode(expat)
        if code == XML_ERROR_FINISHED { return .ended }
        let reason = XML_ErrorString(code).map { String(cString: $0) } ?? "unknown error"
        return .notWellFormed(
            reason: reason,
            line: line,
            column: Int(XML_GetCurrentColumnNumber(expat)) + 1
        )
    }

    private func installHandlers() {
        XML_SetElementHandler(
            expat,
            { Parser.reader($0).pointee.started($1, $2) },
            { data, _ in Parser.reader(data).pointee.ended() }
        )
        XML_SetCharacterDataHandler(expat) { Parser.reader($0).pointee.read(text: $1, count: $2) }
        XML_SetCommentHandler(expat) { data, _ in
            Parser.reader(data).pointee.refuse("a comment")
        }
        XML_SetProcessingInstructionHandler(expat) { data, _, _ in
            Parser.reader(data).pointee.refuse("a processing instruction")
        }
        XML_SetStartDoctypeDeclHandler(expat) { data, _, _, _, _ in
            Parser.reader(data).pointee.refuse("a document type declaration")
        }
    }

    private static func reader(
        _ userData: UnsafeMutableRawPointer?
    ) -> UnsafeMutablePointer<TreeReader> {
        guard let userData else { preconditionFailure("expat lost its user data") }
        return userData.assumingMemoryBound(to: TreeReader.self)
    }
}

extension Element {
    /// Reads a whole document, such as one that was written to a file or a database.
    public init(xml: String) throws(ParserError) {
        // The document becomes the only child of a root of our own, which the parser hands out.
        let parser = Parser(limits: ParserLimits(maximumStanzaSize: .max, maximumDepth: .max))
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
