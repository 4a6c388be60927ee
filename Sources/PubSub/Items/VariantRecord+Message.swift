import Storage
import XML
import XMPP

extension VariantRecord {
    init(_ entry: EventMessages.Entry) {
        self.init(
            kind: entry.kind,
            first: Part(entry.first),
            further: entry.further.prefix(Self.mostFurther).map(Part.init)
        )
    }
}

extension VariantRecord.Part {
    /// The message as bytes around the two attributes that differ from reader to reader.
    ///
    /// ` to='…' id='…'` goes between head and tail.
    init(_ message: Message) {
        let stanza = message.element()
        let start = Element(stanza.name, in: stanza.namespace, stanza.attributes)
        // An empty element ends with `/>`; the rest of the whole one is what the tail must be.
        let head = Array(start.xml(inheriting: .componentAccept).utf8.dropLast(2))
        var writer = Writer()
        writer.write(stanza, inheriting: .componentAccept)
        self.init(head: head, tail: Array(writer.bytes.dropFirst(head.count)))
    }
}
