import COpenSSL
import NIOCore
import Testing

@testable import Component

@Suite("A TLS session, without a socket")
struct TLSSessionTests {
    private let identity: TestIdentity
    private let trusting: TLSConfiguration

    init() throws {
        identity = try TestIdentity("chat.verona.lit", names: ["DNS:chat.verona.lit"])
        trusting = TLSConfiguration(trust: .fingerprint(try identity.fingerprint))
    }

    private func dialogue(
        _ versions: ClosedRange<Int32> = TLS1_VERSION...TLS1_3_VERSION,
        chunk: Int = .max
    ) throws -> TLSDialogue {
        var dialogue = try TLSDialogue(
            trusting,
            server: TLSServer(identity: identity, versions: versions),
            chunk: chunk
        )
        dialogue.run()
        return dialogue
    }

    @Test(
        "both sides understand each other, however the network cuts the bytes",
        arguments: [TLS1_2_VERSION, TLS1_3_VERSION],
        [1, 2, 5, 1000, .max]
    )
    func talk(version: Int32, chunk: Int) throws {
        var dialogue = try dialogue(version...version, chunk: chunk)
        #expect(dialogue.client.phase == .open && dialogue.server.phase == .open)
        #expect(SSL_version(dialogue.serverSSL) == version)
        dialogue.client.send(ByteBuffer(string: "Who's there?"))
        dialogue.server.send(ByteBuffer(string: "Nay, answer me."))
        dialogue.run()
        #expect(dialogue.heardByServer == "Who's there?")
        #expect(dialogue.heardByClient == "Nay, answer me.")
    }

    @Test("what is much larger than a record arrives whole", arguments: [977, .max])
    func large(chunk: Int) throws {
        var dialogue = try dialogue(chunk: chunk)
        let text = String((0..<200_000).map { Character(Unicode.Scalar(UInt8(97 + $0 % 23))) })
        dialogue.client.send(ByteBuffer(string: text))
        dialogue.server.send(ByteBuffer(string: text))
        dialogue.run()
        #expect(dialogue.heardByServer == text && dialogue.heardByClient == text)
    }

    @Test("what the server says with its goodbye is heard, and answered with ours")
    func goodbye() throws {
        var dialogue = try dialogue()
        dialogue.server.send(ByteBuffer(string: "adieu"))
        dialogue.server.close()
        dialogue.run()
        #expect(dialogue.heardByClient == "adieu")
        #expect(dialogue.client.phase == .ended)
        dialogue.client.receivedEnd()
        #expect(dialogue.client.phase == .ended)
        // Nothing more can be said.
        dialogue.client.send(ByteBuffer(string: "stay"))
        #expect(dialogue.client.takeCiphertext() == nil)
    }

    @Test("our goodbye ends it for the server too")
    func ourGoodbye() throws {
        var dialogue = try dialogue()
        dialogue.client.close()
        #expect(dialogue.client.phase == .ended)
        dialogue.run()
        #expect(dialogue.server.phase == .ended)
    }

    @Test("a connection cut off without a goodbye is not a clean end (RFC 8446 §6.1)")
    func truncated() throws {
        var dialogue = try dialogue()
        dialogue.server.send(ByteBuffer(string: "all the rest is"))
        let record = try #require(dialogue.server.takeCiphertext())
        var heard = ByteBuffer()
        dialogue.client.receive(record.getSlice(at: 0, length: 9) ?? record, into: &heard)
        #expect(heard.readableBytes == 0 && dialogue.client.phase == .open)
        dialogue.client.receivedEnd()
        #expect(dialogue.client.phase == .failed(.truncated))
        dialogue.run()
        #expect(dialogue.heardByClient.isEmpty)
    }

    @Test(
        "a handshake cut off at any place says so",
        arguments: [0, 1, 5, 60, 200, 400]
    )
    func cutHandshake(length: Int) throws {
        let client = try TLSSession.client(trusting, host: "chat.verona.lit")
        let server = try TLSServer(identity: identity).makeSession().session
        var unheard = ByteBuffer()
        client.start()
        server.receive(try #require(client.takeCiphertext()), into: &unheard)
        let flight = try #require(server.takeCiphertext())
        client.receive(flight.getSlice(at: 0, length: length) ?? flight, into: &unheard)
        #expect(client.phase == .handshaking)
        client.receivedEnd()
        #expect(client.phase == .failed(.closedDuringHandshake))
        client.timedOut()
        #expect(client.phase == .failed(.closedDuringHandshake))
    }

    @Test(
        "a server without TLS is recognised by its first byte",
        arguments: ["<?xml version='1.0'?>", "<", "HTTP/1.1 400 Bad Request\r\n\r\n", "\0"]
    )
    func notTLS(text: String) throws {
        let client = try TLSSession.client(trusting, host: "chat.verona.lit")
        var heard = ByteBuffer()
        client.start()
        client.receive(ByteBuffer(), into: &heard)
        #expect(client.phase == .handshaking)
        client.receive(ByteBuffer(string: text), into: &heard)
        #expect(client.phase == .failed(.notTLS))
    }

    @Test("TLS 1.1 is too old, whether the server insists on it or refuses ours")
    func tooOld() throws {
        let insisting = try dialogue(TLS1_VERSION...TLS1_1_VERSION)
        #expect(insisting.client.phase == .failed(.protocolTooOld))
        let client = try TLSSession.client(trusting, host: "chat.verona.lit")
        var heard = ByteBuffer()
        client.start()
        // The alert `protocol_version` (RFC 8446 §6.2).
        client.receive(ByteBuffer(bytes: [0x15, 3, 1, 0, 2, 2, 70]), into: &heard)
        #expect(client.phase == .failed(.protocolTooOld))
    }

    @Test("a server that wants to renegotiate is told no, and nothing else happens")
    func renegotiation() throws {
        let dialogue = try dialogue(TLS1_2_VERSION...TLS1_2_VERSION)
        #expect(SSL_renegotiate(dialogue.serverSSL) == 1)
        _ = SSL_do_handshake(dialogue.serverSSL)
        var heard = ByteBuffer()
        dialogue.client.receive(try #require(dialogue.server.takeCiphertext()), into: &heard)
        #expect(dialogue.client.phase == .open)
        // The alert `no_renegotiation`, and no new hello: that would have hundreds of bytes.
        let answer = try #require(dialogue.client.takeCiphertext())
        #expect(answer.readableBytes < 100)
        dialogue.server.receive(answer, into: &heard)
        guard case .failed(.broken(let words)) = dialogue.server.phase else {
            Testing.Issue.record("the server got its way: \(dialogue.server.phase)")
            return
        }
        #expect(words == "no renegotiation")
    }

    @Test("a server that wants a certificate of ours refuses us in its own words")
    func clientCertificate() throws {
        var server = TLSServer(identity: identity)
        server.wantsCertificate = true
        var dialogue = try TLSDialogue(trusting, server: server)
        dialogue.run()
        guard case .failed(.refusedByServer(let words)) = dialogue.client.phase else {
            Testing.Issue.record("not refused: \(dialogue.client.phase)")
            return
        }
        #expect(words.contains("certificate required"))
    }

    @Test("a forged byte ends the session and is not read")
    func forged() throws {
        var dialogue = try dialogue()
        dialogue.server.send(ByteBuffer(string: "yes"))
        var record = try #require(dialogue.server.takeCiphertext())
        let last = record.writerIndex - 1
        record.setInteger(~(record.getInteger(at: last, as: UInt8.self) ?? 0), at: last)
        var heard = ByteBuffer()
        dialogue.client.receive(record, into: &heard)
        #expect(heard.readableBytes == 0)
        guard case .failed(.broken(let words)) = dialogue.client.phase else {
            Testing.Issue.record("not noticed: \(dialogue.client.phase)")
            return
        }
        #expect(words.contains("mac"))
        // The server is told, and nothing more is read.
        dialogue.run()
        #expect(dialogue.server.phase != .open)
    }

    @Test("the server learns which name is wanted, never an address (RFC 6066 §3)")
    func serverName() throws {
        for (host, expected) in [
            ("chat.verona.lit", "chat.verona.lit"), ("chat.verona.lit.", "chat.verona.lit"),
            ("127.0.0.1", nil), ("::1", nil),
        ] {
            var dialogue = try TLSDialogue(
                trusting,
                host: host,
                server: TLSServer(identity: identity)
            )
            dialogue.run()
            #expect(dialogue.client.phase == .open)
            let name = SSL_get_servername(dialogue.serverSSL, TLSEXT_NAMETYPE_host_name)
            #expect(name.map { String(cString: $0) } == expected)
        }
    }
}
