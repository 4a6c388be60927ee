/// SipHash-2-4 of messages of eight bytes (Aumasson and Bernstein, 2012).
///
/// It serves as the keyed random function from which stanza ids are made.
struct SipHash {
    private let start: State

    /// Takes the first sixteen bytes; missing ones count as zero.
    init(key: some Collection<UInt8>) {
        let k0 = Self.word(key.prefix(8))
        let k1 = Self.word(key.dropFirst(8).prefix(8))
        start = State(
            v0: k0 ^ 0x736f_6d65_7073_6575,
            v1: k1 ^ 0x646f_7261_6e64_6f6d,
            v2: k0 ^ 0x6c79_6765_6e65_7261,
            v3: k1 ^ 0x7465_6462_7974_6573
        )
    }

    /// The hash of the word's eight bytes, lowest first.
    func hash(_ message: UInt64) -> UInt64 {
        var state = start
        state.compress(message)
        // The last block holds the message's length in its highest byte.
        state.compress(8 << 56)
        return state.finish()
    }

    private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var word: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            word |= UInt64(byte) << (8 * index)
        }
        return word
    }

    private struct State {
        var v0, v1, v2, v3: UInt64

        mutating func compress(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish() -> UInt64 {
            v2 ^= 0xff
            for _ in 0..<4 {
                round()
            }
            return v0 ^ v1 ^ v2 ^ v3
        }

        // Each id takes 32 of them, and calling one took as long as running it.
        @inline(__always)
        private mutating func round() {
            v0 &+= v1
            v1 = rotate(v1, 13) ^ v0
            v0 = rotate(v0, 32)
            v2 &+= v3
            v3 = rotate(v3, 16) ^ v2
            v0 &+= v3
            v3 = rotate(v3, 21) ^ v0
            v2 &+= v1
            v1 = rotate(v1, 17) ^ v2
            v2 = rotate(v2, 32)
        }

        @inline(__always)
        private func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
            (word &<< count) | (word &>> (64 &- count))
        }
    }
}
