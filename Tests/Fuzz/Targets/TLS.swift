import COpenSSL
import Foundation
import NIOCore

/// A client's session takes whatever arrives and ends in a defined phase.
///
/// The bytes come in place of the server's first words, mixed into them, or once the session is
/// open. Whatever they are, nothing is heard that was not encrypted for us, and nothing follows a
/// failure. The first byte chooses when they arrive, the second how they are cut.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTLS(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count > 2 else { return 0 }
    let input = UnsafeBufferPointer(start: start, count: count)
    var dialogue = Dialogue(version: input[0] & 4 == 0 ? TLS1_3_VERSION : TLS1_2_VERSION)
    let bytes = Array(input.dropFirst(2))
    switch input[0] & 3 {
    case 0: dialogue.client.start()
    case 1: dialogue.shakeHands()
    case 2: dialogue.shakeHands(changing: bytes)
    default: dialogue.shakeHands(thenChanging: bytes)
    }
    dialogue.hear(bytes, at: Int(input[1]) + 1)
    dialogue.end()
    return 0
}

private struct Dialogue {
    let client: TLSSession
    private let server: TLSSession
    private var heard = ByteBuffer()

    init(version: Int32) {
        do {
            // Trust is not what is tested here, and reading the system's store takes long.
            let trust = TLSConfiguration(trust: .fingerprint(Identity.shared.fingerprint))
            client = try TLSSession.client(trust, host: "chat.verona.lit")
            server = Identity.shared.makeServer(version: version)
        } catch {
            fatalError("no session: \(error)")
        }
    }

    /// Lets both sides talk until neither has anything to say; with changes, they are mixed into
    /// the server's first words.
    mutating func shakeHands(changing changes: [UInt8] = []) {
        var unheard = ByteBuffer()
        client.start()
        var changes = changes
        while let words = client.takeCiphertext() {
            server.receive(words, into: &unheard)
            guard let answer = server.takeCiphertext() else { break }
            hear(mix(answer, with: changes), at: .max)
            changes = []
        }
    }

    /// The server says something once both are open, and that is changed.
    mutating func shakeHands(thenChanging changes: [UInt8]) {
        shakeHands()
        demand(client.phase == .open, "no handshake: \(client.phase)")
        server.send(ByteBuffer(string: "Who's there? Nay, answer me."))
        guard let record = server.takeCiphertext() else { return }
        let before = heard.readableBytes
        let mixed = mix(record, with: changes)
        let isChanged = mixed != Array(record.readableBytesView)
        hear(mixed, at: .max)
        demand(!isChanged || heard.readableBytes == before, "a forged record was read")
    }

    /// Arrives in pieces of that size.
    mutating func hear(_ bytes: [UInt8], at size: Int) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(size)
            rest = rest.dropFirst(size)
            let before = client.phase
            client.receive(ByteBuffer(bytes: piece), into: &heard)
            check(after: before)
        }
    }

    private func check(after before: TLSSession.Phase) {
        guard case .failed(let failure) = client.phase else { return }
        demand(!failure.description.isEmpty, "a failure without words")
        if case .failed = before { demand(before == client.phase, "another failure") }
    }

    mutating func end() {
        client.receivedEnd()
        switch client.phase {
        case .ended, .failed: break
        case .handshaking, .open: demand(false, "no end: \(client.phase)")
        }
        client.send(ByteBuffer(string: "more"))
        client.close()
        client.timedOut()
        _ = client.takeCiphertext()
    }

    private func mix(_ buffer: ByteBuffer, with changes: [UInt8]) -> [UInt8] {
        var bytes = Array(buffer.readableBytesView)
        for (index, change) in changes.enumerated() where index < bytes.count {
            bytes[index] ^= change
        }
        return bytes
    }
}

/// The server's certificate, which Scripts/fuzz.sh has made.
private struct Identity {
    static let shared = Identity()

    /// Pointers as numbers, which may be shared: a context is only read.
    private let contexts: [Int32: UInt]
    let fingerprint: CertificateFingerprint

    private init() {
        guard let file = ProcessInfo.processInfo.environment["BROADSHEET_FUZZ_IDENTITY"],
            let print = ProcessInfo.processInfo.environment["BROADSHEET_FUZZ_FINGERPRINT"],
            let fingerprint = CertificateFingerprint(print)
        else { fatalError("Start it with Scripts/fuzz.sh, which makes a certificate.") }
        self.fingerprint = fingerprint
        contexts = Dictionary(
            uniqueKeysWithValues: [TLS1_2_VERSION, TLS1_3_VERSION].map { version in
                guard let context = SSL_CTX_new(TLS_server_method()),
                    SSL_CTX_use_certificate_file(context, file, SSL_FILETYPE_PEM) == 1,
                    SSL_CTX_use_PrivateKey_file(context, file, SSL_FILETYPE_PEM) == 1
                else { fatalError("no certificate in \(file)") }
                SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
                SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
                return (version, UInt(bitPattern: context))
            }
        )
    }

    func makeServer(version: Int32) -> TLSSession {
        guard let number = contexts[version], let context = OpaquePointer(bitPattern: number),
            let ssl = SSL_new(context)
        else { fatalError("no context") }
        SSL_set_accept_state(ssl)
        return TLSSession(owning: ssl)
    }
}
