import Foundation
import PubSub
import Publishing
import Storage
import Synchronization
import Testing
import XML
import XMPP

/// A newsletter in three languages with its service, its database and a clock that tests set.
struct Press {
    let newsletter: Newsletter
    let service: PubSubService
    let store: Store
    let publisher: Publisher

    static let domain = "news.verona.example"

    /// With a path the database is a file, which outlives the press.
    ///
    /// With an engine its items are at that service too.
    init(
        path: String? = nil,
        at date: Date = .monday,
        domain: String = Press.domain,
        engine: String? = nil
    ) async throws {
        let domain = try JID(domain)
        var newsletter = Newsletter(
            name: "dispatch",
            title: "The Verona Dispatch",
            contact: try JID("dispatch@\(domain)"),
            defaultFeed: try Self.feed("en"),
            otherFeeds: [try Self.feed("de"), try Self.feed("fr")],
            author: "Friar Lorenzo"
        )
        newsletter.engine = try engine.map { try JID($0) }
        self.newsletter = newsletter
        store = try path.map { try Store(path: $0) } ?? Store.inMemory()
        service = PubSubService(domain: domain, now: { date })
        publisher = Publisher(
            service: domain,
            store: store,
            engine: Self.engine(of: newsletter, service),
            now: { date }
        )
        let (service, feeds) = (service, newsletter.feeds)
        try await store.write { transaction in
            for feed in feeds {
                try service.ensureNode(
                    NodeDefinition(id: feed.node, title: feed.language),
                    in: transaction
                )
            }
        }
    }

    /// The same house on another day.
    func publisher(at date: Date) -> Publisher {
        Publisher(
            service: service.domain,
            store: store,
            engine: Self.engine(of: newsletter, service),
            now: { date }
        )
    }

    private static func engine(of newsletter: Newsletter, _ service: PubSubService)
        -> any PublishingEngine
    {
        newsletter.engine == nil
            ? LocalEngine(service: service)
            : RemoteEngine(service: service, newsletters: [newsletter])
    }

    static func feed(_ language: String, node: String? = nil) throws -> Newsletter.Feed {
        let node = try #require(NodeID(rawValue: node ?? "dispatch-\(language)"))
        return Newsletter.Feed(language: language, node: node)
    }
}

// MARK: - Editions

extension Press {
    /// An edition whose every form says which one it is, and what it was stamped with.
    func edition(
        _ language: String = "en",
        of issue: String = "2026-04-05-dispatch",
        text: String = "Two households",
        announcedIn others: [String] = []
    ) throws -> Edition {
        Edition(
            feed: try #require(newsletter.feed(for: language)),
            issue: try #require(ItemID(rawValue: issue)),
            fileName: "\(issue).\(language).md",
            title: "Title in \(language)",
            contentHash: ContentHash.of(Array("\(text) in \(language)".utf8)),
            announcements: try others.map { other in
                Edition.Announcement(feed: try #require(newsletter.feed(for: other))) { stamp in
                    [.short: "not in \(other) yet: \(text), \(stamp.itemURI)"]
                }
            },
            render: { Self.rendering(text, language, $0) }
        )
    }

    private static func rendering(
        _ text: String,
        _ language: String,
        _ stamp: PublicationStamp
    ) -> EditionRendering {
        EditionRendering(
            payload: Element("entry", in: "http://www.w3.org/2005/Atom") {
                Element("id") { stamp.atomID }
                Element("published") { DateTime(stamp.publishedAt).description }
                Element("updated") { DateTime(stamp.updatedAt).description }
                Element("content") { text }
            },
            body: "\(language) body: \(stamp.itemURI)",
            chat: [.full: "\(language) full: \(text)", .short: "\(language) short", .link: "link"]
        )
    }
}

// MARK: - Readers, and what they get

extension Press {
    func subscribe(_ reader: String, to language: String, as form: DeliveryForm) async throws {
        try await subscribe(reader, to: language, choosing: DeliveryChoice(form: form))
    }

    func subscribe(
        _ reader: String,
        to language: String,
        choosing choice: DeliveryChoice
    ) async throws {
        let (service, newsletter) = (service, newsletter)
        let node = try #require(newsletter.feed(for: language)).node
        let jid = try JID(reader)
        try await store.write { transaction in
            _ = try service.subscribe(
                jid,
                to: node,
                choice: choice,
                in: transaction
            )
        }
    }

    /// What all deliveries that were started come to, as `reader: message`, in order; they end.
    func deliver() async throws -> [String] {
        try await store.write { transaction in
            var copies: [String] = []
            for fanOut in try transaction.unfinishedFanOuts() {
                let variants = try transaction.variants(of: fanOut.id)
                for recipient in try transaction.recipients(of: fanOut, after: .start, limit: 99) {
                    let variant = try #require(variants.first { $0.kind == recipient.kind })
                    for part in [variant.first] + variant.further {
                        let message = String(decoding: part.head + part.tail, as: UTF8.self)
                        copies.append("\(recipient.address): \(message)")
                    }
                }
                try transaction.setState(.finished, of: fanOut.id, at: .monday)
            }
            return copies
        }
    }

    func items(in language: String) async throws -> [ItemRecord] {
        let node = try #require(newsletter.feed(for: language)).node
        return try await store.read { transaction in
            let record = try #require(try transaction.node(named: node))
            return try transaction.items(of: record.id)
        }
    }

    func retract(_ issue: String, in language: String) async throws {
        let (service, newsletter) = (service, newsletter)
        let node = try #require(newsletter.feed(for: language)).node
        let item = try #require(ItemID(rawValue: issue))
        try await store.write { transaction in
            _ = try service.retract(item, from: node, notify: false, in: transaction)
            try transaction.setPublicationState(
                .retracted,
                newsletter: newsletter.name,
                issue: issue,
                language: language,
                at: .monday
            )
        }
    }
}

extension Date {
    /// 2026-11-16 and the days after it, at half past eight (UTC).
    static let monday = Date(timeIntervalSince1970: 1_794_817_800)
    static let tuesday = monday + 86_400
    static let friday = monday + 4 * 86_400
}

/// A folder that is gone with the value.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(of name: String) -> String {
        url.appending(path: name).path(percentEncoded: false)
    }
}
