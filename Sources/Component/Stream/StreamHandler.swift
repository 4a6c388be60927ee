import NIOCore
import XML

/// All that one read of the socket completed, in order.
struct StreamBatch: Hashable, Sendable {
    var events: [Parser.Event] = []
    /// What makes further reading impossible; nothing comes after it.
    var failure: ParserError?
    /// The bytes in which the events came.
    var size = 0
}

/// Turns the bytes of the server's side of the stream into batches of parsed events.
///
/// It owns the parser, which is thereby confined to the channel's event loop. A read that
/// completes nothing, white space for one, makes an empty batch: a sign of life.
final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = StreamBatch

    /// What a server that wants TLS answers to a stream header: an alert (RFC 8446 §5.1).
    ///
    /// No XML document can hold such a byte.
    private static let tlsAlert: UInt8 = 0x15

    private let parser: Parser
    private var batch = StreamBatch()
    private var hasRead = false
    private var hasFailed = false
    private var hasHeard = false
    /// Bytes since the last event: of a stanza that comes in many reads, or white space.
    private var unreported = 0

    init(limits: ParserLimits) {
        parser = Parser(limits: limits)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // After an error the rest of the document has no meaning.
        guard !hasFailed else { return }
        let buffer = unwrapInboundIn(data)
        if !hasHeard, let first = buffer.readableBytesView.first {
            hasHeard = true
            guard first != Self.tlsAlert else {
                hasFailed = true
                context.fireErrorCaught(HandshakeFailure.wantsTLS)
                return
            }
        }
        hasRead = true
        unreported += buffer.readableBytes
        do throws(ParserError) {
            try parse(buffer)
        } catch {
            hasFailed = true
            batch.failure = error
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        passOn(context)
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        passOn(context)
        context.fireChannelInactive()
    }

    /// What was read before the error comes before it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        passOn(context)
        context.fireErrorCaught(error)
    }

    private func parse(_ buffer: ByteBuffer) throws(ParserError) {
        // A typed error does not pass through NIO's rethrowing closure.
        let result = buffer.withUnsafeReadableBytes { bytes in
            Result { () throws(ParserError) in try parser.parse(bytes, into: &batch.events) }
        }
        try result.get()
    }

    private func passOn(_ context: ChannelHandlerContext) {
        guard hasRead else { return }
        hasRead = false
        if !batch.events.isEmpty {
            batch.size = unreported
            unreported = 0
        }
        context.fireChannelRead(wrapInboundOut(batch))
        batch = StreamBatch()
    }
}
