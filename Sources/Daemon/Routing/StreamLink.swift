import Component
import Foundation

/// Whether the server is there at this moment: what `status` says of the stream.
actor StreamLink {
    enum State: Sendable {
        /// Since the start of the service.
        case notYetOpened
        case open(since: Date)
        case ended(StreamEnd, at: Date)
    }

    private(set) var state = State.notYetOpened
    /// Why the last attempt since then came to nothing.
    private(set) var failure: String?
    /// The stream that is open, for what is sent without being asked.
    private(set) var stream: (any StanzaStream)?

    func opened(_ stream: any StanzaStream) {
        failure = nil
        self.stream = stream
        state = .open(since: Date())
    }

    func ended(_ end: StreamEnd) {
        stream = nil
        state = .ended(end, at: Date())
    }

    func failed(_ reason: String) {
        failure = reason
    }
}
