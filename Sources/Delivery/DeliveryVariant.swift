import Storage
import XML

/// A message of a fan-out that lacks only its reader: it is serialised once, and for each reader
/// the address and the id are put between its two parts.
struct DeliveryVariant {
    private let head: [UInt8]
    private let tail: [UInt8]

    init(_ record: VariantRecord) {
        head = record.head
        tail = record.tail
    }

    /// Appends the message to one reader.
    func write(
        to address: String,
        id place: StanzaIDCodec.Place,
        of codec: StanzaIDCodec,
        into output: inout [UInt8]
    ) {
        output += head
        Self.writeAddress(address, into: &output)
        output += " id='".utf8
        codec.write(place, to: &output)
        output.append(UInt8(ascii: "'"))
        output += tail
    }

    /// Writes ` to='address'`; few addresses have characters that need escaping.
    private static func writeAddress(_ address: String, into output: inout [UInt8]) {
        if address.utf8.contains(where: needsEscaping) {
            var writer = Writer()
            writer.writeAttribute("to", address)
            output += writer.bytes
        } else {
            output += " to='".utf8
            output += address.utf8
            output.append(UInt8(ascii: "'"))
        }
    }

    private static func needsEscaping(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "'"): true
        // Control characters, and the lead byte of U+FFFE and U+FFFF.
        case 0..<0x20, 0xEF: true
        default: false
        }
    }
}
