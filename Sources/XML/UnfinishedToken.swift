/// A long tag or reference whose end is not there yet.
///
/// Expat would look at all of it again with each new byte; here each byte is looked at once, and
/// expat gets the rest when the token is whole. It is an object so that its bytes are never copied
/// on their way from one piece to the next.
final class UnfinishedToken {
    /// From this size on a token is gathered.
    static let leastSize = 4096

    /// Stands behind the last byte that is there.
    private(set) var scanner: StanzaScanner
    private(set) var bytes: [UInt8]
    /// How many of the bytes expat has already.
    private let known: Int
    /// How many bytes of the stanza stand before the token.
    private let offset: Int

    /// Nil if what expat holds back is no tag or reference.
    init?(
        _ known: UnsafeRawBufferPointer,
        depth: Int,
        offset: Int
    ) throws(Refusal) {
        let isReference = known.first == UInt8(ascii: "&")
        scanner = StanzaScanner(depth: depth, in: isReference ? .reference : .text)
        self.offset = offset
        self.known = known.count
        bytes = Array(known)
        var rest = known[...]
        switch scanner.scan(&rest) {
        case .needsMore: break
        case .tokenEnded, .stanzaEnded: return nil
        case .refused(let refusal): throw refusal
        }
    }

    /// The bytes of the stanza so far.
    var stanzaSize: Int { offset + bytes.count }

    /// The bytes expat has not seen.
    var unread: ArraySlice<UInt8> { bytes[known...] }

    /// Whether it is the start tag of a stanza, rather than something in or between stanzas.
    var opensStanza: Bool { scanner.depth == 0 && bytes.starts(with: "<".utf8) && !isEndTag }

    private var isEndTag: Bool { bytes.starts(with: "</".utf8) }

    /// Removes from `rest` what belongs to the token; whether it is whole now.
    func take(_ rest: inout StanzaScanner.Bytes) throws(Refusal) -> Bool {
        let before = rest
        let outcome = scanner.scan(&rest)
        bytes += before.prefix(before.count - rest.count)
        switch outcome {
        case .needsMore: return false
        case .tokenEnded, .stanzaEnded: return true
        case .refused(let refusal): throw refusal
        }
    }
}
