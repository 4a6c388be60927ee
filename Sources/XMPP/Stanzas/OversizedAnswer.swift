/// An answer that was larger than a stanza may be here: whoever asked gets this error in its place.
extension StanzaError {
    /// The error in its place; `size` is that of the answer in bytes, and `domain` is ours: nobody else has
    /// found it.
    public static func oversizedAnswer(_ size: Int, at domain: JID) -> StanzaError {
        StanzaError(
            .resourceConstraint,
            type: .cancel,
            by: domain.domain,
            text: "The answer has \(size) bytes, more than 'component.maximum_stanza_size' lets in."
        )
    }

    /// Whether it stands for an answer that was too large for us, which asking again won't change.
    public func isOversizedAnswer(to asker: JID) -> Bool {
        condition == .resourceConstraint && by == asker.domain
    }
}
