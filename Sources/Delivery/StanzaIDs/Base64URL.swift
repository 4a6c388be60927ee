/// Base 64 with the alphabet that is safe in URLs and file names, without padding (RFC 4648 §5).
enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    static func write(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                output.append(alphabet[Int(bits >> count & 0x3f)])
            }
        }
        if count > 0 {
            output.append(alphabet[Int(bits << (6 - count) & 0x3f)])
        }
    }

    /// Writes the word's eight bytes, highest first, as eleven characters; tells how many those are.
    static func write(_ word: UInt64, to memory: UnsafeMutableRawBufferPointer) -> Int {
        for index in 0..<10 {
            memory[index] = alphabet[Int(word >> UInt64(58 - 6 * index) & 0x3f)]
        }
        memory[10] = alphabet[Int(word << 2 & 0x3f)]
        return 11
    }

    /// The bytes; nil if the text holds other characters or bits that no bytes would leave.
    static func read(_ text: String) -> [UInt8]? {
        var (bits, count): (UInt32, UInt32) = (0, 0)
        var bytes: [UInt8] = []
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        guard count < 6, bits & (1 << count - 1) == 0 else { return nil }
        return bytes
    }
}
