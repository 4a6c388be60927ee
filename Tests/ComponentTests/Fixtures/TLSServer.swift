import COpenSSL
import NIOCore
import Testing

@testable import Component

/// How a server of the tests speaks TLS.
struct TLSServer: Sendable {
    var identity: TestIdentity
    var versions: ClosedRange<Int32> = TLS1_VERSION...TLS1_3_VERSION
    /// Whether the component has to show a certificate, which it has not.
    var wantsCertificate = false

    /// The server's side of a connection, and its `SSL`, which the session owns.
    func makeSession() throws -> (session: TLSSession, ssl: OpaquePointer) {
        let context = try #require(SSL_CTX_new(TLS_server_method()))
        defer { SSL_CTX_free(context) }
        let x509 = try identity.makeX509()
        let key = try identity.makePrivateKey()
        defer {
            X509_free(x509)
            EVP_PKEY_free(key)
        }
        try #require(SSL_CTX_use_certificate(context, x509) == 1)
        try #require(SSL_CTX_use_PrivateKey(context, key) == 1)
        set(SSL_CTRL_SET_MIN_PROTO_VERSION, versions.lowerBound, context)
        set(SSL_CTRL_SET_MAX_PROTO_VERSION, versions.upperBound, context)
        // Below TLS 1.2 works with the weakest rules alone.
        if versions.upperBound < TLS1_2_VERSION {
            SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0")
        }
        if wantsCertificate {
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        }
        let ssl = try #require(SSL_new(context))
        SSL_set_accept_state(ssl)
        return (TLSSession(owning: ssl), ssl)
    }

    private func set(_ what: Int32, _ version: Int32, _ context: OpaquePointer) {
        SSL_CTX_ctrl(context, what, Int(version), nil)
    }
}

/// Two sessions that talk through memory.
struct TLSDialogue {
    let client: TLSSession
    let server: TLSSession
    let serverSSL: OpaquePointer
    /// How many bytes arrive at a time.
    var chunk = Int.max
    private(set) var heardByClient = ""
    private(set) var heardByServer = ""

    init(
        _ configuration: TLSConfiguration,
        host: String = "chat.verona.lit",
        server: TLSServer,
        chunk: Int = .max
    ) throws {
        client = try TLSSession.client(configuration, host: host)
        (self.server, serverSSL) = try server.makeSession()
        self.chunk = chunk
    }

    /// Lets them talk until neither has anything to say.
    mutating func run() {
        client.start()
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            if let bytes = client.takeCiphertext() {
                isQuiet = false
                heardByServer += carry(bytes, to: server)
            }
            if let bytes = server.takeCiphertext() {
                isQuiet = false
                heardByClient += carry(bytes, to: client)
            }
        }
    }

    private func carry(_ bytes: ByteBuffer, to session: TLSSession) -> String {
        var rest = bytes
        var heard = ByteBuffer()
        while let part = rest.readSlice(length: min(chunk, rest.readableBytes)),
            part.readableBytes > 0
        {
            session.receive(part, into: &heard)
        }
        return String(buffer: heard)
    }
}
