import Testing

@testable import Delivery

@Suite("The keyed function behind stanza ids")
struct SipHashTests {
    @Test("it is SipHash-2-4: the reference vector for eight bytes")
    func referenceVector() {
        let hash = SipHash(key: 0..<16).hash(0x0706_0504_0302_0100)
        #expect(hash == 0x93f5_f579_9a93_2462)
    }

    @Test("what is encrypted is decrypted, and by no other key")
    func roundTrip() {
        let cipher = FeistelCipher(key: 0..<16)
        let other = FeistelCipher(key: 1..<17)
        for word in [0, 1, 2, 255, 256, 1 << 40, UInt64.max] {
            let encrypted = cipher.encrypt(word)
            #expect(encrypted != word)
            #expect(cipher.decrypt(encrypted) == word)
            #expect(other.decrypt(encrypted) != word)
        }
    }

    @Test("neighbours differ in about half of their bits")
    func diffusion() {
        let cipher = FeistelCipher(key: 0..<16)
        let differences = (0..<1000).map { word in
            (cipher.encrypt(word) ^ cipher.encrypt(word + 1)).nonzeroBitCount
        }
        let mean = Double(differences.reduce(0, +)) / 1000
        #expect((30...34).contains(mean))
    }
}
