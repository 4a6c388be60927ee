import Component
import Storage
import XML
import XMPP

/// What a fan-out sends to the readers of one kind, a message or several, which lack only the
/// reader: they are serialised once, and for each reader the address and the id are put in between.
struct DeliveryVariant {
    private let first: DeliveryMessage
    private let further: [DeliveryMessage]
    /// Has nothing in it but what it retracts.
    private let empty: DeliveryMessage
    /// The messages that these take back, if that is what they are for, newest first.
    private let retracted: [RetractedCopies]

    init(_ record: VariantRecord, retracting retracted: [RetractedCopies] = []) {
        if case .chat = record.kind { self.retracted = retracted } else { self.retracted = [] }
        let isRetraction = !self.retracted.isEmpty
        first = DeliveryMessage(record.first, isShort: isRetraction)
        further = record.further.map { DeliveryMessage($0, isShort: isRetraction) }
        empty = DeliveryMessage(retractingOnly: record.first)
    }

    /// Appends the messages to one reader, whose address is given as it was stored.
    ///
    /// They follow each other, with nothing to anybody else in between.
    func write(
        to address: UnsafeRawBufferPointer,
        of subscription: SubscriptionRowID,
        _ codec: StanzaIDCodec,
        into batch: inout StanzaBatch
    ) {
        let copies = retracted.compactMap { $0.ids(for: subscription) }
        let newest = copies.first
        var place = StanzaIDCodec.Place(subscription: subscription)
        first.write(
            to: address,
            id: place,
            of: codec,
            retracting: newest?.message(place),
            into: &batch
        )
        guard !further.isEmpty || copies.count > 1 else { return }
        for message in further where newest != nil || !message.isEmpty {
            place.part += 1
            let earlier = newest?.message(place)
            message.write(to: address, id: place, of: codec, retracting: earlier, into: &batch)
        }
        for older in copies.dropFirst() {
            for part in 0...further.count where place.part < .max {
                place.part += 1
                let message = older.message(
                    StanzaIDCodec.Place(subscription: subscription, part: UInt8(part))
                )
                empty.write(to: address, id: place, of: codec, retracting: message, into: &batch)
            }
        }
    }
}

/// The messages of an earlier fan-out, which another takes back (XEP-0424).
struct RetractedCopies {
    private let codec: StanzaIDCodec
    /// Who came after this one got nothing of it.
    private let lastReader: SubscriptionRowID

    init(_ fanOut: FanOutRecord) {
        codec = StanzaIDCodec(key: fanOut.key)
        lastReader = fanOut.lastSubscription
    }

    /// What the reader's messages were called; nil for who got none.
    func ids(for reader: SubscriptionRowID) -> StanzaIDCodec? {
        reader <= lastReader ? codec : nil
    }
}

/// A message of an earlier fan-out.
private struct EarlierMessage {
    let codec: StanzaIDCodec
    let place: StanzaIDCodec.Place
}

extension StanzaIDCodec {
    fileprivate func message(_ place: Place) -> EarlierMessage {
        EarlierMessage(codec: self, place: place)
    }
}

/// One message in two pieces, around the reader's address and the id.
private struct DeliveryMessage {
    /// Long tails are referred to; copying a short one costs less than another piece to gather.
    private enum Tail {
        case short([UInt8])
        case long(StanzaBatch.Common)
    }

    /// From so many bytes on a tail is long.
    private static let longTail = 4096

    private static let emptyTail = Array("/>".utf8)
    private static let addressStart = Array(" to='".utf8)
    private static let idStart = Array("' id='".utf8)
    private static let retractionStart = Array(
        "'><retract xmlns='\(Namespace.retraction.rawValue)' id='".utf8
    )
    /// Behind it stands what clients show that know no retractions.
    private static let retractionEnd = Array(
        "'/><fallback xmlns='\(Namespace.fallback.rawValue)' for='\(Namespace.retraction.rawValue)'/>"
            .utf8
    )
    /// Behind it stands nothing.
    private static let emptyRetractionEnd = Array(
        "'/><store xmlns='\(Namespace.hints.rawValue)'/></message>".utf8
    )

    /// All before the address, with ` to='`.
    private let head: [UInt8]
    private let tail: Tail
    /// Whether nothing is in it but what it may retract.
    let isEmpty: Bool

    init(_ part: VariantRecord.Part, isShort: Bool) {
        head = part.head + Self.addressStart
        isEmpty = part.tail.elementsEqual(Self.emptyTail)
        let rest = [UInt8(ascii: "'")] + part.tail
        tail =
            isShort || part.tail.count < Self.longTail
            ? .short(rest) : .long(StanzaBatch.Common(rest))
    }

    /// From the same sender as another, and with nothing in it but what it may retract.
    init(retractingOnly part: VariantRecord.Part) {
        self.init(VariantRecord.Part(head: part.head, tail: Self.emptyTail), isShort: true)
    }

    /// Appends the message to one reader, whose address is given as it was stored.
    func write(
        to address: UnsafeRawBufferPointer,
        id place: StanzaIDCodec.Place,
        of codec: StanzaIDCodec,
        retracting earlier: EarlierMessage?,
        into batch: inout StanzaBatch
    ) {
        if address.contains(where: Self.needsEscaping) {
            Self.escaped(address).withUnsafeBytes {
                writePlain(to: $0, place, codec, earlier, &batch)
            }
        } else {
            writePlain(to: address, place, codec, earlier, &batch)
        }
    }

    private func writePlain(
        to address: UnsafeRawBufferPointer,
        _ place: StanzaIDCodec.Place,
        _ codec: StanzaIDCodec,
        _ earlier: EarlierMessage?,
        _ batch: inout StanzaBatch
    ) {
        var most = head.count + address.count + Self.idStart.count + StanzaIDCodec.length
        if case .short(let rest) = tail { most += rest.count }
        if earlier != nil { most += Self.retractionLength }
        batch.append(atMost: most) { memory in
            var pen = MemoryPen(memory)
            pen.write(head)
            pen.write(address)
            pen.write(Self.idStart)
            pen.advance(by: codec.write(place, to: pen.rest))
            if case .short(let rest) = tail {
                guard let earlier else {
                    pen.write(rest)
                    return pen.count
                }
                pen.write(Self.retractionStart)
                pen.advance(by: earlier.codec.write(earlier.place, to: pen.rest))
                pen.write(isEmpty ? Self.emptyRetractionEnd : Self.retractionEnd)
                // Behind the end of the start tag, which is written.
                if !isEmpty { rest.dropFirst(2).withUnsafeBytes { pen.write($0) } }
            }
            return pen.count
        }
        if case .long(let rest) = tail { batch.append(rest) }
    }

    /// How much longer a message is that retracts another, at most.
    private static let retractionLength =
        retractionStart.count + StanzaIDCodec.length
        + max(retractionEnd.count, emptyRetractionEnd.count)

    /// What the writer makes of an address between the quotes of an attribute.
    private static func escaped(_ address: UnsafeRawBufferPointer) -> [UInt8] {
        var writer = Writer()
        writer.writeAttribute("to", String(decoding: address, as: UTF8.self))
        return Array(writer.bytes.dropFirst(addressStart.count).dropLast())
    }

    /// Few addresses have characters that need it.
    private static func needsEscaping(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "'"): true
        // Control characters, and the lead byte of U+FFFE and U+FFFF.
        case 0..<0x20, 0xEF: true
        default: false
        }
    }
}

/// Writes piece after piece into memory that is known to be large enough.
private struct MemoryPen {
    private(set) var count = 0
    private let memory: UnsafeMutableRawBufferPointer

    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    var rest: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...])
    }

    mutating func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { write($0) }
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) {
        rest.copyMemory(from: bytes)
        advance(by: bytes.count)
    }

    mutating func advance(by written: Int) {
        count += written
    }
}
