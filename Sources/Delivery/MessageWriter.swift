import Component
import Storage
import XMPP

/// Turns readers into batches of messages: for each the variant of their choice, with their address
/// and id.
///
/// It keeps the readers that were read from the database, one page while the next is fetched, and
/// the memory of the pieces in which batches are written.
struct MessageWriter {
    /// What a batch holds, as far as it is made.
    struct Extent {
        /// The last subscription in it.
        let end: SubscriptionRowID
        let count: Int
        let bytes: Int
        /// Whether something in it went to the multicast service.
        var isMulticast = false
    }

    struct Outgoing {
        let codec: StanzaIDCodec
        let isRetraction: Bool
        /// Nil where nothing goes to many at once, nor ever did.
        var sharing: IDSharing?
        /// By the ordinal of their kind.
        var variants: [DeliveryVariant?]
        fileprivate var page: RecipientPage?
        /// The first of the page who is in no batch yet.
        fileprivate var next = 0
        /// The page behind that one.
        fileprivate var following = Following.unknown
    }

    /// How far readers went into a piece.
    struct Filling {
        /// The index after the last of them.
        var end: Int
        /// How many seconds the next one has to wait, if that ended it.
        var pause: Double?
        var isMulticast = false
    }

    fileprivate enum Following {
        case unknown
        /// Somebody reads it, under this number.
        case awaited(Int)
        case known(RecipientPage)
    }

    /// Pieces that NIO may still hold; with one more than it does, memory is used again.
    private static let piecesHeld = 4

    private let settings: DeliverySettings
    private var outgoing: [FanOutRowID: Outgoing] = [:]
    private var pieces = Array(repeating: StanzaBatch(), count: Self.piecesHeld)
    private var turn = 0
    /// How many pages were begun to be read ahead.
    private var pagesAhead = 0
    /// What the pacer's moments are counted from.
    private static let start = ContinuousClock.now
    /// How much may go out now; it outlives the stream.
    private(set) var pacer: Pacer
    private let serverDomain: [UInt8]
    /// How long the next reader has to wait, in seconds, if the last piece ended, or was none, for that.
    private(set) var pause: Double?

    /// Makes one, which goes on at the pace of that before it.
    init(_ settings: DeliverySettings, serverDomain: String, pacer: Pacer? = nil) {
        self.pacer =
            pacer
            ?? Pacer(
                pace: settings.pace,
                domainPace: settings.domainPace,
                ownDomain: serverDomain
            )
        self.settings = settings
        self.serverDomain = Array(serverDomain.utf8)
    }

    /// The piece that was made last.
    var piece: StanzaBatch { pieces[turn] }

    func knows(_ fanOut: FanOutRowID) -> Bool {
        outgoing[fanOut] != nil
    }

    /// Takes what a fan-out sends.
    ///
    /// - Parameters:
    ///   - variants: its messages.
    ///   - fanOut: whose they are.
    ///   - earlier: those whose messages it takes back or corrects, newest first.
    ///   - sharesIDs: whether its readers at our server share ids.
    ///   - service: what writes to them; nil if each is written to singly.
    mutating func learn(
        _ variants: [VariantRecord],
        of fanOut: FanOutRecord,
        after earlier: [FanOutRecord] = [],
        sharingIDs sharesIDs: Bool = false,
        through service: MulticastService? = nil
    ) {
        var table = [DeliveryVariant?](repeating: nil, count: VariantKind.all.count)
        for variant in variants {
            // What tells of a correction leaves the message alone that another replaces.
            let isTold = fanOut.corrects != nil && !variant.kind.isReplacement
            table[variant.kind.ordinal] = DeliveryVariant(variant, after: isTold ? [] : earlier)
        }
        outgoing[fanOut.id] = Outgoing(
            codec: StanzaIDCodec(key: fanOut.key),
            isRetraction: fanOut.isRetraction,
            sharing: sharesIDs
                ? IDSharing(table, at: serverDomain, through: service, settings) : nil,
            variants: table
        )
    }

    /// Lets all who come now get the announcement instead, a message with title and link.
    ///
    /// Nothing changes if there is none, nor for a retraction, which is to take back what readers
    /// have, however late; a room gets a single short message anyway.
    mutating func announceOnly(_ fanOut: FanOutRowID) {
        guard var entry = outgoing[fanOut], !entry.isRetraction,
            let link = entry.variants[VariantKind.chat(.link).ordinal]
        else { return }
        for kind in VariantKind.all where kind != .room && entry.variants[kind.ordinal] != nil {
            entry.variants[kind.ordinal] = link
        }
        entry.sharing?.service = nil
        outgoing[fanOut] = entry
    }

    /// Lets all who come now be written to one by one; tells in which fan-outs that is new.
    mutating func writeSingly() -> [FanOutRowID] {
        let affected = outgoing.keys.filter { service(of: $0) != nil }
        for fanOut in affected { outgoing[fanOut]?.sharing?.service = nil }
        return affected
    }

    /// What a fan-out's messages to many go to; nil if there are none.
    func service(of fanOut: FanOutRowID) -> JID? {
        outgoing[fanOut]?.sharing?.service?.address
    }

    mutating func forget(_ fanOut: FanOutRowID) {
        outgoing[fanOut] = nil
    }

    // MARK: - Readers

    /// Whether readers have to be read before the next batch of the fan-out can be made.
    func needsReaders(_ fanOut: FanOutRowID) -> Bool {
        outgoing[fanOut]?.page == nil
    }

    mutating func take(_ page: RecipientPage, of fanOut: FanOutRowID) {
        outgoing[fanOut]?.page = page
        outgoing[fanOut]?.next = 0
    }

    /// Lets all be read again: something has changed since.
    mutating func forgetReaders() {
        for fanOut in outgoing.keys { forgetReaders(of: fanOut) }
    }

    /// The same for one fan-out.
    mutating func forgetReaders(of fanOut: FanOutRowID) {
        outgoing[fanOut]?.page = nil
        outgoing[fanOut]?.following = .unknown
    }

    // MARK: - Reading ahead

    /// Says where the page begins that is to be read while this one is written, and its number; nil
    /// if there is none, or it is known or asked for.
    ///
    /// What goes out at a pace takes its time, and is read as late as possible.
    mutating func placeAhead(
        of fanOut: FanOutRowID
    ) -> (after: SubscriptionRowID, number: Int)? {
        guard !pacer.isActive, let entry = outgoing[fanOut], case .unknown = entry.following,
            let page = entry.page, let last = page.indices.last, page.count >= settings.pageSize
        else { return nil }
        pagesAhead += 1
        outgoing[fanOut]?.following = .awaited(pagesAhead)
        return (page.subscription(at: last), pagesAhead)
    }

    /// Whether the next batch has to wait for the page that is being read.
    func awaitsReaders(of fanOut: FanOutRowID) -> Bool {
        guard let entry = outgoing[fanOut], entry.page == nil else { return false }
        if case .awaited = entry.following { return true }
        return false
    }

    /// The page of that number; without effect if something has changed since it was asked for.
    mutating func takeAhead(_ page: RecipientPage, _ number: Int, of fanOut: FanOutRowID) {
        guard let entry = outgoing[fanOut], case .awaited(number) = entry.following else { return }
        if entry.page == nil {
            take(page, of: fanOut)
            outgoing[fanOut]?.following = .unknown
        } else {
            outgoing[fanOut]?.following = .known(page)
        }
    }

    /// Turns to the page behind the one that is used up.
    private mutating func turnPage(of fanOut: FanOutRowID) {
        outgoing[fanOut]?.page = nil
        if case .known(let page) = outgoing[fanOut]?.following {
            take(page, of: fanOut)
            outgoing[fanOut]?.following = .unknown
        }
    }

    // MARK: - Batches

    /// Lets so many messages to that address go besides the batches, or tells how many seconds they have
    /// to wait.
    mutating func pause(before count: Int, to address: String) -> Double? {
        guard pacer.isActive else { return nil }
        let now = elapsed
        return Array(address.utf8).withUnsafeBytes { pacer.admit(count, to: $0, at: now) }
    }

    /// How many messages a fan-out has for that reader.
    func messageCount(to recipient: Recipient, of fanOut: FanOutRowID) -> Int {
        outgoing[fanOut]?.variants[recipient.kind.ordinal]?.count(to: recipient.subscription) ?? 0
    }

    private var elapsed: Double { Self.start.duration(to: .now) / .seconds(1) }

    /// Makes the next piece of a batch from the readers that were read, and tells how far the batch
    /// is with it; nil if it is full, or none of them are left.
    mutating func makePiece(of fanOut: FanOutRowID, after batch: Extent?) -> Extent? {
        // What the pace has ended is over, though it might admit one more by now.
        if batch != nil && pause != nil { return nil }
        let (count, bytes) = (batch?.count ?? 0, batch?.bytes ?? 0)
        pause = nil
        guard count < settings.batchSize, bytes < settings.batchBytes,
            let entry = outgoing[fanOut], let page = entry.page, entry.next < page.count
        else { return nil }
        turn = (turn + 1) % pieces.count
        let most = min(DeliverySettings.pieceBytes, settings.batchBytes - bytes)
        let readers = entry.next..<min(page.count, entry.next + settings.batchSize - count)
        let filled =
            if let sharing = entry.sharing {
                Self.fill(
                    &pieces[turn],
                    upTo: most,
                    from: page,
                    readers,
                    entry,
                    sharing,
                    &pacer,
                    at: elapsed
                )
            } else {
                Self.fill(
                    &pieces[turn],
                    upTo: most,
                    from: page,
                    readers,
                    entry,
                    &pacer,
                    at: elapsed
                )
            }
        let end = filled.end
        pause = filled.pause
        guard end > entry.next else { return nil }
        outgoing[fanOut]?.next = end
        // A full page may have more behind it.
        if end == page.count && page.count >= settings.pageSize { turnPage(of: fanOut) }
        return Extent(
            end: page.subscription(at: end - 1),
            count: count + end - entry.next,
            bytes: bytes + pieces[turn].count,
            isMulticast: batch?.isMulticast == true || filled.isMulticast
        )
    }

    /// Makes a piece of what one reader gets.
    mutating func makeMessage(to recipient: Recipient, of fanOut: FanOutRowID) {
        turn = (turn + 1) % pieces.count
        pieces[turn].removeAll()
        guard let entry = outgoing[fanOut] else { return }
        Array(recipient.address.utf8).withUnsafeBytes { address in
            entry.variants[recipient.kind.ordinal]?.write(
                to: address,
                of: recipient.subscription,
                entry.codec,
                sharingID: entry.sharing?.covers(recipient.kind.ordinal, address) == true,
                into: &pieces[turn]
            )
        }
    }

    /// Whether the last piece reached the last of the readers.
    func isThrough(_ fanOut: FanOutRowID) -> Bool {
        guard let entry = outgoing[fanOut], let page = entry.page else { return false }
        return entry.next == page.count
    }

    /// Fills the piece, with a message for each reader.
    private static func fill(
        _ piece: inout StanzaBatch,
        upTo bytes: Int,
        from page: RecipientPage,
        _ readers: Range<Int>,
        _ entry: Outgoing,
        _ pacer: inout Pacer,
        at now: Double
    ) -> Filling {
        piece.removeAll()
        var index = readers.lowerBound
        while index < readers.upperBound {
            // Most get the same as the one before, and to take what it is anew takes as long as a message.
            let kind = page.kindOrdinal(at: index)
            let variant = entry.variants[kind]
            while index < readers.upperBound, page.kindOrdinal(at: index) == kind {
                guard piece.count < bytes else { return Filling(end: index) }
                let pause = page.withAddress(at: index) { address -> Double? in
                    let reader = page.subscription(at: index)
                    if pacer.isActive {
                        let count = variant?.count(to: reader) ?? 0
                        if let pause = pacer.admit(count, to: address, at: now) { return pause }
                    }
                    variant?.write(to: address, of: reader, entry.codec, into: &piece)
                    return nil
                }
                if let pause { return Filling(end: index, pause: pause) }
                index += 1
            }
        }
        return Filling(end: readers.upperBound)
    }
}
