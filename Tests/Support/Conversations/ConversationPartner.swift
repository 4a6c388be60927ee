public import XML

/// What a conversation is held with: a service alone, or one behind a socket.
public protocol ConversationPartner {
    /// Takes a stanza and gives all stanzas it leads to, to whomever, in the order sent.
    ///
    /// Both sides are in the namespace of a component's stream.
    func receive(_ stanza: Element) async throws -> [Element]
}
