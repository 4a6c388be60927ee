import NIOCore
import NIOPosix
import Testing
import XMPP

@testable import Component

/// A server that says what a test wrote, to try what no real server can be made to do.
struct ScriptedServer {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    typealias Script = @Sendable (_ peer: Peer, _ connection: Int) async throws -> Void

    static let header = """
        <?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' \
        xmlns:stream='http://etherx.jabber.org/streams' from='news.verona.lit' id='s1'>
        """

    /// The component's side of one connection.
    final class Peer {
        let channel: any Channel
        private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private(set) var heard = ""

        init(
            _ channel: any Channel,
            _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
            _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) {
            self.channel = channel
            self.inbound = inbound.makeAsyncIterator()
            self.outbound = outbound
        }

        /// Returns when the event loop has taken it; one that is busy would let us run ahead.
        func say(_ text: String) async throws {
            try await outbound.write(ByteBuffer(string: text))
            try await channel.eventLoop.submit {}.get()
        }

        /// Reads until the text was heard, and returns all up to there; nil at the end.
        @discardableResult
        func hear(_ text: String) async throws -> String? {
            while true {
                if let range = heard.firstRange(of: text) {
                    defer { heard = String(heard[range.upperBound...]) }
                    return String(heard[..<range.upperBound])
                }
                guard let buffer = try await inbound.next() else { return nil }
                heard += String(buffer: buffer)
            }
        }

        /// Reads so many bytes without a look at them, and returns how many there were.
        func skip(_ count: Int) async throws -> Int {
            var rest = count - heard.utf8.count
            heard = ""
            while rest > 0, let buffer = try await inbound.next() {
                let part = min(rest, buffer.readableBytes)
                rest -= part
                heard = String(decoding: buffer.readableBytesView.dropFirst(part), as: UTF8.self)
            }
            return count - rest
        }

        /// Plays the whole handshake and accepts whatever digest comes.
        func accept() async throws {
            try await hear("to='news.verona.lit'>")
            try await say(ScriptedServer.header)
            try await hear("</handshake>")
            try await say("<handshake/>")
        }

        /// Cuts the connection, without TLS's goodbye.
        func cut() async throws {
            let channel = channel
            try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.context(handlerType: TLSHandler.self)
                    .close(promise: nil)
            }.get()
        }

        /// Says nothing more and reads nothing, until the other side is gone.
        func wait() async throws {
            try await channel.closeFuture.get()
        }
    }

    let host: String
    let port: Int
    private let tls: TLSServer?
    /// Plain channels, since NIO stops the program if a wrapped one is dropped unserved.
    private let listener: NIOAsyncChannel<any Channel, Never>

    init(host: String = "127.0.0.1", tls: TLSServer? = nil) async throws {
        self.host = host
        self.tls = tls
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .bind(host: host, port: 0) { $0.eventLoop.makeSucceededFuture($0) }
        port = try #require(listener.channel.localAddress?.port)
    }

    /// How `news.verona.lit` reaches this server; with TLS it knows its certificate.
    func configuration(
        _ timings: StreamTimings,
        host: String? = nil,
        security: StreamSecurity? = nil
    ) throws -> StreamConfiguration {
        let usual = try tls.map { tls in
            StreamSecurity.tls(
                TLSConfiguration(trust: .fingerprint(try tls.identity.fingerprint))
            )
        }
        return StreamConfiguration(
            domain: try JID("news.verona.lit"),
            host: host ?? self.host,
            port: port,
            secret: Secret("secret"),
            security: security ?? usual ?? .plain,
            timings: timings
        )
    }

    /// Plays the script with each connection, one at a time, until cancelled.
    ///
    /// A script that returns closes its connection.
    func run(_ script: Script) async throws {
        try await listener.executeThenClose { connections in
            var count = 0
            for try await connection in connections {
                try? await furnish(connection).executeThenClose { inbound, outbound in
                    try await script(Peer(connection, inbound, outbound), count)
                }
                count += 1
            }
        }
    }

    private func furnish(_ channel: any Channel) async throws -> Connection {
        try await channel.eventLoop.submit {
            if let tls {
                let session = try tls.makeSession().session
                try channel.pipeline.syncOperations.addHandler(
                    TLSHandler(session, timeout: .seconds(10))
                )
            }
            let connection = try Connection(
                wrappingChannelSynchronously: channel,
                configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2))
            )
            try channel.syncOptions?.setOption(.autoRead, value: true)
            return connection
        }.get()
    }
}

/// Plays the script to a connection while the body looks on.
func dialogue(
    timings: StreamTimings = .brisk,
    hasBeenOnline: Bool = false,
    tls: TLSServer? = nil,
    recorder: Recorder = Recorder(),
    server script: @escaping ScriptedServer.Script,
    body: @escaping @Sendable (Recorder, ComponentConnection) async throws -> Void
) async throws {
    let server = try await ScriptedServer(tls: tls)
    let configuration = try server.configuration(timings)
    try await withThrowingTaskGroup { group in
        group.addTask { try await server.run(script) }
        defer { group.cancelAll() }
        try await connected(configuration, recorder, hasBeenOnline: hasBeenOnline) {
            try await body(recorder, $0)
        }
    }
}
