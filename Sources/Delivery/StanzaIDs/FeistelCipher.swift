/// Turns 64-bit words into others and back, by a key: a Feistel network of four rounds, which is
/// indistinguishable from a random permutation as far as its round function is from a random one
/// (Luby and Rackoff, 1988).
struct FeistelCipher {
    private static let rounds: UInt64 = 4

    private let function: SipHash

    init(key: some Collection<UInt8>) {
        function = SipHash(key: key)
    }

    func encrypt(_ word: UInt64) -> UInt64 {
        var (left, right) = (word >> 32, word & 0xffff_ffff)
        for round in 0..<Self.rounds {
            (left, right) = (right, left ^ mix(right, round))
        }
        return left << 32 | right
    }

    func decrypt(_ word: UInt64) -> UInt64 {
        var (left, right) = (word >> 32, word & 0xffff_ffff)
        for round in (0..<Self.rounds).reversed() {
            (left, right) = (right ^ mix(left, round), left)
        }
        return left << 32 | right
    }

    /// 32 bits that depend on the half, the round and the key.
    private func mix(_ half: UInt64, _ round: UInt64) -> UInt64 {
        function.hash(round << 32 | half) & 0xffff_ffff
    }
}
