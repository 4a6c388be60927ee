import NIOCore

/// Puts a TLS session between the socket and the stream.
///
/// What is written waits here, as plaintext, while the socket is full or the handshake goes on: it
/// is encrypted a slice at a time, so that a large write needs no second copy of its size.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Write {
        var plaintext: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    /// How much is encrypted before the socket is looked at again.
    private static let sliceSize = 1 << 16

    private let session: TLSSession
    private let timeout: TimeAmount
    /// Settled once, when the handshake has come to an end; nil from then on.
    private var established: EventLoopPromise<Void>?
    private var timer: Scheduled<Void>?
    private var writes = MarkedCircularBuffer<Write>(initialCapacity: 8)
    private var hasReportedFailure = false

    /// `established` learns how the handshake ends, within `timeout` from the start of TCP.
    init(
        _ session: TLSSession,
        timeout: TimeAmount,
        established: EventLoopPromise<Void>? = nil
    ) {
        self.session = session
        self.timeout = timeout
        self.established = established
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        established.take()?.fail(ChannelError.ioOnClosedChannel)
        failWrites(ChannelError.ioOnClosedChannel)
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var plaintext = context.channel.allocator.buffer(capacity: 0)
        session.receive(unwrapInboundIn(data), into: &plaintext)
        if plaintext.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(plaintext)) }
        look(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        session.receivedEnd()
        look(context)
        failWrites(ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }
}

// MARK: - Writing

extension TLSHandler {
    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        writes.append(Write(plaintext: unwrapOutboundIn(data), promise: promise))
    }

    func flush(context: ChannelHandlerContext) {
        writes.mark()
        encrypt(context)
    }

    /// The stream learns that there is room only when nothing waits here any more.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { encrypt(context) }
        guard !context.channel.isWritable || !writes.hasMark else { return }
        context.fireChannelWritabilityChanged()
    }

    /// Goodbye goes after all that was encrypted; what still waits is lost, as on any socket.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        session.close()
        sendCiphertext(context)
        failWrites(ChannelError.ioOnClosedChannel)
        context.close(mode: mode, promise: promise)
    }

    private func encrypt(_ context: ChannelHandlerContext) {
        while session.phase == .open, context.channel.isWritable, writes.hasMark,
            var write = writes.first
        {
            let size = min(write.plaintext.readableBytes, Self.sliceSize)
            if let slice = write.plaintext.readSlice(length: size) { session.send(slice) }
            let isWhole = write.plaintext.readableBytes == 0
            if isWhole { _ = writes.popFirst() } else { writes[writes.startIndex] = write }
            sendCiphertext(context, isWhole ? write.promise : nil)
        }
        look(context)
    }

    /// Sends what the session has to say; `promise` belongs to the last of it.
    private func sendCiphertext(
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>? = nil
    ) {
        guard let ciphertext = session.takeCiphertext() else {
            promise?.succeed()
            return
        }
        context.writeAndFlush(wrapOutboundOut(ciphertext), promise: promise)
    }

    private func failWrites(_ error: any Error) {
        while let write = writes.popFirst() {
            write.promise?.fail(error)
        }
    }
}

// MARK: - The session's turns

extension TLSHandler {
    private func start(_ context: ChannelHandlerContext) {
        guard session.phase == .handshaking, timer == nil else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [self] in
            session.timedOut()
            look(context)
        }
        session.start()
        look(context)
    }

    /// Does what the session's phase asks for, after anything that may have changed it.
    private func look(_ context: ChannelHandlerContext) {
        sendCiphertext(context)
        switch session.phase {
        case .handshaking:
            break
        case .open:
            guard let timer = timer.take() else { return }
            timer.cancel()
            established.take()?.succeed()
            encrypt(context)
        case .ended:
            context.close(promise: nil)
        case .failed(let failure):
            report(failure, context)
        }
    }

    private func report(_ failure: TLSFailure, _ context: ChannelHandlerContext) {
        guard !hasReportedFailure else { return }
        hasReportedFailure = true
        timer?.cancel()
        failWrites(failure)
        if let established = established.take() {
            established.fail(failure)
        } else {
            context.fireErrorCaught(failure)
        }
        context.close(promise: nil)
    }
}
