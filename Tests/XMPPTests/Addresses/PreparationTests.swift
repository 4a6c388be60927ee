import Testing
import XMPP

/// The parts of addresses as PRECIS prepares them (RFC 8264, RFC 8265).
@Suite("Preparation of addresses")
struct PreparationTests {
    private func localpart(_ text: String) throws -> [Unicode.Scalar] {
        Array(
            try JID(localpart: text, domainpart: "d").localpart?.unicodeScalars ?? "".unicodeScalars
        )
    }

    private func resourcepart(_ text: String) throws -> [Unicode.Scalar] {
        Array(
            try JID(domainpart: "d", resourcepart: text).resourcepart?.unicodeScalars
                ?? "".unicodeScalars
        )
    }

    @Test(
        "a localpart has one spelling (RFC 8265 §3.3)",
        arguments: [
            "JULIET": "juliet",
            // The sharp s stays, and its capital becomes it: lower-casing, not folding.
            "STRAßE": "straße",
            "STRA\u{1E9E}E": "straße",
            // The capital sigma that ends a word becomes the final one, any other does not.
            "ΟΔΟΣ": "οδος",
            "ΟΔΟΣ.ΣΑΣ": "οδοσ.σας",
            "Σ": "σ",
            "ς": "ς",
            // The Turkish İ keeps its dot as a mark of its own.
            "İstanbul": "i\u{307}stanbul",
            "ı": "ı",
            "ＲＯＭＥＯ１": "romeo1",
            "ｶﾞ": "ガ",
            "A\u{30A}": "å",
            "АЛИСА": "алиса",
            "שלום": "שלום",
            "مرحبا": "مرحبا",
            "שלום1": "שלום1",
            "a1-_.!#$%()*+,;=?[\\]^`{|}~": "a1-_.!#$%()*+,;=?[\\]^`{|}~",
            "l·l": "l·l",
            "L·L": "l·l",
            "͵α": "͵α",
            "א׳": "א׳",
            "ナ・カ": "ナ・カ",
            "中・": "中・",
            // The non-joiner between Persian letters, and after a virama.
            "نامه\u{200C}ای": "نامه\u{200C}ای",
            "क\u{94D}\u{200C}ष": "क\u{94D}\u{200C}ष",
            "क\u{94D}\u{200D}ष": "क\u{94D}\u{200D}ष",
            "٠١٢ا": nil,
            "ا٠١٢": "ا٠١٢",
        ] as [String: String?]
    )
    func localparts(text: String, expected: String?) throws {
        guard let expected else {
            #expect(throws: JIDError.self) { try localpart(text) }
            return
        }
        #expect(try localpart(text) == Array(expected.unicodeScalars))
        #expect(try localpart(expected) == Array(expected.unicodeScalars))
    }

    @Test(
        "a character that does not belong into a localpart is named",
        arguments: [
            ("a b", " "), ("a\u{0}", "\u{0}"), ("a\u{7F}", "\u{7F}"), ("a&b", "&"), ("a'b", "'"),
            ("a:b", ":"), ("a<b", "<"), ("a>b", ">"), ("é:", ":"), ("a＠b", "@"), ("a／b", "/"),
            ("a\u{3000}b", " "), ("a\u{A0}b", "\u{A0}"), ("\u{FB01}", "\u{FB01}"),
            ("\u{212B}", "\u{212B}"), ("\u{1C5}", "\u{1C5}"), ("½", "½"), ("✓", "✓"), ("€", "€"),
            ("\u{AD}a", "\u{AD}"), ("a\u{200B}", "\u{200B}"), ("a\u{FE0F}", "\u{FE0F}"),
            ("\u{1100}", "\u{1100}"), ("\u{640}ا", "\u{640}"), ("\u{FFFE}", "\u{FFFE}"),
            ("\u{E000}", "\u{E000}"), ("\u{378}", "\u{378}"),
            ("a\u{200D}b", "\u{200D}"), ("a\u{200C}b", "\u{200C}"), ("\u{200D}", "\u{200D}"),
            ("a·b", "·"), ("·", "·"), ("l·", "·"), ("\u{375}a", "\u{375}"), ("\u{375}", "\u{375}"),
            ("a\u{30FB}b", "\u{30FB}"),
        ] as [(String, Unicode.Scalar)]
    )
    func disallowed(text: String, scalar: Unicode.Scalar) {
        #expect(throws: JIDError.disallowed(.localpart, scalar)) { try localpart(text) }
    }

    @Test(
        "directions of writing may not be mixed in a localpart (RFC 5893 §2)",
        arguments: ["אa", "aא", "1א", "א-", "ا1٠", "ا٠۰", "aا1", "-א", "٠"]
    )
    func mixedDirections(text: String) {
        #expect(throws: JIDError.mixedDirections(.localpart)) { try localpart(text) }
    }

    @Test("a resource may mix directions: only localparts are held to the Bidi Rule")
    func freeDirections() throws {
        #expect(try resourcepart("aא") == Array("aא".unicodeScalars))
    }

    @Test(
        "a resource keeps its letters, and gets plain spaces (RFC 8265 §4.2)",
        arguments: [
            "Balcony": "Balcony",
            "in the\u{A0}garden": "in the garden",
            "a\u{3000}b\u{2003}c\u{1680}d": "a b c d",
            "ＷＩＤＥ": "ＷＩＤＥ",
            "Henry \u{2163}": "Henry \u{2163}",
            "e\u{301}": "é",
            "\u{212B}": "Å",
            "<\"'&:@/>": "<\"'&:@/>",
            "😀": "😀",
            "क\u{94D}\u{200D}ष": "क\u{94D}\u{200D}ष",
        ]
    )
    func resourceparts(text: String, expected: String) throws {
        #expect(try resourcepart(text) == Array(expected.unicodeScalars))
    }

    @Test(
        "a character that does not belong into a resource is named",
        arguments: [
            ("a\tb", "\t"), ("a\n", "\n"), ("\u{85}", "\u{85}"), ("a\u{FE0F}", "\u{FE0F}"),
            ("👩\u{200D}👧", "\u{200D}"), ("\u{2028}", "\u{2028}"), ("\u{202E}x", "\u{202E}"),
            ("\u{1100}", "\u{1100}"), ("\u{E000}", "\u{E000}"), ("\u{FFFE}", "\u{FFFE}"),
            ("\u{378}", "\u{378}"), ("\u{FEFF}", "\u{FEFF}"), ("٠۰", "٠"),
        ] as [(String, Unicode.Scalar)]
    )
    func disallowedInResources(text: String, scalar: Unicode.Scalar) {
        #expect(throws: JIDError.disallowed(.resourcepart, scalar)) { try resourcepart(text) }
    }

    @Test("what is prepared is not changed by preparing it again")
    func idempotence() throws {
        var generator = Scrambler(state: 7622)
        var accepted = (local: 0, resource: 0)
        for _ in 0..<20_000 {
            let text = generator.text()
            if let once = try? localpart(text) {
                accepted.local += 1
                #expect(try localpart(String(String.UnicodeScalarView(once))) == once)
            }
            if let once = try? resourcepart(text) {
                accepted.resource += 1
                #expect(try resourcepart(String(String.UnicodeScalarView(once))) == once)
            }
        }
        #expect(accepted.local > 1000 && accepted.resource > 2000)
    }
}

/// Makes the same odd texts at every run.
private struct Scrambler {
    var state: UInt64

    private static let scripts: [ClosedRange<UInt32>] = [
        0x41...0x5A, 0x61...0x7A, 0xC0...0x17F, 0x370...0x3FF, 0x400...0x4FF, 0x5D0...0x5EA,
        0x620...0x6FF, 0x900...0x97F, 0x1E00...0x1FFF, 0x2100...0x214F, 0x3040...0x30FF,
        0xFF00...0xFF9F, 0x300...0x36F, 0x1F600...0x1F64F,
    ]

    private mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    /// One to four characters, mostly of one script.
    mutating func text() -> String {
        var range = Self.scripts[next(below: Self.scripts.count)]
        var result = ""
        for _ in 0...next(below: 4) {
            if next(below: 4) == 0 { range = Self.scripts[next(below: Self.scripts.count)] }
            let value = range.lowerBound + UInt32(next(below: range.count))
            if let scalar = Unicode.Scalar(value) { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}
