import XML
import XMPP

extension Element {
    /// Whether there are no more than so many bytes in it: values of attributes, and text.
    func holds(atMost limit: Int) -> Bool {
        var left = limit
        return take(from: &left)
    }

    private func take(from left: inout Int) -> Bool {
        for attribute in attributes { left -= attribute.value.utf8.count }
        for child in children {
            guard left >= 0 else { return false }
            switch child {
            case .text(let text): left -= text.utf8.count
            case .element(let element): guard element.take(from: &left) else { return false }
            }
        }
        return left >= 0
    }
}

extension Stanza {
    /// The same of a whole stanza, but for its addresses, which have a limit of their own
    /// (RFC 7622 §3.1): so much may wait in a queue.
    func holds(atMost limit: Int) -> Bool {
        var element = element()
        element["from"] = nil
        element["to"] = nil
        return element.holds(atMost: limit)
    }
}
