internal import NIOCore

/// Whole stanzas that were serialised before and are written at once.
///
/// It is filled, written, emptied and filled anew: as long as the socket has taken what was written
/// before, its memory is used again. What all stanzas have in common is copied into each, since a list
/// of pieces takes the kernel longer as long as all of it fits a processor's cache.
public struct StanzaBatch: Sendable {
    /// What is to be written.
    private(set) var buffer = ByteBuffer()

    public init() {}

    /// All bytes so far.
    public var count: Int { buffer.readableBytes }

    public var isEmpty: Bool { count == 0 }

    /// Lets `write` fill fresh memory of `most` bytes from its beginning, and takes as many as it
    /// returns.
    public mutating func append(
        atMost most: Int,
        _ write: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: most, write)
    }

    public mutating func removeAll() {
        buffer.clear()
    }

    /// All of it, for those who have no channel.
    public var bytes: [UInt8] {
        Array(buffer.readableBytesView)
    }
}
