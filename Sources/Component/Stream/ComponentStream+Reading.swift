import Glibc
import NIOCore
import XML
import XMPP

extension ComponentStream {
    /// Serves the stream from our header to its end, and returns why it ended.
    func run(delegate: any StanzaStreamDelegate, stopping: Latch) async -> StreamEnd {
        self.delegate = delegate
        handshakeDeadline = .now + configuration.timings.handshake
        keepAlive.heard(at: .now)
        writeHeader()
        setAlarm()
        for batch in early { take(batch) }
        early = []
        await withTaskGroup { group in
            group.addTask { await self.keepTime() }
            group.addTask {
                await stopping.wait()
                guard !Task.isCancelled else { return }
                await self.close()
            }
            await isOver.wait()
            group.cancelAll()
        }
        // What arrived before the end is still the delegate's.
        await delivery?.value
        guard case .over(let end) = phase else { preconditionFailure("reading ended too early") }
        if openedAt != nil { await delegate.streamEnded(end) }
        return end
    }

    /// Lets the delegate work on what waits for it, unless it works already.
    ///
    /// In a task for each time there is something to do: one that waits for news would be resumed
    /// on another thread first, which takes longer than most requests do.
    private func startDelivery() {
        guard let delegate, !isDelivering, !backlog.isEmpty else { return }
        isDelivering = true
        delivery = Task.immediate { await deliver(to: delegate) }
    }

    /// Tells the delegate what happens; all that has arrived while it was at work is one batch.
    private func deliver(to delegate: any StanzaStreamDelegate) async {
        defer { isDelivering = false }
        while !backlog.isEmpty {
            let waiting = backlog.removeAll()
            resumeReading()
            var (batch, refusals): ([Inbound], [Stanza]) = ([], [])
            for news in waiting {
                switch news {
                case .opened: await delegate.streamOpened(self)
                case .arrived(let more) where batch.isEmpty: batch = more
                case .arrived(let more): batch += more
                case .refused(let more): refusals += more
                }
            }
            if !refusals.isEmpty { try? await write(refusals.flatMap(Self.bytes)) }
            if !batch.isEmpty { await delegate.received(batch, on: self) }
        }
    }

    /// What an error of the channel means for the stream.
    func loss(_ error: any Error) -> StreamEnd.LossReason {
        switch error {
        case let failure as TLSFailure: return .tls(failure)
        case let failure as HandshakeFailure: return .handshake(failure)
        case ChannelError.ioOnClosedChannel: return lossWithoutWords
        case let error as IOError:
            // A reset is how many servers hang up on what they can't read.
            if case .handshaking = phase, error.errnoCode == ECONNRESET { return lossWithoutWords }
            return .network(error.systemWords)
        default: return .network("\(error)")
        }
    }

    private var lossWithoutWords: StreamEnd.LossReason {
        if case .handshaking = phase { .handshake(.closedEarly) } else { .disconnected }
    }

    /// What one read of the socket brought.
    ///
    /// A server that speaks first waits for our header all the same.
    func take(_ batch: StreamBatch) {
        guard let delegate else {
            early.append(batch)
            return
        }
        defer { startDelivery() }
        keepAlive.heard(at: .now)
        lifeSigns.read(at: .now)
        var arrived: [Inbound] = []
        for event in batch.events {
            switch phase {
            case .handshaking(let handshake):
                if advance(handshake, event) { backlog.add(.opened) }
            case .open:
                if let inbound = take(event) { arrived.append(inbound) }
            case .closing(let end):
                // Whatever the server still says, we have left; but its closing tag ends the wait.
                if event == .closed { finish(end) }
            case .over:
                break
            }
        }
        if let failure = batch.failure {
            close(StreamError(failure), as: .lost(.unreadable(failure)))
        }
        guard !arrived.isEmpty else { return }
        let isFull = backlog.isFull
        let sifted = delegate.sift(arrived, isFull: isFull)
        if !sifted.refusals.isEmpty { backlog.add(.refused(sifted.refusals)) }
        guard !sifted.admitted.isEmpty else { return }
        let weight = batch.size * sifted.admitted.count / arrived.count
        backlog.add(.arrived(sifted.admitted), weight: weight)
        if isFull { pauseReading() }
    }

    /// The channel is closed, by whomever.
    func channelClosed() {
        finish(.lost(lossWithoutWords))
    }

    func channelFailed(_ error: any Error) {
        finish(.lost(loss(error)))
    }

    /// While the delegate has no room, the server's silence is our own doing.
    ///
    /// Unless the delegate itself waits for a server that reads nothing: then that is what counts.
    private func pauseReading() {
        isReadingPaused = true
        if room == nil { keepAlive.paused(at: .now) }
    }

    private func resumeReading() {
        guard isReadingPaused else { return }
        isReadingPaused = false
        resumeKeepAlive()
        channel.read()
    }

    func resumeKeepAlive() {
        keepAlive.resumed(at: .now)
        setAlarm(at: keepAlive.deadline)
    }
}

// MARK: - Handshake

extension ComponentStream {
    private func writeHeader() {
        var writer = Writer()
        writer.write(raw: "<?xml version='1.0'?>")
        writer.writeStart(
            Element("stream", in: .stream, ["to": configuration.domain.description]),
            prefix: "stream",
            contentNamespace: .componentAccept
        )
        writeNow(writer)
    }

    /// Takes a step of the handshake; true if the stream is open with it.
    private func advance(_ handshake: ComponentHandshake, _ event: Parser.Event) -> Bool {
        var handshake = handshake
        let order =
            switch event {
            case .opened(let header): handshake.receivedHeader(header)
            case .element(let element), .skipped(let element, _): handshake.received(element)
            case .closed: handshake.receivedClosingTag()
            }
        phase = .handshaking(handshake)
        return perform(order)
    }

    /// Does what the handshake orders; true if the stream is open with it.
    func perform(_ order: ComponentHandshake.Order) -> Bool {
        switch order {
        case .wait:
            return false
        case .sendDigest(let streamID):
            sendDigest(streamID)
            return false
        case .open:
            phase = .open
            openedAt = .now
            handshakeDeadline = nil
            setAlarm(at: keepAlive.deadline)
            return true
        case .end(let end):
            close(as: end)
            return false
        }
    }

    private func sendDigest(_ streamID: String) {
        guard let digest = configuration.secret.digest(streamID: streamID) else {
            close(as: .lost(.handshake(.noDigest)))
            return
        }
        var writer = Writer()
        writer.write(
            Element("handshake", in: .componentAccept) { digest },
            inheriting: .componentAccept
        )
        writeNow(writer)
    }
}

// MARK: - Stanzas

extension ComponentStream {
    /// Takes one event of the open stream; nil if it was meant for us alone.
    private func take(_ event: Parser.Event) -> Inbound? {
        switch event {
        case .element(let element) where element.isNamed("error", in: .stream):
            close(as: .streamError(StreamError(element)))
            return nil
        case .element(let element):
            return read(element)
        case .skipped(let envelope, let size):
            return take(oversized: envelope, size)
        case .opened:
            close(StreamError(.badFormat), as: .lost(.handshake(.secondHeader)))
            return nil
        case .closed:
            close(as: .closedByServer)
            // Nobody has anything to say any more, so that there is nothing to wait for.
            finish(.closedByServer)
            return nil
        }
    }

    private func read(_ element: Element) -> Inbound? {
        guard element.namespace == .componentAccept else {
            return .unreadable(.notAStanza(element))
        }
        do throws(StanzaReadingError) {
            let stanza = try Stanza(element)
            if case .iq(let iq) = stanza, let waiting = tracker.received(iq) {
                noteAnswer(to: waiting)
                waiting.resolve(.success(iq))
                return nil
            }
            return .stanza(stanza)
        } catch {
            return .unreadable(error)
        }
    }

    private func noteAnswer(to waiting: PendingAnswer) {
        keepAlive.answered(at: .now)
        lifeSigns.answered(askedAt: waiting.askedAt)
    }

    /// Whoever asked learns that the answer was too large; anything else goes to the delegate.
    private func take(oversized envelope: Element, _ size: Int) -> Inbound? {
        guard envelope.name == "iq", var iq = try? IQ(envelope),
            let waiting = tracker.received(iq)
        else { return .oversized(envelope, size: size) }
        noteAnswer(to: waiting)
        iq.type = .error
        iq.error = .oversizedAnswer(size, at: configuration.domain)
        waiting.resolve(.success(iq))
        return nil
    }
}
