import COpenSSL
import NIOCore

/// One side of a TLS connection, without a socket: ciphertext in and out, plaintext in and out.
///
/// It is not Sendable: the handler that owns it confines it to one event loop. No other file knows
/// what OpenSSL's functions return.
final class TLSSession {
    enum Phase: Hashable {
        /// Next: `open`, `failed`.
        case handshaking
        /// Next: `ended`, `failed`.
        case open
        /// One side said that it has no more to say, which ends it for both.
        case ended
        /// Nothing more can be read or written.
        case failed(TLSFailure)
    }

    /// What a call of OpenSSL came to.
    private enum Outcome {
        case done
        case needsMore
        /// The peer's `close_notify` came.
        case closed
        case failed(OpenSSLErrors)
    }

    private(set) var phase = Phase.handshaking

    private let ssl: OpaquePointer
    private let fromPeer = MemoryBIO()
    private let toPeer = MemoryBIO()
    private let check: CertificateCheck?
    private var hasHeard = false

    /// Takes over an `SSL` whose role is set; `check` is what its context asks, if anything.
    init(owning ssl: OpaquePointer, check: CertificateCheck? = nil) {
        self.ssl = ssl
        self.check = check
        SSL_set_bio(ssl, fromPeer.pointer, toPeer.pointer)
    }

    deinit {
        SSL_free(ssl)
    }

    /// Says the first word, if that is for this side to do.
    func start() {
        shakeHands()
    }

    /// Takes what the peer sent, and appends to `plaintext` what it says.
    func receive(_ ciphertext: ByteBuffer, into plaintext: inout ByteBuffer) {
        if case .failed = phase { return }
        guard hasHeard || looksLikeTLS(ciphertext) else { return fail(.notTLS) }
        fromPeer.write(ciphertext)
        if phase == .handshaking { shakeHands() }
        if phase == .open { read(into: &plaintext) }
    }

    /// The connection is over; without the peer's goodbye somebody may have cut it off.
    func receivedEnd() {
        switch phase {
        case .handshaking: fail(.closedDuringHandshake)
        case .open: fail(.truncated)
        case .ended, .failed: break
        }
    }

    /// The time for the handshake is over.
    func timedOut() {
        if phase == .handshaking { fail(.timedOut) }
    }

    /// Encrypts what an open session says; on any other it has no effect.
    func send(_ plaintext: ByteBuffer) {
        guard phase == .open, plaintext.readableBytes > 0 else { return }
        let outcome = plaintext.withUnsafeReadableBytes { bytes in
            call {
                var written = 0
                return SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &written)
            }
        }
        switch outcome {
        case .done: break
        case .closed: phase = .ended
        case .failed(let errors): fail(errors.failure)
        // It writes to memory and refuses renegotiation, so that it never waits.
        case .needsMore: fail(.broken("a write had to wait"))
        }
    }

    /// Says goodbye (`close_notify`, RFC 8446 §6.1).
    func close() {
        guard phase == .open else { return }
        phase = .ended
        _ = call { SSL_shutdown(ssl) }
    }

    /// Takes what is to be sent to the peer; nil if that is nothing.
    func takeCiphertext() -> ByteBuffer? {
        toPeer.read()
    }
}

// MARK: - Steps

extension TLSSession {
    private func shakeHands() {
        switch call({ SSL_do_handshake(ssl) }) {
        case .done: phase = .open
        case .needsMore: break
        case .closed: fail(.closedDuringHandshake)
        case .failed(let errors): fail(check?.failure ?? errors.failure)
        }
    }

    private func read(into plaintext: inout ByteBuffer) {
        while phase == .open {
            var outcome = Outcome.done
            plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.recordSize) { bytes in
                var count = 0
                outcome = call { SSL_read_ex(ssl, bytes.baseAddress, bytes.count, &count) }
                return count
            }
            switch outcome {
            case .done: continue
            case .needsMore: return
            case .closed: sayGoodbyeToo()
            case .failed(let errors): fail(errors.failure)
            }
        }
    }

    /// The largest plaintext of one record (RFC 8446 §5.1).
    private static let recordSize = 1 << 14

    private func sayGoodbyeToo() {
        phase = .ended
        _ = call { SSL_shutdown(ssl) }
    }

    private func fail(_ failure: TLSFailure) {
        phase = .failed(failure)
    }

    /// What a record may start with: its type (RFC 8446 §5.1); handshake or alert to begin with.
    private func looksLikeTLS(_ ciphertext: ByteBuffer) -> Bool {
        guard let first = ciphertext.readableBytesView.first else { return true }
        hasHeard = true
        return first == 0x16 || first == 0x15
    }

    private func call(_ function: () -> Int32) -> Outcome {
        ERR_clear_error()
        let status = function()
        guard status != 1 else { return .done }
        switch SSL_get_error(ssl, status) {
        case SSL_ERROR_NONE: return .done
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMore
        case SSL_ERROR_ZERO_RETURN: return .closed
        default: return .failed(.drain())
        }
    }
}
