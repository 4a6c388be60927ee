import Storage
import XML
import XMPP

extension NodeConfiguration {
    /// What of an item's payload goes with the event about it.
    ///
    /// What replaces an item that readers may have fetched goes whole: a client that has the text
    /// does not fetch it again. So does what can't be fetched, or is no Atom entry.
    func eventPayload(of payload: Element?, isReplacement: Bool) -> Element? {
        guard deliversPayloads else { return nil }
        guard eventPayload == .summary, persistsItems, !isReplacement else { return payload }
        return payload?.entryWithoutContent ?? payload
    }
}

extension Element {
    /// The Atom entry without its text; nil for anything else, and for an entry that would not be one
    /// without it: in its place there must be a link (RFC 4287 §4.1.2).
    fileprivate var entryWithoutContent: Element? {
        guard namespace == .atom, name == "entry", children("link").contains(where: \.isAlternate)
        else { return nil }
        var entry = self
        entry.removeChildren { node in
            guard case .element(let child) = node else { return false }
            return child.isNamed("content", in: .atom)
        }
        return entry
    }

    /// A link without a relation is one to the entry itself (RFC 4287 §4.2.7.2).
    fileprivate var isAlternate: Bool { self["rel"] == nil || self["rel"] == "alternate" }
}
