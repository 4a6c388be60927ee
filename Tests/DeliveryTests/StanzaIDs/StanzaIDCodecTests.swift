import Foundation
import Storage
import Testing

@testable import Delivery

@Suite("Stanza ids")
struct StanzaIDCodecTests {
    let key = (0..<22).map { UInt8($0 * 11) }

    private func place(_ subscription: Int64, _ part: UInt8 = 0) -> StanzaIDCodec.Place {
        StanzaIDCodec.Place(subscription: SubscriptionRowID(rawValue: subscription), part: part)
    }

    @Test("an id leads back to its fan-out, its reader and its part")
    func roundTrip() {
        let codec = StanzaIDCodec(key: key)
        for subscription in [1, 2, 99, 65_536, 1 << 31, 1 << 40] as [Int64] {
            for part in [0, 1, 255] as [UInt8] {
                let id = codec.id(for: place(subscription, part))
                #expect(codec.place(of: id) == place(subscription, part))
                #expect(StanzaIDCodec.tag(of: id) == Array(key.prefix(6)))
            }
        }
    }

    @Test("it is short, and safe wherever an id may stand")
    func alphabet() {
        let codec = StanzaIDCodec(key: key)
        let safe = CharacterSet(charactersIn: "-_").union(.alphanumerics)
        for subscription in 1...1000 as ClosedRange<Int64> {
            let id = codec.id(for: place(subscription))
            #expect(id.count == StanzaIDCodec.length)
            #expect(id.unicodeScalars.allSatisfy { safe.contains($0) && $0.isASCII })
        }
    }

    @Test("made again it is the same; two readers, parts or fan-outs never share one")
    func uniqueness() {
        let codec = StanzaIDCodec(key: key)
        let other = StanzaIDCodec(key: key.reversed())
        var ids: Set<String> = []
        for subscription in 1...2000 as ClosedRange<Int64> {
            #expect(codec.id(for: place(subscription)) == codec.id(for: place(subscription)))
            ids.insert(codec.id(for: place(subscription)))
            ids.insert(codec.id(for: place(subscription, 1)))
            ids.insert(other.id(for: place(subscription)))
        }
        #expect(ids.count == 6000)
    }

    @Test("it does not tell who came first")
    func noCounts() {
        let codec = StanzaIDCodec(key: key)
        let ids = (1...100).map { codec.id(for: place($0)) }
        #expect(ids != ids.sorted())
        let starts = Set(ids.map { $0.dropFirst(8).prefix(3) })
        #expect(starts.count > 90)
    }

    @Test(
        "what is no id of ours is none",
        arguments: [
            "", "1", "ping-1", String(repeating: "A", count: 20), "AAAAAAAAAAAAAAAAAA\u{e9}",
        ]
    )
    func foreign(_ id: String) {
        #expect(StanzaIDCodec.tag(of: id) == nil)
        #expect(StanzaIDCodec(key: key).place(of: id) == nil)
    }

    @Test("an id of another fan-out is none of this one's")
    func otherFanOut() {
        let id = StanzaIDCodec(key: key.reversed()).id(for: place(1))
        #expect(StanzaIDCodec(key: key).place(of: id) == nil)
    }

    @Test("base 64 is that of RFC 4648 §10, without padding")
    func base64() {
        let vectors = [
            "f": "Zg", "fo": "Zm8", "foo": "Zm9v", "foob": "Zm9vYg", "foobar": "Zm9vYmFy",
        ]
        for (text, encoded) in vectors {
            var output: [UInt8] = []
            Base64URL.write(text.utf8, to: &output)
            #expect(String(decoding: output, as: UTF8.self) == encoded)
            #expect(Base64URL.read(encoded) == Array(text.utf8))
        }
        #expect(Base64URL.read("Zh") == nil)
        #expect(Base64URL.read("Z") == nil)
        #expect(Base64URL.read("Z=") == nil)
        #expect(Base64URL.read("__-_") == [0xff, 0xff, 0xbf])
    }
}
