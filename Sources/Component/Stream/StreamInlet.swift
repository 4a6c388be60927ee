import NIOCore

/// The end of the pipeline: hands to the stream what was read, on the event loop that both live on.
///
/// While the stream wants no more, it lets nobody read from the socket.
final class StreamInlet: ChannelDuplexHandler {
    typealias InboundIn = StreamBatch
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let stream: ComponentStream

    init(_ stream: ComponentStream) {
        self.stream = stream
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let batch = unwrapInboundIn(data)
        stream.assumeIsolated { $0.take(batch) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        stream.assumeIsolated { $0.openRoom() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        stream.assumeIsolated { $0.channelClosed() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        stream.assumeIsolated { $0.channelFailed(error) }
    }

    func read(context: ChannelHandlerContext) {
        if !stream.assumeIsolated({ $0.isReadingPaused }) { context.read() }
    }
}
