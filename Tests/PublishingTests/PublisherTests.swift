import Foundation
import PubSub
import Storage
import Synchronization
import Testing
import XML
import XMPP

@testable import Publishing

@Suite struct PublisherTests {
    @Test("an issue is stored in the node of each language and goes to that one's readers")
    func published() async throws {
        let press = try await Press()
        try await press.subscribe("juliet@verona.example", to: "en", as: .event)
        try await press.subscribe("romeo@verona.example", to: "en", as: .chat)
        try await press.subscribe("goethe@weimar.example", to: "de", as: .eventWithBody)
        let outcomes = try await press.publisher.publish(
            [press.edition("en"), press.edition("de")],
            of: press.newsletter
        )
        #expect(outcomes.map(\.result) == [.published(readers: 2), .published(readers: 1)])
        #expect(outcomes.map(\.node.rawValue) == ["dispatch-en", "dispatch-de"])
        #expect(outcomes.map(\.item.rawValue) == ["2026-04-05-dispatch", "2026-04-05-dispatch"])
        #expect(outcomes.map(\.otherReaders) == [0, 0])
        #expect(try await press.items(in: "en").map(\.name.rawValue) == ["2026-04-05-dispatch"])
        #expect(try await press.items(in: "de").count == 1)
        #expect(try await press.items(in: "fr").isEmpty)

        let copies = try await press.deliver()
        #expect(copies.count == 3)
        #expect(copies[0].hasPrefix("juliet@verona.example: <message from='news.verona.example'"))
        #expect(copies[0].contains("publisher='dispatch@news.verona.example'"))
        #expect(!copies[0].contains("<body>"))
        #expect(copies[1].contains("from='dispatch@news.verona.example'"))
        #expect(copies[1].contains("<body>en short</body>"))
        #expect(!copies[1].contains("<event"))
        #expect(copies[2].contains("<body>de body: xmpp:news.verona.example?;node=dispatch-de;"))
        #expect(copies[2].contains("<event"))
    }

    @Test("the same file again changes nothing, and nobody gets it twice")
    func unchanged() async throws {
        let press = try await Press()
        try await press.subscribe("juliet@verona.example", to: "en", as: .event)
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        #expect(try await press.deliver().count == 1)
        let again = try await press.publisher(at: .friday)
            .publish([press.edition()], of: press.newsletter)
        #expect(again.map(\.result) == [.unchanged(since: .monday)])
        #expect(try await press.deliver().isEmpty)
    }

    @Test("a file that was changed is told of, and readers keep what they got")
    func changed() async throws {
        let press = try await Press()
        try await press.subscribe("juliet@verona.example", to: "en", as: .event)
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        _ = try await press.deliver()
        let before = try await press.items(in: "en")
        let outcomes = try await press.publisher(at: .friday)
            .publish([press.edition(text: "Both alike")], of: press.newsletter)
        #expect(outcomes.map(\.result) == [.changed(since: .monday)])
        #expect(try await press.deliver().isEmpty)
        #expect(try await press.items(in: "en") == before)
        let records = try await press.publisher.publications(of: press.newsletter)
        #expect(records.map(\.contentHash) == [try press.edition().contentHash])
    }

    @Test("a translation that comes later goes out alone")
    func laterTranslation() async throws {
        let press = try await Press()
        try await press.subscribe("juliet@verona.example", to: "en", as: .event)
        try await press.subscribe("goethe@weimar.example", to: "de", as: .event)
        try await press.publisher.publish([press.edition("en")], of: press.newsletter)
        _ = try await press.deliver()
        let outcomes = try await press.publisher(at: .friday)
            .publish([press.edition("en"), press.edition("de")], of: press.newsletter)
        #expect(outcomes.map(\.result) == [.unchanged(since: .monday), .published(readers: 1)])
        let copies = try await press.deliver()
        #expect(copies.map { $0.prefix { $0 != ":" } } == ["goethe@weimar.example"])
    }

    @Test("a file that was only renamed is refused, with its old name and what to do")
    func renamed() async throws {
        let press = try await Press()
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        let renamed = try press.edition(of: "2026-05-05-dispatch")
        let error = PublishingError.renamed(
            file: "2026-05-05-dispatch.en.md",
            earlier: "2026-04-05-dispatch.en.md",
            issue: "2026-04-05-dispatch"
        )
        await #expect(throws: error) {
            try await press.publisher.publish([renamed], of: press.newsletter)
        }
        #expect(try await press.items(in: "en").count == 1)
        #expect(error.description.contains("2026-04-05-dispatch.en.md, which was published as"))
        #expect(error.description.contains("give it its old name back"))
    }

    @Test("two people who publish at once publish it once")
    func atOnce() async throws {
        let folder = try TemporaryFolder()
        let press = try await Press(path: folder.path(of: "broadsheet.db"))
        try await press.subscribe("juliet@verona.example", to: "en", as: .event)
        let edition = try press.edition()
        let results = try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    try await press.publisher.publish([edition], of: press.newsletter)[0].result
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 == .published(readers: 1) } == 1)
        #expect(results.count { $0 == .unchanged(since: .monday) } == 7)
        #expect(try await press.deliver().count == 1)
        #expect(try await press.publisher.publications(of: press.newsletter).count == 1)
    }

    @Test("where one language can't be published, none is, and a second try does it all")
    func allOrNone() async throws {
        let press = try await Press()
        try await press.subscribe("juliet@verona.example", to: "en", as: .event)
        let nodeless = Newsletter.Feed(
            language: "it",
            node: try #require(NodeID(rawValue: "dispatch-it"))
        )
        let broken = Edition(
            feed: nodeless,
            issue: try press.edition().issue,
            fileName: "2026-04-05-dispatch.it.md",
            title: "In Verona bella",
            contentHash: "c0ffee",
            render: try press.edition().render
        )
        await #expect(throws: PubSubError.nodeNotFound(nodeless.node)) {
            try await press.publisher.publish(
                [press.edition("en"), broken, press.edition("de")],
                of: press.newsletter
            )
        }
        #expect(try await press.items(in: "en").isEmpty)
        #expect(try await press.deliver().isEmpty)
        #expect(try await press.publisher.publications(of: press.newsletter).isEmpty)

        let outcomes = try await press.publisher.publish(
            [press.edition("en"), press.edition("de")],
            of: press.newsletter
        )
        #expect(outcomes.map(\.result) == [.published(readers: 1), .published(readers: 0)])
    }

    @Test("chat readers of a language that has no file get the original with a line about it")
    func announced() async throws {
        let press = try await Press()
        try await press.subscribe("moliere@paris.example", to: "fr", as: .chat)
        try await press.subscribe("racine@paris.example", to: "fr", as: .event)
        let outcomes = try await press.publisher.publish(
            [press.edition("en", announcedIn: ["fr", "de"])],
            of: press.newsletter
        )
        #expect(outcomes.map(\.result) == [.published(readers: 0)])
        #expect(outcomes.map(\.otherReaders) == [1])
        let copies = try await press.deliver()
        #expect(copies.count == 1)
        let copy = try #require(copies.first)
        #expect(copy.hasPrefix("moliere@paris.example: "))
        #expect(copy.contains("<body>not in fr yet: Two households, xmpp:news.verona.example?;"))
        #expect(copy.contains("node=dispatch-en;"), "the item is where it was published")
        #expect(copy.contains("xml:lang='en'"), "the text is in the original's language")
        #expect(try await press.items(in: "fr").isEmpty)
    }

    @Test("a translation waits until its readers have got the original that went out before")
    func stillRunning() async throws {
        let press = try await Press()
        try await press.subscribe("moliere@paris.example", to: "fr", as: .chat)
        try await press.publisher.publish(
            [press.edition("en", announcedIn: ["fr"])],
            of: press.newsletter
        )
        let french = try press.edition("fr")
        await #expect(throws: PubSubError.stillRunning(french.issue, french.feed.node)) {
            try await press.publisher.publish([french], of: press.newsletter)
        }
        #expect(try await press.deliver().count == 1)
        let outcomes = try await press.publisher.publish([french], of: press.newsletter)
        #expect(outcomes.map(\.result) == [.published(readers: 1)])
    }

    @Test(
        "a text that is cut goes out in its parts; note and withdrawal come once, the ledger has all"
    )
    func parts() async throws {
        let press = try await Press()
        try await press.subscribe("romeo@verona.example", to: "en", as: .chat)
        let publisher = Publisher(
            service: press.service.domain,
            store: press.store,
            engine: LocalEngine(service: press.service),
            cut: { text in text == "en short" ? ["1: en", "2: short"] : [text] },
            now: { .monday }
        )
        let outcomes = try await publisher.publish([press.edition()], of: press.newsletter)
        #expect(outcomes.map(\.result) == [.published(readers: 1)])
        let copies = try await press.deliver()
        #expect(copies.count == 2)
        #expect(copies.first?.contains("<body>1: en</body>") == true)
        #expect(copies.last?.contains("<body>2: short</body>") == true)
        #expect(
            try await publisher.publications(of: press.newsletter).map(\.texts.short) == [
                "en short"
            ]
        )

        let note = CorrectionNote("Tuesday") { _ in "Correction: Tuesday" }
        _ = try await publisher.correct(
            [press.edition(text: "Three households")],
            of: press.newsletter,
            note: note
        )
        let correction = try await press.deliver()
        #expect(correction.count == 1)
        #expect(correction.first?.contains("<body>Correction: Tuesday\n\nlink</body>") == true)
        let issue = try press.edition().issue
        _ = try await publisher.retract(issue, of: press.newsletter) { title, _ in "gone: \(title)"
        }
        // It is said once; what stands behind only takes the second message back (XEP-0424).
        let withdrawal = try await press.deliver()
        #expect(withdrawal.count == 2)
        #expect(withdrawal.first?.contains("<body>gone: ") == true)
        #expect(
            withdrawal.last?.hasSuffix("/>") == true && withdrawal.last?.contains("body") == false
        )
    }

    /// Cuts every text into so many messages.
    private final class Knife: Sendable {
        private let parts = Mutex(3)

        func cut(into parts: Int) { self.parts.withLock { $0 = parts } }

        func pieces(of text: String) -> [String] {
            (1...parts.withLock { $0 }).map { "\(text) \($0)" }
        }
    }

    @Test(
        "an issue that a correction made shorter is taken back in all its parts, forgotten by then",
        arguments: ChatAmount.allCases
    )
    func partsOfBefore(amount: ChatAmount) async throws {
        let press = try await Press()
        let romeo = DeliveryChoice(form: .chat, amount: amount)
        try await press.subscribe("romeo@verona.example", to: "en", choosing: romeo)
        let knife = Knife()
        let publisher = Publisher(
            service: press.service.domain,
            store: press.store,
            engine: LocalEngine(service: press.service),
            cut: knife.pieces,
            now: { .monday }
        )
        _ = try await publisher.publish([press.edition()], of: press.newsletter)
        #expect(try await press.deliver().count == 3)
        knife.cut(into: 1)
        let shorter = try press.edition(text: "One household")
        _ = try await publisher.correct([shorter], of: press.newsletter)
        _ = try await press.deliver()
        let kept = try await press.store.write { transaction in
            try transaction.pruneFanOuts(
                acknowledgedBefore: .distantFuture,
                writtenBefore: .distantFuture
            )
            return try transaction.fanOuts(limit: 9).flatMap { try transaction.variants(of: $0.id) }
        }
        #expect(kept.isEmpty)
        _ = try await publisher.retract(shorter.issue, of: press.newsletter) { _, _ in "gone" }
        #expect(try await press.deliver().count == 3)
    }
}
