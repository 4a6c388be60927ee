import NIOCore
import NIOEmbedded
import Testing

@testable import Component

@Suite("The TLS handler, with a peer in memory")
struct TLSHandlerTests {
    /// The component's channel, and the server's session behind it.
    private final class Pair {
        let channel = EmbeddedChannel()
        let server: TLSSession
        let established: EventLoopFuture<Void>
        var heardByServer = ByteBuffer()
        /// The most ciphertext that ever waited for the socket at once.
        private(set) var mostCiphertext = 0

        init() throws {
            let identity = try TestIdentity("server")
            let trust = TLSConfiguration.Trust.fingerprint(try identity.fingerprint)
            server = try TLSServer(identity: identity).makeSession().session
            let promise = channel.eventLoop.makePromise(of: Void.self)
            established = promise.futureResult
            let client = try TLSSession.client(TLSConfiguration(trust: trust), host: "a.lit")
            try channel.pipeline.syncOperations.addHandler(
                TLSHandler(client, timeout: .seconds(10), established: promise)
            )
            channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        }

        /// Carries what each says to the other, until both are quiet.
        func run() throws {
            var isQuiet = false
            while !isQuiet {
                isQuiet = true
                var size = 0
                while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
                    isQuiet = false
                    size += bytes.readableBytes
                    server.receive(bytes, into: &heardByServer)
                }
                mostCiphertext = max(mostCiphertext, size)
                if let bytes = server.takeCiphertext() {
                    isQuiet = false
                    // Errors are looked for by the tests, where they expect them.
                    _ = try? channel.writeInbound(bytes)
                }
            }
        }

        func finish() {
            _ = try? channel.finish(acceptAlreadyClosed: true)
        }
    }

    @Test("what was written before the handshake is over goes out after it, in order")
    func early() throws {
        let pair = try Pair()
        defer { pair.finish() }
        pair.channel.writeAndFlush(ByteBuffer(string: "to be "), promise: nil)
        let written = pair.channel.writeAndFlush(ByteBuffer(string: "or not"))
        try pair.run()
        try pair.established.wait()
        try written.wait()
        #expect(String(buffer: pair.heardByServer) == "to be or not")
    }

    @Test("a write without a flush waits for one")
    func unflushed() throws {
        let pair = try Pair()
        defer { pair.finish() }
        try pair.run()
        pair.channel.write(ByteBuffer(string: "hush"), promise: nil)
        try pair.run()
        #expect(pair.heardByServer.readableBytes == 0)
        pair.channel.flush()
        try pair.run()
        #expect(String(buffer: pair.heardByServer) == "hush")
    }

    @Test("64 MB toward a full socket are encrypted bit by bit, and all arrives")
    func backPressure() throws {
        let pair = try Pair()
        defer { pair.finish() }
        try pair.run()
        let size = 64 << 20
        pair.channel.isWritable = false
        let written = pair.channel.writeAndFlush(ByteBuffer(repeating: 7, count: size))
        #expect(try pair.channel.readOutbound(as: ByteBuffer.self) == nil)
        let closer = FullSocket()
        try pair.channel.pipeline.syncOperations.addHandler(closer, position: .first)
        let news = WritabilityNews()
        try pair.channel.pipeline.syncOperations.addHandler(news)
        var turns = 0
        while pair.heardByServer.readableBytes < size, turns < 2000 {
            turns += 1
            #expect(!news.hasRoom, "the stream may write on while much waits")
            closer.room = 256 << 10
            pair.channel.isWritable = true
            pair.channel.pipeline.fireChannelWritabilityChanged()
            try pair.run()
        }
        #expect(turns > 100)
        #expect(pair.mostCiphertext < 512 << 10)
        let isWhole = pair.heardByServer == ByteBuffer(repeating: 7, count: size)
        #expect(isWhole)
        try written.wait()
        pair.channel.isWritable = true
        pair.channel.pipeline.fireChannelWritabilityChanged()
        #expect(news.hasRoom)
    }

    /// A socket that is full again when so many bytes were written.
    private final class FullSocket: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var room = 0

        func write(
            context: ChannelHandlerContext,
            data: NIOAny,
            promise: EventLoopPromise<Void>?
        ) {
            room -= unwrapOutboundIn(data).readableBytes
            if room <= 0, let channel = context.channel as? EmbeddedChannel {
                channel.isWritable = false
                channel.pipeline.fireChannelWritabilityChanged()
            }
            context.write(data, promise: promise)
        }
    }

    private final class WritabilityNews: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var hasRoom = false

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            hasRoom = context.channel.isWritable
        }
    }

    @Test("a server that takes too long for the handshake is given up")
    func slow() throws {
        let pair = try Pair()
        defer { pair.finish() }
        pair.channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(pair.channel.isActive)
        pair.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!pair.channel.isActive)
        #expect(throws: TLSFailure.timedOut) { try pair.established.wait() }
    }

    @Test("an open session has all the time in the world")
    func patient() throws {
        let pair = try Pair()
        defer { pair.finish() }
        try pair.run()
        pair.channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(pair.channel.isActive)
    }

    @Test("closing says goodbye first; the server's goodbye closes, without an error")
    func close() throws {
        let ours = try Pair()
        defer { ours.finish() }
        try ours.run()
        ours.channel.close(promise: nil)
        try ours.run()
        #expect(ours.server.phase == .ended)
        let theirs = try Pair()
        defer { theirs.finish() }
        try theirs.run()
        theirs.server.send(ByteBuffer(string: "good night"))
        theirs.server.close()
        try theirs.run()
        #expect(
            try theirs.channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "good night")
        )
        #expect(!theirs.channel.isActive)
        try theirs.channel.throwIfErrorCaught()
    }

    @Test("a cut connection is an error, and whoever waits to write learns it")
    func cut() throws {
        let pair = try Pair()
        try pair.run()
        pair.channel.isWritable = false
        let written = pair.channel.writeAndFlush(ByteBuffer(string: "farewell"))
        pair.channel.pipeline.fireChannelInactive()
        #expect(throws: TLSFailure.truncated) { try pair.channel.throwIfErrorCaught() }
        #expect(throws: TLSFailure.truncated) { try written.wait() }
        pair.finish()
    }

    @Test("without a handshake, closing tells whoever waits for it")
    func closedEarly() throws {
        let pair = try Pair()
        defer { pair.finish() }
        pair.channel.close(promise: nil)
        #expect(throws: (any Error).self) { try pair.established.wait() }
    }
}
