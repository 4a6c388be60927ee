public import Commands
import Publishing
import XML
public import XMPP

/// A message that somebody wrote to one of our addresses, as a command and its answer.
public struct DirectChat: Sendable {
    public let line: String
    public let face: Face
    /// The writer's bare address.
    public let reader: JID
    public let language: String?
    private let contact: JID

    /// Nil if nothing is to be answered: errors, headlines, what was kept somewhere, messages
    /// without text, such as receipts and typing notices, what comes through a room, such as an
    /// invitation (XEP-0045 §7.8.2), whose bare address is the room's, and what is no words of
    /// the writer's, whatever body stands in for it: see ``Courtesy``.
    public init?(_ message: Message) {
        guard message.type == .chat || message.type == .normal, !message.isDelayed,
            message.child("x", in: .mucUser) == nil, Courtesy.Occasion(message) == nil,
            let sender = message.from, let contact = message.to,
            let body = message.body.map(SpokenLine.line(in:)), !body.isEmpty
        else { return nil }
        line = body
        face = .chat(contact: contact.bare)
        reader = sender.bare
        language = message.xmlLang
        self.contact = contact.bare
    }

    /// The answer: from the address that was written to, to the reader's bare address.
    ///
    /// A resource may be gone by then; the server knows where the reader is (RFC 6121 §8.5.2).
    public func answer(_ text: String) -> Message {
        Message(.chat, id: Message.freshID(), from: contact, to: reader, body: text) {
            Element("store", in: .hints)
        }
    }
}
