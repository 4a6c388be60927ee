/// What a parser accepts from its peer.
///
/// A stanza over a limit is skipped while counted, and reported with its envelope; the stream
/// lives. Whatever the peer sends, the parser holds no more than a small multiple of
/// `maximumStanzaSize`.
public struct ParserLimits: Sendable, Hashable {
    /// The largest stanza, in bytes as received, `<` to closing `>`.
    ///
    /// Never below 10 000 (RFC 6120 §13.12).
    public var maximumStanzaSize: Int

    /// How many elements may be open at once, the stream's own not counted.
    public var maximumDepth: Int

    /// How many attributes one element of a stanza may have, declarations of namespaces left out.
    public var maximumAttributes: Int

    /// The longest name of an element or attribute, in bytes of UTF-8, without its namespace.
    public var maximumNameLength: Int

    /// The largest stream header, in bytes from the first that is not white space to its `>`.
    ///
    /// There is no stream yet that could live on: a longer one is an error.
    public var maximumHeaderSize: Int

    public init(
        maximumStanzaSize: Int = 1_048_576,
        maximumDepth: Int = 64,
        maximumAttributes: Int = 128,
        maximumNameLength: Int = 256,
        maximumHeaderSize: Int = 16_384
    ) {
        self.maximumStanzaSize = maximumStanzaSize
        self.maximumDepth = maximumDepth
        self.maximumAttributes = maximumAttributes
        self.maximumNameLength = maximumNameLength
        self.maximumHeaderSize = maximumHeaderSize
    }

    /// For documents of our own, and for what a parser replays to itself.
    static let none = ParserLimits(
        maximumStanzaSize: .max,
        maximumDepth: .max,
        maximumAttributes: .max,
        maximumNameLength: .max,
        maximumHeaderSize: .max
    )

    func allow(_ element: Element) -> Bool {
        element.name.utf8.count <= maximumNameLength
            && element.attributes.count <= maximumAttributes
            && element.attributes.allSatisfy(allow)
    }

    private func allow(_ attribute: Attributes.Attribute) -> Bool {
        // Mostly there is no namespace, and the whole is the local name.
        attribute.name.rawValue.utf8.count <= maximumNameLength
            || attribute.name.local.utf8.count <= maximumNameLength
    }
}
