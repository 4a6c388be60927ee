import Component
import Storage
import Testing
import XML
import XMPP

@testable import Delivery

@Suite("Messages that lack only their reader")
struct DeliveryVariantTests {
    private let codec = StanzaIDCodec(key: Array(0..<22))
    private let place = StanzaIDCodec.Place(subscription: SubscriptionRowID(rawValue: 7))

    @Test(
        "for each reader it is the message the writer would write",
        arguments: [
            "juliet@verona.lit", "juliet@verona.lit/balcony", "o@verona.lit/it's <\"& ☃>",
            "日本@例え.jp/\u{FFFD}x",
        ]
    )
    func equalsWriter(address: String) throws {
        let variant = DeliveryVariant(VariantKind.chat(.short).sample(about: "A rose"))
        let expected = Message(
            .chat,
            id: codec.id(for: place),
            from: try JID("verse@news.verona.lit"),
            to: try JID(address),
            body: "A rose"
        )
        let parser = Parser()
        _ = try parser.parse("<stream xmlns='jabber:component:accept'>".utf8)
        let bytes = written(variant, to: address).bytes
        #expect(try parser.parse(bytes) == [.element(expected.element())])
    }

    @Test(
        "long and short ones are appended to what is there, and what was written is emptied",
        arguments: [1, 4096, 100_000]
    )
    func appends(length: Int) throws {
        let item = String(repeating: "rose ", count: length / 5 + 1)
        let record = VariantKind.event.sample(about: item)
        let variant = DeliveryVariant(record)
        let once = written(variant, to: "a@b")
        let id = codec.id(for: place)
        #expect(
            once.bytes == record.first.head + Array(" to='a@b' id='\(id)'".utf8) + record.first.tail
        )
        #expect(once.count == once.bytes.count)
        var batch = once
        write(variant, to: "c@d", &batch)
        #expect(batch.bytes == once.bytes + written(variant, to: "c@d").bytes)
        batch.removeAll()
        #expect(batch.isEmpty)
        write(variant, to: "c@d", &batch)
        #expect(batch.bytes == written(variant, to: "c@d").bytes)
    }

    private func written(_ variant: DeliveryVariant, to address: String) -> StanzaBatch {
        var batch = StanzaBatch()
        write(variant, to: address, &batch)
        return batch
    }

    private func write(_ variant: DeliveryVariant, to address: String, _ batch: inout StanzaBatch) {
        Array(address.utf8).withUnsafeBytes {
            variant.write(to: $0, of: place.subscription, codec, into: &batch)
        }
    }
}
