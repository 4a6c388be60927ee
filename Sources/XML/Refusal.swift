/// What we do not take from a peer though expat would.
enum Refusal: Error, Hashable {
    /// What is no part of XMPP's XML (RFC 6120 §11.1).
    case restricted(String)

    /// Anything but UTF-8 (RFC 6120 §11.6).
    case encoding(String)

    /// More than we keep in memory, where no stanza could be skipped instead.
    case oversized(String)

    /// What can't be well-formed, found where expat does not look.
    case malformed(String)

    static let comment = Refusal.restricted("a comment")
    static let processingInstruction = Refusal.restricted("a processing instruction")
    static let documentType = Refusal.restricted("a document type declaration")
    static let entity = Refusal.restricted("a reference to an entity of its own")
}
