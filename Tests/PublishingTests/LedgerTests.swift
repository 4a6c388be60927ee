import Foundation
import PubSub
import Storage
import Testing
import XML
import XMPP

@testable import Publishing

/// What the ledger remembers, and what it decides.
@Suite struct LedgerTests {
    @Test("the ledger says which file became which item, when, and in which words")
    func entry() async throws {
        let press = try await Press()
        try await press.publisher.publish([press.edition("de")], of: press.newsletter)
        let records = try await press.publisher.publications(of: press.newsletter)
        let record = try #require(records.first)
        #expect(records.count == 1)
        #expect(record.newsletter == "dispatch")
        #expect(record.issue == "2026-04-05-dispatch")
        #expect(record.language == "de")
        #expect(record.fileName == "2026-04-05-dispatch.de.md")
        #expect(record.node.rawValue == "dispatch-de")
        #expect(record.item.rawValue == "2026-04-05-dispatch")
        #expect(record.title == "Title in de")
        #expect(record.state == .published)
        #expect(record.publishedAt == .monday)
        #expect(record.updatedAt == .monday)
        #expect(record.texts.full == "de full: Two households")
        #expect(record.texts.short == "de short")
        #expect(record.texts.link == "link")
        #expect(record.texts.lead.hasPrefix("de body: xmpp:news.verona.example?;node=dispatch-de;"))
        #expect(
            record.atomID
                == "tag:news.verona.example,2026-11-16:dispatch/2026-04-05-dispatch/de"
        )
    }

    @Test("the item carries the id and the dates that the ledger gave")
    func stamp() async throws {
        let press = try await Press()
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        let payload = try #require(try await press.items(in: "en").first?.payloadElement())
        #expect(
            payload.child("id", in: payload.namespace)?.text
                == "tag:news.verona.example,2026-11-16:dispatch/2026-04-05-dispatch/en"
        )
        #expect(payload.child("published", in: payload.namespace)?.text == "2026-11-16T08:30:00Z")
        #expect(payload.child("updated", in: payload.namespace)?.text == "2026-11-16T08:30:00Z")
    }

    @Test("ids keep the authority of the first publish, after a restart and under a new domain")
    func authority() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "broadsheet.db")
        do {
            let press = try await Press(path: path)
            try await press.publisher.publish([press.edition()], of: press.newsletter)
        }
        let press = try await Press(path: path, at: .friday, domain: "gazette.mantua.example")
        let again = try await press.publisher.publish([press.edition()], of: press.newsletter)
        #expect(again.map(\.result) == [.unchanged(since: .monday)])
        let next = try press.edition(of: "2026-05-05-dispatch", text: "Ancient grudge")
        try await press.publisher.publish([next], of: press.newsletter)
        let ids = try await press.publisher.publications(of: press.newsletter).map(\.atomID)
        #expect(
            ids == [
                "tag:news.verona.example,2026-11-16:dispatch/2026-05-05-dispatch/en",
                "tag:news.verona.example,2026-11-16:dispatch/2026-04-05-dispatch/en",
            ]
        )
    }

    @Test("a publish that fails fixes no authority")
    func failureFixesNothing() async throws {
        let press = try await Press()
        let nowhere = Edition(
            feed: try Press.feed("it"),
            issue: try press.edition().issue,
            fileName: "x.it.md",
            title: "",
            contentHash: "",
            render: try press.edition().render
        )
        await #expect(throws: PubSubError.self) {
            try await press.publisher.publish([nowhere], of: press.newsletter)
        }
        try await press.publisher(at: .tuesday).publish([press.edition()], of: press.newsletter)
        let record = try await press.publisher.publications(of: press.newsletter).first
        #expect(record?.atomID.hasPrefix("tag:news.verona.example,2026-11-17:") == true)
    }

    @Test("what was retracted may be published again, under its first id and date")
    func retracted() async throws {
        let press = try await Press()
        try await press.subscribe("juliet@verona.example", to: "en", as: .event)
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        _ = try await press.deliver()
        try await press.retract("2026-04-05-dispatch", in: "en")
        #expect(try await press.items(in: "en").isEmpty)

        let outcomes = try await press.publisher(at: .friday)
            .publish([press.edition(text: "Both alike")], of: press.newsletter)
        #expect(outcomes.map(\.result) == [.published(readers: 1)])
        #expect(try await press.deliver().count == 1)
        let payload = try #require(try await press.items(in: "en").first?.payloadElement())
        #expect(payload.child("published", in: payload.namespace)?.text == "2026-11-16T08:30:00Z")
        #expect(payload.child("updated", in: payload.namespace)?.text == "2026-11-20T08:30:00Z")
        let records = try await press.publisher.publications(of: press.newsletter)
        #expect(records.map(\.state) == [.published])
        #expect(records.map(\.publishedAt) == [.monday])
        #expect(records.map(\.updatedAt) == [.friday])
        #expect(records.map(\.contentHash) == [try press.edition(text: "Both alike").contentHash])
    }

    @Test("what was retracted may come back under another name")
    func retractedTwin() async throws {
        let press = try await Press()
        try await press.publisher.publish([press.edition()], of: press.newsletter)
        _ = try await press.deliver()
        try await press.retract("2026-04-05-dispatch", in: "en")
        let outcomes = try await press.publisher.publish(
            [press.edition(of: "2026-05-05-dispatch")],
            of: press.newsletter
        )
        #expect(outcomes.map(\.result) == [.published(readers: 0)])
    }

    @Test("a translation that still is a copy of its original is no renamed file")
    func copyWithinAnIssue() async throws {
        let press = try await Press()
        let english = try press.edition("en")
        let copy = Edition(
            feed: try Press.feed("de"),
            issue: english.issue,
            fileName: "2026-04-05-dispatch.de.md",
            title: english.title,
            contentHash: english.contentHash,
            render: english.render
        )
        let outcomes = try await press.publisher.publish([english, copy], of: press.newsletter)
        #expect(outcomes.map(\.result) == [.published(readers: 0), .published(readers: 0)])
    }
}
