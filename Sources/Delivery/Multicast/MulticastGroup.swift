import Storage
import XML
import XMPP

/// Readers who get one stanza together: all of them get the same, and share its id.
struct MulticastGroup {
    static let start = Array("<addresses xmlns='\(Namespace.address.rawValue)'>".utf8)
    static let end = Array("</addresses>".utf8)
    private static let addressStart = Array("<address type='bcc' jid='".utf8)
    private static let addressEnd = Array("'/>".utf8)

    let place: StanzaIDCodec.Place
    /// Their elements one after the other, blind: the service takes them out (XEP-0033 §4.6.3).
    private(set) var addresses: [UInt8] = []
    private(set) var count = 0
    /// The first of them, and their address as it was stored.
    private(set) var first: (reader: SubscriptionRowID, address: [UInt8])?

    init(place: StanzaIDCodec.Place) {
        self.place = place
    }

    /// What it adds to a message, in bytes.
    var size: Int { Self.start.count + addresses.count + Self.end.count }

    /// How much larger an address makes it at most.
    static func size(of address: UnsafeRawBufferPointer) -> Int {
        address.withEscaped { addressStart.count + $0.count + addressEnd.count }
    }

    mutating func add(_ address: UnsafeRawBufferPointer, of reader: SubscriptionRowID) {
        addresses += Self.addressStart
        address.withEscaped { addresses += $0 }
        addresses += Self.addressEnd
        count += 1
        if first == nil { first = (reader, Array(address)) }
    }
}
