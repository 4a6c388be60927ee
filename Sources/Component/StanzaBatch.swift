internal import NIOCore

/// Whole stanzas that were serialised before and are written at once, without being copied again.
///
/// It is filled, written, emptied and filled anew: as long as the socket has taken what was written
/// before, its memory is used again.
public struct StanzaBatch: Sendable {
    /// Bytes that many stanzas have in common, such as the payload of an issue.
    public struct Common: Sendable {
        fileprivate let buffer: ByteBuffer

        public init(_ bytes: [UInt8]) {
            buffer = ByteBuffer(bytes: bytes)
        }

        public var count: Int { buffer.readableBytes }
    }

    private struct Insertion {
        /// How many of the batch's own bytes come before.
        let place: Int
        let common: Common
    }

    private var own: ByteBuffer
    private var insertions: [Insertion] = []
    /// All bytes so far.
    public private(set) var count = 0

    /// Makes an empty batch with room for so many bytes of its own.
    public init(capacity: Int = 0) {
        own = ByteBufferAllocator().buffer(capacity: capacity)
    }

    public var isEmpty: Bool { count == 0 }

    /// Lets `write` fill fresh memory of `most` bytes from its beginning, and takes as many as it
    /// returns.
    public mutating func append(
        atMost most: Int,
        _ write: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        count += own.writeWithUnsafeMutableBytes(minimumWritableBytes: most, write)
    }

    /// Lets the common bytes follow; they are referred to, so that it pays from some thousands on.
    public mutating func append(_ common: Common) {
        insertions.append(Insertion(place: own.readableBytes, common: common))
        count += common.count
    }

    public mutating func removeAll() {
        own.clear()
        insertions.removeAll(keepingCapacity: true)
        count = 0
    }
}

extension StanzaBatch {
    /// What is to be written, in order.
    var buffers: [ByteBuffer] {
        guard !insertions.isEmpty else { return [own] }
        var buffers: [ByteBuffer] = []
        buffers.reserveCapacity(2 * insertions.count + 1)
        var rest = own
        var place = 0
        for insertion in insertions {
            if let slice = rest.readSlice(length: insertion.place - place), slice.readableBytes > 0
            {
                buffers.append(slice)
            }
            buffers.append(insertion.common.buffer)
            place = insertion.place
        }
        if rest.readableBytes > 0 { buffers.append(rest) }
        return buffers
    }

    /// All of it in one piece.
    public var bytes: [UInt8] {
        buffers.flatMap { Array($0.readableBytesView) }
    }
}
