public import XML

/// How a stream came to its end.
public enum StreamEnd: Error, Hashable, Sendable {
    /// We sent the closing tag first, and the server its own after it: it has read all before.
    case closedByUs
    /// The server sent its closing tag (RFC 6120 §4.4).
    case closedByServer
    /// The server sent an error, which closes the stream as well (RFC 6120 §4.9.1.1).
    case streamError(StreamError)
    /// Without a closing tag: nobody knows what the server still read.
    case lost(LossReason)

    public enum LossReason: Hashable, Sendable {
        /// The connection ended: the server died, or the network did.
        case disconnected
        /// The operating system's words for why.
        case network(String)
        /// A ping and all else remained unanswered.
        case silent
        /// The server went on to send, but answered no ping: it does not read what we write.
        case deaf
        case tls(TLSFailure)
        /// The server's XML could not be read on.
        case unreadable(ParserError)
        /// We closed the stream, and the server did not do so in time.
        case unanswered
        case handshake(HandshakeFailure)
    }

    /// Whether the server said that it ends the stream, or was told so by us.
    public var isClean: Bool {
        switch self {
        case .closedByUs, .closedByServer, .streamError: true
        case .lost: false
        }
    }
}

/// Why the handshake came to nothing though the server did not refuse us.
public enum HandshakeFailure: Error, Hashable, Sendable {
    case headerWithoutID
    case notAStream(root: String)
    case secondHeader
    case unexpectedElement(String)
    case timedOut
    /// The connection ended before the server had accepted or refused us.
    case closedEarly
    /// The server answered our stream header with a TLS alert.
    case wantsTLS
    /// OpenSSL offers no SHA-1, which XEP-0114 needs.
    case noDigest
}

/// Why nothing can be sent: the stream is over, or whoever wanted to send was cancelled.
public struct StreamClosed: Error, Hashable, Sendable {
    public let end: StreamEnd

    public init(end: StreamEnd) {
        self.end = end
    }
}

/// Why a request remained without an answer.
public enum RequestFailure: Error, Hashable, Sendable {
    case timedOut
    /// The stream ended first; or whoever asked was cancelled, which counts as closed by us.
    case streamClosed(StreamEnd)
}

/// The server refused us at the first connect ever: somebody has to change a configuration.
public struct ComponentRefused: Error, Hashable, Sendable {
    public let domain: String
    public let error: StreamError

    public init(domain: String, error: StreamError) {
        self.domain = domain
        self.error = error
    }
}

// MARK: - Words

extension StreamEnd: CustomStringConvertible {
    public var description: String {
        switch self {
        case .closedByUs: "We closed the stream."
        case .closedByServer: "The server closed the stream."
        case .streamError(let error):
            "The server ended the stream (\(error))." + (error.remedy.map { " \($0)" } ?? "")
        case .lost(let reason): reason.description
        }
    }
}

extension StreamEnd.LossReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .disconnected: "The connection to the server broke off."
        case .network(let words): "The connection to the server broke off (\(words))."
        case .silent: "The server fell silent and did not answer a ping."
        case .deaf: "The server still talks, but answered no ping: it does not read."
        case .tls(let failure): failure.description
        case .unanswered:
            "We closed the stream, and the server did not say whether it had read all before."
        case .unreadable(let error): "The server sent what can't be read. \(error)"
        case .handshake(let failure): failure.description
        }
    }
}

extension HandshakeFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .headerWithoutID:
            "The server's stream header has no id, so that no handshake is possible (XEP-0114 §3). "
                + "Check that its port is the component port."
        case .notAStream(let root):
            "The server answered with <\(root)> instead of a stream. "
                + "Check that host and port are those of its component port."
        case .secondHeader:
            "The server sent a second stream header on the same stream, which it must not do. "
                + "Check that its port is the component port."
        case .unexpectedElement(let name):
            "The server sent <\(name)> before the handshake was done. "
                + "Check that its port is the component port, not that of clients or servers."
        case .noDigest:
            "OpenSSL offers no SHA-1, which the handshake needs (XEP-0114 §3). "
                + "Check the system's cryptographic policy."
        case .timedOut:
            "The server did not finish the handshake in time. "
                + "Check that host and port are those of its component port."
        case .closedEarly:
            "The server hung up during the handshake. Check that its port is the component port, "
                + "and whether it wants TLS (`component.tls: direct`); its log may say more."
        case .wantsTLS:
            "The server speaks TLS on this port. Set `component.tls: direct`, or use its plain port."
        }
    }
}

extension StreamClosed: CustomStringConvertible {
    public var description: String { "The stream is over. \(end)" }
}

extension RequestFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .timedOut: "No answer came in time."
        case .streamClosed(let end): "No answer came before the stream ended. \(end)"
        }
    }
}

extension ComponentRefused: CustomStringConvertible {
    public var description: String {
        "The server refused '\(domain)' (\(error.condition.rawValue))."
            + (error.remedy.map { " \($0)" } ?? "")
            + (error.text.map { " The server says: \($0)" } ?? "")
    }
}
