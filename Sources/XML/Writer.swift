/// Turns elements into UTF-8 bytes.
///
/// The output is always well-formed: text is escaped, and what XML 1.0 forbids (§2.2) becomes
/// U+FFFD. Prefixes are used for namespaced attributes only; elements declare a default namespace
/// where it differs from their parent's.
public struct Writer {
    public private(set) var bytes: [UInt8] = []

    public init() {
        bytes.reserveCapacity(512)
    }

    /// Takes back what was written after the first so many bytes.
    public mutating func takeBack(after count: Int) {
        bytes.removeSubrange(count...)
    }

    /// Writes again what stands at that place of `bytes`.
    public mutating func write(again range: Range<Int>) {
        // A slice would share the storage, so that appending to it copied all there is.
        let copy = Array(bytes[range])
        bytes.append(contentsOf: copy)
    }

    /// Writes an element where `inherited` is the default namespace in force.
    public mutating func write(_ element: Element, inheriting inherited: Namespace = .none) {
        write(element, inheriting: inherited) { writer, inForce in
            writer.write(element.children, inheriting: inForce)
        }
    }

    /// Writes an element's tags, and lets `content` write what stands between them; an element
    /// without children stays empty.
    ///
    /// `content` gets the default namespace in force.
    public mutating func write(
        _ element: Element,
        inheriting inherited: Namespace,
        content: (inout Writer, Namespace) -> Void
    ) {
        let namespace = element.namespace ?? inherited
        // The namespace of `xml:` may not be declared, only used (Namespaces in XML 1.0 §3).
        let isXML = namespace == .xml
        let inForce = isXML ? inherited : namespace
        bytes.append(UInt8(ascii: "<"))
        if isXML { write(raw: "xml:") }
        write(raw: element.name)
        if inForce != inherited {
            writeAttribute("xmlns", inForce.rawValue)
        }
        write(element.attributes)
        if element.children.isEmpty {
            write(raw: "/>")
            return
        }
        bytes.append(UInt8(ascii: ">"))
        content(&self, inForce)
        write(raw: isXML ? "</xml:" : "</")
        write(raw: element.name)
        bytes.append(UInt8(ascii: ">"))
    }

    private mutating func write(_ children: [Element.Node], inheriting inForce: Namespace) {
        for child in children {
            switch child {
            case .element(let element): write(element, inheriting: inForce)
            case .text(let text): write(text: text)
            }
        }
    }

    /// Writes the start tag of an element that stays open, as a stream header does (RFC 6120 §4.2).
    ///
    /// `prefix` is for the one place in XMPP that needs it: `<stream:stream>`.
    public mutating func writeStart(
        _ element: Element,
        prefix: String,
        contentNamespace: Namespace
    ) {
        write(raw: "<\(prefix):\(element.name)")
        writeAttribute("xmlns", contentNamespace.rawValue)
        writeAttribute("xmlns:\(prefix)", (element.namespace ?? .none).rawValue)
        write(element.attributes)
        bytes.append(UInt8(ascii: ">"))
    }

    /// Writes markup as it is; only for text that is known to be well-formed.
    public mutating func write(raw markup: String) {
        // By its memory: a UTF-8 view is appended byte by byte.
        var markup = markup
        markup.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Writes ` name='value'`, the value escaped.
    public mutating func writeAttribute(_ name: String, _ value: String) {
        bytes.append(UInt8(ascii: " "))
        write(raw: name)
        write(raw: "='")
        write(escaping: value, inAttribute: true)
        bytes.append(UInt8(ascii: "'"))
    }

    public mutating func write(text: String) {
        write(escaping: text, inAttribute: false)
    }

    private mutating func write(_ attributes: Attributes) {
        var declared = 0
        for attribute in attributes {
            let name = attribute.name
            if name == .xmlLang {
                writeAttribute("xml:lang", attribute.value)
            } else if name.rawValue.utf8.first != UInt8(ascii: "{") {
                writeAttribute(name.rawValue, attribute.value)
            } else if name.namespace == .xml {
                writeAttribute("xml:\(name.local)", attribute.value)
            } else {
                declared += 1
                writeAttribute("xmlns:a\(declared)", name.namespace.rawValue)
                writeAttribute("a\(declared):\(name.local)", attribute.value)
            }
        }
    }

    private mutating func write(escaping text: String, inAttribute: Bool) {
        var text = text
        text.withUTF8 { utf8 in
            var clean = utf8.startIndex
            var index = utf8.startIndex
            while index < utf8.endIndex {
                guard
                    Self.mayNeedReplacement(utf8[index]),
                    let (length, replacement) = Self.replacement(at: index, of: utf8, inAttribute)
                else {
                    index += 1
                    continue
                }
                bytes.append(contentsOf: utf8[clean..<index])
                write(raw: replacement)
                index += length
                clean = index
            }
            bytes.append(contentsOf: utf8[clean...])
        }
    }

    /// Whether `replacement` has to be asked: most bytes pass without.
    private static func mayNeedReplacement(_ byte: UInt8) -> Bool {
        switch byte {
        case ..<0x20, UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            0xEF:
            true
        default:
            false
        }
    }

    /// What must stand instead of the character that starts at `index`, and its length in bytes.
    private static func replacement(
        at index: Int,
        of utf8: UnsafeBufferPointer<UInt8>,
        _ inAttribute: Bool
    ) -> (length: Int, text: String)? {
        switch utf8[index] {
        case UInt8(ascii: "&"): return (1, "&amp;")
        case UInt8(ascii: "<"): return (1, "&lt;")
        case UInt8(ascii: ">"): return (1, "&gt;")
        case UInt8(ascii: "'") where inAttribute: return (1, "&apos;")
        case UInt8(ascii: "\n") where inAttribute: return (1, "&#10;")
        case UInt8(ascii: "\t") where inAttribute: return (1, "&#9;")
        case UInt8(ascii: "\r"): return (1, "&#13;")
        case UInt8(ascii: "\n"), UInt8(ascii: "\t"): return nil
        case 0..<0x20: return (1, "\u{FFFD}")
        case 0xEF
        where index + 2 < utf8.count && utf8[index + 1] == 0xBF && utf8[index + 2] >= 0xBE:
            return (3, "\u{FFFD}")
        default: return nil
        }
    }
}

extension Element {
    /// The element as UTF-8 text, where `inherited` is the default namespace in force.
    public func xml(inheriting inherited: Namespace = .none) -> String {
        var writer = Writer()
        writer.write(self, inheriting: inherited)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
