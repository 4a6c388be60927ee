import Component
import Storage

/// Pieces in which some messages are for many readers at once.
extension MessageWriter {
    /// Fills the piece: who shares an id is written to at once where that can be, and all others, and
    /// a single one of those, singly.
    static func fill(
        _ piece: inout StanzaBatch,
        upTo bytes: Int,
        from page: RecipientPage,
        _ readers: Range<Int>,
        _ entry: Outgoing,
        _ sharing: IDSharing,
        _ pacer: inout Pacer,
        at now: Double
    ) -> Filling {
        piece.removeAll()
        var filling = Filling(end: readers.upperBound)
        var groups = [MulticastGroup?](repeating: nil, count: entry.variants.count)
        for index in readers {
            let waiting = groups.reduce(0) { $0 + ($1?.size ?? 0) }
            let kind = page.kindOrdinal(at: index)
            guard piece.count + waiting < bytes else {
                filling.end = index
                break
            }
            guard let variant = entry.variants[kind] else { continue }
            filling.pause = page.withAddress(at: index) { address -> Double? in
                let reader = page.subscription(at: index)
                if pacer.isActive,
                    let pause = pacer.admit(variant.count(to: reader), to: address, at: now)
                {
                    return pause
                }
                let isShared = sharing.covers(kind, address)
                guard isShared, sharing.isForMany(kind) else {
                    variant.write(
                        to: address,
                        of: reader,
                        entry.codec,
                        sharingID: isShared,
                        into: &piece
                    )
                    return nil
                }
                let place = StanzaIDCodec.Place.shared(by: reader)
                if let group = groups[kind],
                    group.place != place || !sharing.hasRoom(group, for: address, in: variant)
                {
                    filling.isMulticast =
                        write(group, variant, entry.codec, sharing, into: &piece)
                        || filling.isMulticast
                    groups[kind] = nil
                }
                var group = groups[kind] ?? MulticastGroup(place: place)
                groups[kind] = nil
                group.add(address, of: reader)
                groups[kind] = group
                return nil
            }
            if filling.pause != nil {
                filling.end = index
                break
            }
        }
        for (kind, group) in groups.enumerated() {
            guard let group, let variant = entry.variants[kind] else { continue }
            filling.isMulticast =
                write(group, variant, entry.codec, sharing, into: &piece)
                || filling.isMulticast
        }
        return filling
    }

    /// Writes to all of the group; true if that went to the service.
    private static func write(
        _ group: MulticastGroup,
        _ variant: DeliveryVariant,
        _ codec: StanzaIDCodec,
        _ sharing: IDSharing,
        into piece: inout StanzaBatch
    ) -> Bool {
        guard group.count == 1, let first = group.first else {
            variant.write(to: group, through: sharing.serviceAddress, codec, into: &piece)
            return true
        }
        first.address.withUnsafeBytes { address in
            variant.write(
                to: address,
                of: first.reader,
                codec,
                sharingID: true,
                into: &piece
            )
        }
        return false
    }
}
