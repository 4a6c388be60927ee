/// The bytes of the stream's header, kept for expat to read again when it is renewed.
struct HeaderRecord {
    private(set) var bytes: [UInt8] = []
    /// The bytes of white space before it, of which there may be any number.
    private(set) var start = 0
    private var isComplete = false
    private let maximumSize: Int

    init(maximumSize: Int) {
        self.maximumSize = maximumSize
    }

    /// Takes a chunk before expat does.
    mutating func append(_ chunk: UnsafeRawBufferPointer) throws(Refusal) {
        guard !isComplete else { return }
        var index = 0
        if bytes.isEmpty {
            while index < chunk.count, isSpace(chunk[index]) {
                index += 1
            }
            start += index
        }
        bytes += chunk[index...]
        try checkEncoding()
    }

    /// Called after expat has read the chunk; `end` says where the header ends if it has.
    mutating func update(end: Int?) throws(Refusal) {
        guard !isComplete else { return }
        if let end {
            bytes.removeSubrange((end - start)...)
            bytes = Array(bytes)
            isComplete = true
        } else if bytes.count > maximumSize {
            throw .oversized("a stream header")
        }
    }

    /// Refuses what expat would accept: a byte order mark, or UTF-16 without one.
    private func checkEncoding() throws(Refusal) {
        switch bytes.first {
        case 0xEF, 0xFE, 0xFF: throw .encoding("a byte order mark")
        case 0x00: throw .encoding("UTF-16")
        default: break
        }
        if bytes.count > 1, bytes[1] == 0 { throw .encoding("UTF-16") }
    }
}
