import XML

/// Our side of opening a component stream (XEP-0114 §3).
///
/// Our header is out when it is made; what the server sends are its inputs, and whoever owns the
/// socket performs the orders it returns.
struct ComponentHandshake {
    private enum State {
        /// Next: `awaitingResult`, `awaitingReason`, `done`.
        case awaitingHeader
        /// Our digest is sent. Next: `done`.
        case awaitingResult
        /// The header has an empty id: Prosody's way to open a stream that it only opens to
        /// refuse it. Next: `done`.
        case awaitingReason
        case done
    }

    enum Order: Hashable {
        case sendDigest(streamID: String)
        /// Nothing to do until more arrives.
        case wait
        /// The stream is open for stanzas.
        case open
        /// Close the stream; nothing will come of it.
        case end(StreamEnd)
    }

    private var state = State.awaitingHeader

    mutating func receivedHeader(_ header: Element) -> Order {
        switch state {
        case .awaitingHeader:
            guard header.isNamed("stream", in: .stream) else {
                return giveUp(.notAStream(root: header.name))
            }
            guard let id = header["id"] else { return giveUp(.headerWithoutID) }
            guard !id.isEmpty else {
                state = .awaitingReason
                return .wait
            }
            state = .awaitingResult
            return .sendDigest(streamID: id)
        case .awaitingResult, .awaitingReason, .done:
            return giveUp(.secondHeader)
        }
    }

    /// Takes a child of the stream; features are passed over, since they offer a component nothing.
    mutating func received(_ element: Element) -> Order {
        if element.isNamed("error", in: .stream) {
            state = .done
            return .end(.streamError(StreamError(element)))
        }
        if element.isNamed("features", in: .stream) { return .wait }
        switch state {
        case .awaitingResult where element.isNamed("handshake", in: .componentAccept):
            state = .done
            return .open
        case .awaitingReason:
            return giveUp(.headerWithoutID)
        case .awaitingHeader, .awaitingResult, .done:
            return giveUp(.unexpectedElement(element.name))
        }
    }

    mutating func receivedClosingTag() -> Order {
        state = .done
        return .end(.closedByServer)
    }

    /// The time for the handshake is over.
    mutating func timedOut() -> Order {
        switch state {
        case .awaitingReason: giveUp(.headerWithoutID)
        case .awaitingHeader, .awaitingResult, .done: giveUp(.timedOut)
        }
    }

    private mutating func giveUp(_ failure: HandshakeFailure) -> Order {
        state = .done
        return .end(.lost(.handshake(failure)))
    }
}
