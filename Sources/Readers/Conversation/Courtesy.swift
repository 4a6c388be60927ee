import Localization
import XML
public import XMPP

/// What a newsletter says to things that are no words, as a person would.
public enum Courtesy {
    /// What somebody sent instead of words; a body may stand in for it in clients that don't know it.
    public enum Occasion: Hashable, Sendable {
        /// It can't be read here (XEP-0384, XEP-0373, XEP-0027).
        case encrypted
        /// An address of a file, with nothing else (XEP-0066).
        case file
        /// To a room (XEP-0249).
        case invitation
        /// The same to a room where another newsletter of ours is.
        case secondInvitation
        /// To speak or see each other (XEP-0353).
        case call(id: String)
        /// A reaction or a withdrawal (XEP-0444, XEP-0424): nobody expects an answer to those.
        case gesture

        /// Nil if the message is made of words, or of nothing, or comes through a room.
        public init?(_ message: Message) {
            guard message.child("x", in: .mucUser) == nil else { return nil }
            let body = message.body
            if message.isEncrypted {
                self = .encrypted
            } else if message.child("reactions", in: .reactions) != nil
                || message.child("retract", in: .retraction) != nil
            {
                self = .gesture
            } else if let call = message.child("propose", in: .callInvitation)?["id"] {
                self = .call(id: call)
            } else if message.child("x", in: .directInvitation) != nil {
                self = .invitation
            } else if let url = message.child("x", in: .outOfBand)?.child("url")?.text, url == body
            {
                self = .file
            } else {
                return nil
            }
        }
    }

    /// What is said to it, from the address that was written to; nil if nothing is to be.
    public static func answer(to message: Message, on occasion: Occasion) -> Message? {
        guard message.type == .chat || message.type == .normal, !message.isDelayed,
            let sender = message.from, let address = message.to
        else { return nil }
        func say(_ text: String) -> Message {
            let id = Message.freshID()
            return Message(.chat, id: id, from: address.bare, to: sender.bare, body: text) {
                Element("store", in: .hints)
            }
        }
        let texts = ReaderTexts.texts(in: message.xmlLang)
        switch occasion {
        case .encrypted:
            return say(texts("courtesy.encrypted"))
        case .file:
            return say(texts("courtesy.file"))
        case .invitation:
            return say(texts("courtesy.invitation"))
        case .secondInvitation:
            return say(texts("courtesy.secondInvitation"))
        case .call(let id):
            return Message(.chat, from: address.bare, to: sender) {
                Element("reject", in: .callInvitation, ["id": id])
                Element("store", in: .hints)
            }
        case .gesture:
            return nil
        }
    }

    /// What proves that a message came here, if its sender asks for that (XEP-0184 §5.3).
    public static func receipt(for message: Message) -> Message? {
        guard message.type == .chat || message.type == .normal, let id = message.id,
            message.child("request", in: .receipts) != nil,
            message.child("received", in: .receipts) == nil,
            message.child("x", in: .mucUser) == nil,
            let sender = message.from, let address = message.to
        else { return nil }
        return Message(message.type, from: address.bare, to: sender) {
            Element("received", in: .receipts, ["id": id])
        }
    }
}

extension Message {
    fileprivate var isEncrypted: Bool {
        child("encrypted", in: .omemo) != nil || child("encrypted", in: .omemo2) != nil
            || child("openpgp", in: .openPGP) != nil || child("x", in: .legacyOpenPGP) != nil
    }
}
