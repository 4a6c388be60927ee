internal import CExpat

/// Expat with a tree reader behind its callbacks: bytes in, a stop or an error out.
///
/// Only this file and the reader know expat's codes and positions.
final class ExpatSession {
    private let expat: XML_Parser
    /// Expat's user data: made by us, freed with the parser.
    private let pointer: UnsafeMutablePointer<TreeReader>
    /// The bytes given since the start, or since `renew`.
    private(set) var taken = 0

    init(limits: ParserLimits) {
        guard let expat = XML_ParserCreateNS("UTF-8", TreeReader.separator) else {
            preconditionFailure("expat could not allocate a parser")
        }
        self.expat = expat
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: TreeReader(expat: expat, limits: limits))
        setUp()
    }

    deinit {
        XML_ParserFree(expat)
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }

    var reader: TreeReader {
        _read { yield pointer.pointee }
        _modify { yield &pointer.pointee }
    }

    var line: Int { Int(XML_GetCurrentLineNumber(expat)) }

    /// What expat holds back since it is no whole token.
    var unfinished: UnsafeRawBufferPointer {
        let count = taken - XML_GetCurrentByteIndex(expat)
        var offset: Int32 = 0
        var size: Int32 = 0
        guard
            count > 0, let start = XML_GetInputContext(expat, &offset, &size),
            Int(size - offset) == count
        else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: start + Int(offset), count: count)
    }

    /// The bytes from one position to another, which is that of the latest chunk; none if it lies
    /// before the first.
    func heldBack(from start: Int, to end: Int) -> [UInt8] {
        var offset: Int32 = 0
        var size: Int32 = 0
        guard start < end, let buffer = XML_GetInputContext(expat, &offset, &size) else {
            return []
        }
        // The buffer ends where the latest chunk does.
        let first = Int(size) - (taken - start)
        guard first >= 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: buffer + first, count: end - start))
    }

    /// Gives expat the next bytes; returns how far it came if the reader stopped it.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(ParserError) -> TreeReader.Stop? {
        let status = XML_Parse(
            expat,
            bytes.bindMemory(to: CChar.self).baseAddress,
            Int32(bytes.count),
            0
        )
        taken += bytes.count
        guard status != XML_STATUS_OK else { return nil }
        guard XML_GetErrorCode(expat) == XML_ERROR_ABORTED, let stop = reader.takeStop() else {
            throw error()
        }
        return stop
    }

    /// Makes expat forget all it has read, which it would keep the names of, but for `header`.
    func renew(with header: [UInt8]) throws(ParserError) {
        _ = XML_ParserReset(expat, "UTF-8")
        setUp()
        taken = 0
        reader.beginReplay()
        _ = try feed(header)
        reader.endReplay()
    }

    /// Reads an element as a child of the root, whatever the limits.
    func read(stanza: [UInt8]) throws(ParserError) -> Element? {
        reader.beginStanzaReplay()
        defer { reader.endReplay() }
        _ = try feed(stanza)
        return reader.takeReplayed()
    }

    func feed(_ bytes: some Collection<UInt8>) throws(ParserError) -> TreeReader.Stop? {
        let result = Array(bytes).withUnsafeBytes { buffer in
            Result { () throws(ParserError) in try feed(buffer) }
        }
        return try result.get()
    }

    private func error() -> ParserError {
        let reason: String
        switch XML_GetErrorCode(expat) {
        case XML_ERROR_FINISHED: return .ended
        case XML_ERROR_UNDEFINED_ENTITY: return ParserError(.entity, line: line)
        case let code: reason = XML_ErrorString(code).map { String(cString: $0) } ?? "unknown error"
        }
        return .notWellFormed(
            reason: reason,
            line: line,
            column: Int(XML_GetCurrentColumnNumber(expat)) + 1
        )
    }
}

// MARK: - Callbacks

extension ExpatSession {
    private func setUp() {
        ReparseDeferral.disable(for: expat)
        XML_SetUserData(expat, pointer)
        XML_SetElementHandler(
            expat,
            { ExpatSession.reader($0).pointee.started($1, $2) },
            { data, _ in ExpatSession.reader(data).pointee.ended() }
        )
        XML_SetCharacterDataHandler(expat) {
            ExpatSession.reader($0).pointee.read(text: $1, count: $2)
        }
        XML_SetCdataSectionHandler(
            expat,
            { ExpatSession.reader($0).pointee.isInCDATA = true },
            { ExpatSession.reader($0).pointee.isInCDATA = false }
        )
        XML_SetXmlDeclHandler(expat) { data, _, encoding, _ in
            ExpatSession.reader(data).pointee.declared(encoding: encoding)
        }
        XML_SetCommentHandler(expat) { data, _ in
            ExpatSession.reader(data).pointee.refuse(.comment)
        }
        XML_SetProcessingInstructionHandler(expat) { data, _, _ in
            ExpatSession.reader(data).pointee.refuse(.processingInstruction)
        }
        XML_SetStartDoctypeDeclHandler(expat) { data, _, _, _, _ in
            ExpatSession.reader(data).pointee.refuse(.documentType)
        }
    }

    private static func reader(
        _ userData: UnsafeMutableRawPointer?
    ) -> UnsafeMutablePointer<TreeReader> {
        guard let userData else { preconditionFailure("expat lost its user data") }
        return userData.assumingMemoryBound(to: TreeReader.self)
    }
}
