/// A stanza over a limit, which is counted to its end.
final class SkippedStanza {
    enum Envelope {
        /// Its start tag was within the limit.
        case element(Element)
        /// Its start tag was not, and is being read or has been.
        case tag(EnvelopeTag, isComplete: Bool)
    }

    private(set) var envelope: Envelope
    private(set) var size: Int
    private var scanner: StanzaScanner

    /// Goes on behind the first `size` bytes, where the scanner stands.
    init(_ envelope: Envelope, size: Int, scanner: StanzaScanner) {
        self.envelope = envelope
        self.size = size
        self.scanner = scanner
    }

    /// Removes from `rest` what belongs to the stanza; whether that was the last of it.
    func take(_ rest: inout StanzaScanner.Bytes) throws(Refusal) -> Bool {
        while !rest.isEmpty {
            let before = rest
            let outcome = scanner.scan(&rest)
            let taken = before.prefix(before.count - rest.count)
            size += taken.count
            if case .tag(var tag, isComplete: false) = envelope {
                // The old one has to go first, or the bytes would be copied.
                envelope = .tag(EnvelopeTag(), isComplete: false)
                tag.append(taken)
                envelope = .tag(tag, isComplete: outcome != .needsMore)
            }
            switch outcome {
            case .needsMore, .tokenEnded: break
            case .stanzaEnded: return true
            case .refused(let refusal): throw refusal
            }
        }
        return false
    }

    /// Takes bytes that can't be the last of the stanza.
    func take(_ bytes: [UInt8]) throws(Refusal) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(Refusal) in
                var rest = buffer[...]
                _ = try take(&rest)
            }
        }
        try result.get()
    }
}
