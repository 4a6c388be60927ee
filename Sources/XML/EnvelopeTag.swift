/// What is kept of a stanza's start tag that is over the limit: enough to know whom to answer.
///
/// It takes the tag's bytes in pieces of any size and forgets each attribute that is too long, so
/// its memory is bounded. Attributes with a prefix go as well: what declares it may have gone.
struct EnvelopeTag {
    /// Enough for the longest address (RFC 7622 §3.1) with every byte written as a reference.
    static let maximumAttributeSize = 3071 * 6

    /// Enough for `from`, `to` and `id`, and some more.
    static let maximumSize = 4 * maximumAttributeSize

    private enum Place {
        case name, attribute
        case value(quote: UInt8)
    }

    private var kept: [UInt8] = []
    /// Where in `kept` the current attribute starts, with the white space before it.
    private var attributeStart = 0
    private var place = Place.name
    /// Whether the current attribute, or the name, was too long.
    private var isDropping = false

    /// Takes the next bytes, from the `<` to the `>` at most.
    mutating func append(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            keep(byte)
            move(at: byte)
        }
    }

    /// An empty element with what was kept; nil if not even its name was short enough.
    var emptyElement: [UInt8]? {
        switch place {
        case .name where isDropping: nil
        // What stands after the last attribute is no part of any.
        case .name: kept.prefix { !Self.endsTag($0) } + Array("/>".utf8)
        case .attribute, .value: kept[..<attributeStart] + Array("/>".utf8)
        }
    }

    private mutating func keep(_ byte: UInt8) {
        guard !isDropping else { return }
        kept.append(byte)
        guard
            kept.count - attributeStart > Self.maximumAttributeSize
                || kept.count > Self.maximumSize
        else { return }
        kept.removeSubrange(attributeStart...)
        isDropping = true
    }

    private mutating func move(at byte: UInt8) {
        switch place {
        case .name where isSpace(byte) && !isDropping:
            attributeStart = kept.count - 1
            place = .attribute
        case .name: break
        case .attribute where byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\""):
            place = .value(quote: byte)
        case .attribute: break
        case .value(let quote) where byte == quote:
            endAttribute()
            place = .attribute
        case .value: break
        }
    }

    private mutating func endAttribute() {
        if hasPrefix { kept.removeSubrange(attributeStart...) }
        attributeStart = kept.count
        isDropping = false
    }

    /// Whether the current attribute has a prefix that needs declaring.
    private var hasPrefix: Bool {
        let name = kept[attributeStart...].drop(while: isSpace).prefix { byte in
            byte != UInt8(ascii: "=")
        }
        return name.contains(UInt8(ascii: ":")) && !name.starts(with: "xml".utf8)
    }

    private static func endsTag(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
    }
}
