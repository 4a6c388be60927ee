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
    /// The messages that these take back or replace, if that is what they are for, newest first.
    private let earlier: [EarlierCopies]
    /// Whether nothing in it depends on the reader but address and id, nor does anything refer to
    /// that id, so that readers may share it (XEP-0033).
    let isForAll: Bool

    /// A retraction is a plain message, and takes back; a replacement says so itself.
    init(_ record: VariantRecord, after earlier: [FanOutRecord] = []) {
        self.earlier =
            switch record.kind {
            case .chat: earlier.map { EarlierCopies($0, to: .retract) }
            case .replacement: earlier.map { EarlierCopies($0, to: .replace) }
            case .event, .eventWithBody, .room: []
            }
        first = DeliveryMessage(record.first)
        further = record.further.map { DeliveryMessage($0) }
        empty = DeliveryMessage(retractingOnly: record.first)
        isForAll =
            switch record.kind {
            case .event, .eventWithBody: further.isEmpty
            case .chat, .replacement, .room: false
            }
    }

    /// How many messages one reader gets.
    func count(to subscription: SubscriptionRowID) -> Int {
        guard !earlier.isEmpty || !further.isEmpty else { return 1 }
        let copies = earlier.count { $0.reached(subscription) }
        let texts = 1 + (copies > 0 ? further.count : further.count { !$0.isEmpty })
        // As many as the part of an id can tell from each other.
        return min(texts + max(0, copies - 1) * (1 + further.count), Int(UInt8.max) + 1)
    }

    /// Appends the messages to one reader, whose address is given as it was stored.
    ///
    /// They follow each other, with nothing to anybody else in between.
    ///
    /// - Parameters:
    ///   - address: the reader's, as it was stored.
    ///   - subscription: the reader.
    ///   - codec: makes the ids.
    ///   - sharesID: whether the id is that of the readers beside them too.
    ///   - batch: gets the messages.
    func write(
        to address: UnsafeRawBufferPointer,
        of subscription: SubscriptionRowID,
        _ codec: StanzaIDCodec,
        sharingID sharesID: Bool = false,
        into batch: inout StanzaBatch
    ) {
        var place: StanzaIDCodec.Place =
            sharesID ? .shared(by: subscription) : .init(subscription: subscription)
        // So it is with nearly all.
        guard !earlier.isEmpty || !further.isEmpty else {
            return first.write(to: address, id: place, of: codec, into: &batch)
        }
        let copies = earlier.filter { $0.reached(subscription) }
        let newest = copies.first
        first.write(
            to: address,
            id: place,
            of: codec,
            about: newest?.message(place),
            into: &batch
        )
        guard !further.isEmpty || copies.count > 1 else { return }
        for message in further where newest != nil || !message.isEmpty {
            place.part += 1
            let earlier = newest?.message(place)
            message.write(to: address, id: place, of: codec, about: earlier, into: &batch)
        }
        for older in copies.dropFirst() {
            for part in 0...further.count where place.part < .max {
                place.part += 1
                let message = older.message(
                    StanzaIDCodec.Place(subscription: subscription, part: UInt8(part))
                )
                empty.write(to: address, id: place, of: codec, about: message, into: &batch)
            }
        }
    }
}

// MARK: - To many at once

extension DeliveryVariant {
    /// Whether there is a place in it for addresses.
    var takesAddresses: Bool { isForAll && first.takesAddresses }

    /// How large a message is, in bytes, without any address.
    var size: Int { first.size }

    /// Appends the message to all of the group, of whom none sees the others.
    func write(
        to group: MulticastGroup,
        through service: [UInt8],
        _ codec: StanzaIDCodec,
        into batch: inout StanzaBatch
    ) {
        first.write(to: group, through: service, of: codec, into: &batch)
    }
}

/// The messages of an earlier fan-out, which another takes back (XEP-0424) or replaces (XEP-0308).
private struct EarlierCopies {
    private let codec: StanzaIDCodec
    /// Who came after this one got nothing of it.
    private let lastReader: SubscriptionRowID
    private let purpose: EarlierMessage.Purpose

    init(_ fanOut: FanOutRecord, to purpose: EarlierMessage.Purpose) {
        codec = StanzaIDCodec(key: fanOut.key)
        lastReader = fanOut.lastSubscription
        self.purpose = purpose
    }

    func reached(_ reader: SubscriptionRowID) -> Bool { reader <= lastReader }

    /// What a reader's message was called, and what is to become of it.
    func message(_ place: StanzaIDCodec.Place) -> EarlierMessage {
        EarlierMessage(codec: codec, place: place, purpose: purpose)
    }
}

/// A message of an earlier fan-out, as another refers to it.
private struct EarlierMessage {
    enum Purpose {
        case retract, replace

        /// What stands before its id, behind the end of the attributes.
        var start: [UInt8] {
            switch self {
            case .retract: Self.retractionStart
            case .replace: Self.replacementStart
            }
        }

        /// What stands behind its id.
        var end: [UInt8] {
            switch self {
            case .retract: Self.retractionEnd
            case .replace: Self.replacementEnd
            }
        }

        private static let retractionStart = Array(
            "'><retract xmlns='\(Namespace.retraction.rawValue)' id='".utf8
        )
        /// Behind it stands what clients show that know no retractions.
        private static let retractionEnd = Array(
            "'/><fallback xmlns='\(Namespace.fallback.rawValue)' for='\(Namespace.retraction.rawValue)'/>"
                .utf8
        )
        private static let replacementStart = Array(
            "'><replace xmlns='\(Namespace.correction.rawValue)' id='".utf8
        )
        private static let replacementEnd = Array("'/>".utf8)
    }

    let codec: StanzaIDCodec
    let place: StanzaIDCodec.Place
    let purpose: Purpose
}

/// One message in two pieces, around the reader's address and the id.
private struct DeliveryMessage {
    private static let emptyTail = Array("/>".utf8)
    private static let addressStart = Array(" to='".utf8)
    private static let idStart = Array("' id='".utf8)
    private static let end = Array("</message>".utf8)
    /// Behind it stands nothing.
    private static let emptyRetractionEnd = Array(
        "'/><store xmlns='\(Namespace.hints.rawValue)'/></message>".utf8
    )

    /// All before the address, with ` to='`.
    private let head: [UInt8]
    private let tail: [UInt8]
    /// Whether nothing is in it but what it may retract.
    let isEmpty: Bool

    init(_ part: VariantRecord.Part) {
        head = part.head + Self.addressStart
        isEmpty = part.tail.elementsEqual(Self.emptyTail)
        tail = [UInt8(ascii: "'")] + part.tail
    }

    /// From the same sender as another, and with nothing in it but what it may retract.
    init(retractingOnly part: VariantRecord.Part) {
        self.init(VariantRecord.Part(head: part.head, tail: Self.emptyTail))
    }

    /// Appends the message to one reader, whose address is given as it was stored.
    func write(
        to address: UnsafeRawBufferPointer,
        id place: StanzaIDCodec.Place,
        of codec: StanzaIDCodec,
        into batch: inout StanzaBatch
    ) {
        address.withEscaped { address in
            batch.append(atMost: size + address.count) { memory in
                var pen = MemoryPen(memory)
                writeStart(to: address, place, codec, &pen)
                pen.write(tail)
                return pen.count
            }
        }
    }

    /// The same, where it may refer to an earlier message.
    func write(
        to address: UnsafeRawBufferPointer,
        id place: StanzaIDCodec.Place,
        of codec: StanzaIDCodec,
        about earlier: EarlierMessage?,
        into batch: inout StanzaBatch
    ) {
        guard let earlier else {
            return write(to: address, id: place, of: codec, into: &batch)
        }
        let most = size + Self.length(of: earlier.purpose)
        address.withEscaped { address in
            batch.append(atMost: most + address.count) { memory in
                var pen = MemoryPen(memory)
                writeStart(to: address, place, codec, &pen)
                pen.write(earlier.purpose.start)
                pen.advance(by: earlier.codec.write(earlier.place, to: pen.rest))
                pen.write(isEmpty ? Self.emptyRetractionEnd : earlier.purpose.end)
                // Behind the end of the start tag, which is written.
                if !isEmpty { tail.dropFirst(2).withUnsafeBytes { pen.write($0) } }
                return pen.count
            }
        }
    }

    /// Up to its id.
    private func writeStart(
        to address: UnsafeRawBufferPointer,
        _ place: StanzaIDCodec.Place,
        _ codec: StanzaIDCodec,
        _ pen: inout MemoryPen
    ) {
        pen.write(head)
        pen.write(address)
        pen.write(Self.idStart)
        pen.advance(by: codec.write(place, to: pen.rest))
    }

    /// Whether it ends as a message does that has something in it.
    var takesAddresses: Bool { tail.suffix(Self.end.count).elementsEqual(Self.end) }

    /// How large it is, but for the reader's address.
    var size: Int { head.count + Self.idStart.count + StanzaIDCodec.length + tail.count }

    /// Appends the message to a service, for all of the group (XEP-0033 §3).
    func write(
        to group: MulticastGroup,
        through service: [UInt8],
        of codec: StanzaIDCodec,
        into batch: inout StanzaBatch
    ) {
        let content = tail.dropLast(Self.end.count)
        let most = size + service.count + group.size + Self.end.count
        batch.append(atMost: most) { memory in
            var pen = MemoryPen(memory)
            pen.write(head)
            pen.write(service)
            pen.write(Self.idStart)
            pen.advance(by: codec.write(group.place, to: pen.rest))
            content.withUnsafeBytes { pen.write($0) }
            pen.write(MulticastGroup.start)
            pen.write(group.addresses)
            pen.write(MulticastGroup.end)
            pen.write(Self.end)
            return pen.count
        }
    }

    /// How much longer a message is that refers to another, at most.
    private static func length(of purpose: EarlierMessage.Purpose) -> Int {
        purpose.start.count + StanzaIDCodec.length
            + max(purpose.end.count, emptyRetractionEnd.count)
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
