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
        var bytes: [UInt8] = []
        variant.write(to: address, id: place, of: codec, into: &bytes)
        let expected = Message(
            .chat,
            id: codec.id(for: place),
            from: try JID("verse@news.verona.lit"),
            to: try JID(address),
            body: "A rose"
        )
        let parser = Parser()
        _ = try parser.parse("<stream xmlns='jabber:component:accept'>".utf8)
        #expect(try parser.parse(bytes) == [.element(expected.element())])
    }

    @Test("it is appended to what is there")
    func appends() throws {
        let variant = DeliveryVariant(VariantKind.event.sample(about: "A rose"))
        var once: [UInt8] = []
        variant.write(to: "a@b", id: place, of: codec, into: &once)
        var twice = once
        variant.write(to: "a@b", id: place, of: codec, into: &twice)
        #expect(twice == once + once)
    }
}
