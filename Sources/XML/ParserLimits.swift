/// What a parser accepts from its peer.
public struct ParserLimits: Sendable, Hashable {
    /// The largest stanza, in bytes as received, `<` to closing `>`.
    ///
    /// A longer one is skipped while counted, and reported with its envelope; the stream lives.
    /// Never below 10 000 (RFC 6120 §13.12).
    public var maximumStanzaSize: Int

    /// How many elements may be open at once, the stream's own not counted.
    public var maximumDepth: Int

    public init(maximumStanzaSize: Int = 1_048_576, maximumDepth: Int = 64) {
        self.maximumStanzaSize = maximumStanzaSize
        self.maximumDepth = maximumDepth
    }
}
