import XML
import XMPP

/// Writes the stanzas of one batch; what the same question is answered with is written once.
///
/// A stanza for which the server would end the stream is not among them: whoever asked is told so
/// instead.
struct AnswerWriter {
    /// In bytes.
    let longest: Int
    private var writer = Writer()
    /// What the answer before held, and where it stands.
    private var previous: (payload: Element, place: Range<Int>)?
    private(set) var count = 0

    init(longest: Int) {
        self.longest = longest
    }

    var bytes: [UInt8] { writer.bytes }

    mutating func write(_ message: Message) {
        write(message.element())
    }

    /// Writes a stanza of any kind.
    mutating func write(_ element: Element) {
        write(element) { writer in writer.write(element, inheriting: .componentAccept) }
    }

    mutating func write(_ iq: IQ) {
        let element = iq.element()
        guard let payload = iq.payload, iq.error == nil else {
            write(element)
            return
        }
        var previous = previous
        let isWritten = write(element) { writer in
            writer.write(element, inheriting: .componentAccept) { writer, inForce in
                if let known = previous, known.payload == payload {
                    writer.write(again: known.place)
                } else {
                    let start = writer.bytes.count
                    writer.write(payload, inheriting: inForce)
                    previous = (payload, start..<writer.bytes.count)
                }
            }
        }
        // What was taken back can't be written again.
        self.previous = isWritten ? previous : nil
    }

    /// Writes the stanza, or what goes instead; tells whether it is the stanza.
    @discardableResult
    private mutating func write(_ element: Element, _ content: (inout Writer) -> Void) -> Bool {
        guard !fits(content) else { return true }
        if let refusal = element.tooLongToSend {
            // What is repeated in it, such as the id, may be what is too long.
            _ = fits { writer in writer.write(refusal, inheriting: .componentAccept) }
        }
        return false
    }

    /// Writes one stanza, unless it is too long.
    private mutating func fits(_ stanza: (inout Writer) -> Void) -> Bool {
        let start = bytes.count
        stanza(&writer)
        guard bytes.count - start <= longest else {
            writer.takeBack(after: start)
            return false
        }
        count += 1
        return true
    }
}

extension Element {
    /// What goes instead of an answer for which the server would end the stream; nothing goes instead
    /// of anything else.
    fileprivate var tooLongToSend: Element? {
        guard name == "iq", self["type"] == "result" || self["type"] == "error" else { return nil }
        let error = StanzaError(
            .resourceConstraint,
            text: "The answer is larger than the server takes. Ask for less at once."
        )
        return Element(
            name,
            in: .componentAccept,
            ["type": "error", "id": self["id"], "from": self["from"], "to": self["to"]]
        ) { error.element }
    }
}
