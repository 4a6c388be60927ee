import Testing

@testable import Issues

/// Addresses in what people write.
@Suite struct WebReferenceTests {
    @Test(
        "spellings of one address are the same",
        arguments: [
            "https://verona.example/news", "http://verona.example/news",
            "HTTPS://Verona.Example/news/", "https://verona.example/news#top",
            "<https://verona.example/news?utm_source=chat&utm_medium=xmpp>",
        ]
    )
    func same(word: String) throws {
        #expect(try #require(WebReference(word)).key == "https://verona.example/news")
    }

    @Test("other pages are others")
    func others() throws {
        let keys = try [
            "https://verona.example/news", "https://verona.example/News",
            "https://verona.example/news?id=1", "https://verona.example",
            "xmpp:news@verona.example",
        ]
        .map { try #require(WebReference($0)).key }
        #expect(Set(keys).count == keys.count)
    }

    @Test(
        "what is no address is none",
        arguments: [
            "verona.example", "https://", "javascript:alert(1)", "https:// x", "file:///etc", "",
        ]
    )
    func none(word: String) {
        #expect(WebReference(word) == nil)
    }

    @Test("the address of a sentence is found without what only ends the sentence")
    func sentences() throws {
        let found = try #require(
            WebReference.first(in: "Look (https://verona.example/a_(b)), all!")
        )
        #expect(found.reference.address == "https://verona.example/a_%28b%29")
        #expect(found.rest == "Look all!")
        #expect(WebReference.first(in: "Nothing here.") == nil)
    }
}
