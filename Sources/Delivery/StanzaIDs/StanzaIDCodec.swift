import Storage

/// The ids of one fan-out's stanzas.
///
/// An id says to us whose it is, so that an error that comes back finds its reader without a table;
/// to others it says nothing, not even which of two was made first. Made again, it is the same.
/// It proves nothing: whoever uses one must compare the sender with the reader it stands for.
struct StanzaIDCodec {
    /// Which stanza to whom.
    struct Place: Hashable {
        var subscription: SubscriptionRowID
        /// Which of several stanzas to the same reader.
        var part: UInt8 = 0
    }

    /// The length of every id, in characters.
    static let length = ((FanOutRecord.tagLength + 8) * 8 + 5) / 6

    private let tag: ArraySlice<UInt8>
    /// The tag in base 64; its six bytes fill eight characters, so that the rest stands by itself.
    private let prefix: [UInt8]
    private let cipher: FeistelCipher

    init(key: [UInt8]) {
        tag = key.prefix(FanOutRecord.tagLength)
        var prefix: [UInt8] = []
        Base64URL.write(tag, to: &prefix)
        self.prefix = prefix
        cipher = FeistelCipher(key: key.dropFirst(FanOutRecord.tagLength))
    }

    /// Writes the id to the beginning of the memory, and tells how long it is.
    func write(_ place: Place, to memory: UnsafeMutableRawBufferPointer) -> Int {
        prefix.withUnsafeBytes { memory.copyMemory(from: $0) }
        let word = UInt64(bitPattern: place.subscription.rawValue) << 8 | UInt64(place.part)
        let rest = UnsafeMutableRawBufferPointer(rebasing: memory[prefix.count...])
        return prefix.count + Base64URL.write(cipher.encrypt(word), to: rest)
    }

    func id(for place: Place) -> String {
        String(unsafeUninitializedCapacity: Self.length) {
            write(place, to: UnsafeMutableRawBufferPointer($0))
        }
    }

    /// Whether an id has the form of ours.
    static func canBeOurs(_ id: String) -> Bool {
        bytes(of: id) != nil
    }

    /// Which fan-out an id is of, if it can be one of ours at all.
    static func tag(of id: String) -> [UInt8]? {
        bytes(of: id).map { Array($0.prefix(FanOutRecord.tagLength)) }
    }

    /// Which stanza of this fan-out the id stands for; nil if it is none of its.
    func place(of id: String) -> Place? {
        guard let bytes = Self.bytes(of: id), bytes.starts(with: tag) else { return nil }
        return Place(word: cipher.decrypt(Self.word(bytes.dropFirst(tag.count))))
    }

    /// The tag of an id and what is behind it, as numbers; nil if it can't be one of ours.
    static func words(of id: String) -> (tag: UInt64, rest: UInt64)? {
        bytes(of: id).map { bytes in
            let tagLength = FanOutRecord.tagLength
            return (word(bytes.prefix(tagLength)), word(bytes.dropFirst(tagLength)))
        }
    }

    /// At most eight bytes as a number, the highest first.
    static func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }

    private static func bytes(of id: String) -> [UInt8]? {
        id.utf8.count == length ? Base64URL.read(id) : nil
    }
}

extension StanzaIDCodec.Place {
    /// The place that a deciphered word stands for.
    init(word: UInt64) {
        subscription = SubscriptionRowID(rawValue: Int64(word >> 8))
        part = UInt8(word & 0xff)
    }
}
