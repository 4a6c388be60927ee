import COpenSSL
import NIOCore

/// A buffer that OpenSSL reads from or writes to as if it were a socket.
///
/// It is freed by the `SSL` it is given to, or with `free`.
struct MemoryBIO {
    let pointer: OpaquePointer

    init() {
        guard let pointer = BIO_new(BIO_s_mem()) else {
            preconditionFailure("OpenSSL could not allocate a buffer")
        }
        self.pointer = pointer
    }

    /// How many bytes are there to read.
    var count: Int { BIO_ctrl_pending(pointer) }

    func write(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { bytes in
            guard !bytes.isEmpty else { return }
            var written = 0
            let status = BIO_write_ex(pointer, bytes.baseAddress, bytes.count, &written)
            // It grows as needed; OpenSSL can't go on without memory, and neither can we.
            precondition(status == 1 && written == bytes.count, "OpenSSL could not grow a buffer")
        }
    }

    /// Takes all that is there; nil if that is nothing.
    func read(_ allocator: ByteBufferAllocator = ByteBufferAllocator()) -> ByteBuffer? {
        let size = count
        guard size > 0 else { return nil }
        var buffer = allocator.buffer(capacity: size)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { bytes in
            var count = 0
            let status = BIO_read_ex(pointer, bytes.baseAddress, size, &count)
            return status == 1 ? count : 0
        }
        return buffer
    }

    func free() {
        BIO_free(pointer)
    }
}
