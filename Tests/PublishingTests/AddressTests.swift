import Foundation
import Testing
import XMPP

@testable import Publishing

/// Ids and addresses of entries, and the small values they are made of.
@Suite struct AddressTests {
    @Test("the address shown before publishing is the one that is published")
    func previewedURI() async throws {
        let press = try await Press()
        let edition = try press.edition()
        let uri = press.publisher.itemURI(
            of: edition.issue,
            in: edition.feed,
            of: press.newsletter
        )
        try await press.publisher.publish([edition], of: press.newsletter)
        let record = try await press.publisher.publications(of: press.newsletter).first
        #expect(record?.texts.lead == "en body: \(uri)")
    }

    @Test("a tag is fit for atom:id, whatever the file was called (RFC 4151 §2.1)")
    func tag() throws {
        let tag = PublicationTag(domain: try JID("news.verona.example"), on: .monday)
        #expect(tag.authority == "news.verona.example,2026-11-16")
        let plain = try #require(ItemID(rawValue: "2026-04-05-dispatch"))
        #expect(
            tag.atomID(newsletter: "dispatch", issue: plain, feed: try Press.feed("pt-br"))
                == "tag:news.verona.example,2026-11-16:dispatch/2026-04-05-dispatch/pt-br"
        )
        let odd = try #require(ItemID(rawValue: "2026 a/é"))
        #expect(
            tag.atomID(newsletter: "dispatch", issue: odd, feed: try Press.feed("en"))
                == "tag:news.verona.example,2026-11-16:dispatch/2026%20a%2F%C3%A9/en"
        )
    }

    @Test("the day in a tag is that of UTC")
    func lastSecondOfTheDay() throws {
        let tag = PublicationTag(
            domain: try JID("news.verona.example"),
            on: Date(timeIntervalSince1970: 1_798_761_599)
        )
        #expect(tag.authority == "news.verona.example,2026-12-31")
    }

    @Test("a hash is SHA-256 in hexadecimal (FIPS 180-4)")
    func hash() {
        #expect(
            ContentHash.of(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            ContentHash.of([])
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test("a language is found in whatever capitals its tag is written (RFC 5646 §2.1.1)")
    func languageCapitals() throws {
        let node = try #require(NodeID(rawValue: "dispatch-pt"))
        let newsletter = Newsletter(
            name: "dispatch",
            title: "",
            contact: try JID("dispatch@news.verona.example"),
            defaultFeed: Newsletter.Feed(language: "pt-BR", node: node),
            author: ""
        )
        #expect(newsletter.languages == ["pt-br"])
        #expect(newsletter.feed(for: "pt-BR")?.node == node)
        #expect(newsletter.feed(for: "PT-br")?.node == node)
        #expect(newsletter.feed(for: "pt") == nil)
    }
}
