import Commands
import Foundation
import Issues
import PubSub
import Publishing
import Storage
import Testing
import XMPP

@testable import Newsroom

/// A newsroom with files in folders, a real store behind it, and its commands.
struct Bureau {
    let store: Store
    let service: PubSubService
    let publisher: Publisher
    let newsletters: [Newsletter]
    let whispers = Whispers()
    let bell = Bell()
    /// Where issues are announced.
    let square = Square()

    /// What time it is; ``published`` unless a test moves it.
    let clock = Timepiece()
    let book: WorkflowBook
    let newsdesk: Newsdesk
    let registry: CommandRegistry
    private let dialogue: CommandDialogue

    static let published = Date(timeIntervalSince1970: 1_794_817_800)
    /// The sample issues that come with the project, and the broken ones.
    static let samples = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Samples")

    /// Opens with a newsletter for each folder, in English, German and French.
    init(
        _ folders: KeyValuePairs<String, String>,
        today: String = "2026-04-20",
        onTheWeb: Bool = true,
        topics: [String] = [],
        lists: String? = nil,
        store: Store? = nil,
        approvals: ApprovalRules = ApprovalRules(),
        sources: any IssueSources = NoSources(),
        links: (any LinkFollowing)? = nil,
        calendar: EditorialCalendar = EditorialCalendar(),
        deliveries: any RunningDeliveries = SomeDeliveries([]),
        drafts: any DraftPages = NoPages(),
        engine: String? = nil,
        status: @escaping @Sendable (String) async throws -> [String] = { _ in ["All is well."] }
    ) async throws {
        let domain = try JID("news.verona.example")
        let desks = try folders.map { name, path in
            try Self.desk(
                name,
                path: path,
                at: domain,
                onTheWeb: onTheWeb,
                topics: topics,
                approvals: approvals,
                lists: lists,
                calendar: calendar,
                engine: engine
            )
        }
        let today = try #require(IssueDate(today))
        let bell = bell
        newsletters = desks.map(\.newsletter)
        let store = try store ?? Store.inMemory()
        self.store = store
        let clock = clock
        service = PubSubService(domain: domain, now: { clock.now })
        publisher = Publisher(
            service: domain,
            store: store,
            engine: LocalEngine(service: service),
            now: { clock.now }
        )
        book = WorkflowBook(store: store, now: { clock.now })
        let room = try JID("comm-team@rooms.verona.example")
        let rights = RightsTable(
            rooms: [room: [.owner: .operator, .admin: .publisher, .member: .editor]],
            people: [try JID("juliet@verona.example"): .publisher]
        )
        newsdesk = Newsdesk(desks: desks, today: { today })
        registry = CommandRegistry(
            NewsroomCommands.all(
                newsdesk: newsdesk,
                publisher: publisher,
                book: book,
                news: NewsBoard(store: store, now: { clock.now }),
                answers: whispers,
                drafts: drafts,
                announcing: square,
                sources: sources,
                links: links,
                rights: CurrentRights(rights),
                journal: CommandJournal(store: store, limit: 50, now: { clock.now }),
                present: { _ in
                    [
                        Invoker(role: .publisher, jid: nil, displayName: "Benvolio"),
                        Invoker(role: .editor, jid: nil, displayName: "Mercutio"),
                        Invoker(role: .reader, jid: nil, displayName: "Tybalt"),
                    ]
                },
                wake: { bell.ring() },
                deliveries: deliveries,
                status: status
            )
        )
        dialogue = CommandDialogue(registry)
        let service = service
        let feeds = newsletters.flatMap { newsletter in
            newsletter.allFeeds.map { (newsletter.name, $0) }
        }
        try await store.write { transaction in
            for (name, feed) in feeds {
                try service.ensureNode(
                    NodeDefinition(
                        id: feed.node,
                        newsletter: name,
                        title: feed.language
                    ),
                    in: transaction
                )
            }
        }
    }

    /// One newsletter in a folder that holds files of these texts.
    init(
        files: [String: String],
        in folder: IssueFolder,
        today: String = "2026-04-20",
        onTheWeb: Bool = true,
        topics: [String] = [],
        store: Store? = nil,
        approvals: ApprovalRules = ApprovalRules(),
        sources: any IssueSources = NoSources(),
        links: (any LinkFollowing)? = nil,
        calendar: EditorialCalendar = EditorialCalendar(),
        deliveries: any RunningDeliveries = SomeDeliveries([]),
        engine: String? = nil
    ) async throws {
        for (name, text) in files { try folder.write(text, to: name) }
        try await self.init(
            ["dispatch": folder.path],
            today: today,
            onTheWeb: onTheWeb,
            topics: topics,
            store: store,
            approvals: approvals,
            sources: sources,
            links: links,
            calendar: calendar,
            deliveries: deliveries,
            engine: engine
        )
    }

    private static func desk(
        _ name: String,
        path: String,
        at domain: JID,
        onTheWeb: Bool,
        topics: [String],
        approvals: ApprovalRules,
        lists: String?,
        calendar: EditorialCalendar,
        engine: String?
    ) throws -> NewsletterDesk {
        let feeds = try ["en", "de", "fr"].map { language in
            let node = try #require(NodeID(rawValue: "\(name)-\(language)"))
            return Newsletter.Feed(language: language, node: node)
        }
        let topicFeeds = try feeds.flatMap { whole in
            try topics.map { section in
                Newsletter.Feed(
                    language: whole.language,
                    node: try #require(NodeID(rawValue: "\(whole.node)-\(section)")),
                    topic: Newsletter.Feed.Topic(
                        section: section,
                        title: section.capitalized,
                        wholeNode: whole.node
                    )
                )
            }
        }
        let site = WebSite(base: "https://\(name).verona.example/", defaultLanguage: "en")
        var newsletter = Newsletter(
            name: name,
            title: "The Verona \(name.capitalized)",
            contact: try JID("\(name)@\(domain)"),
            defaultFeed: feeds[0],
            otherFeeds: Array(feeds.dropFirst()),
            topicFeeds: topicFeeds,
            author: "Friar Lorenzo"
        )
        newsletter.engine = try engine.map { try JID($0) }
        return NewsletterDesk(
            newsletter: newsletter,
            directory: IssueDirectory(path: path, defaultLanguage: "en"),
            context: IssueContext(defaultLanguage: "en", site: onTheWeb ? site : nil),
            approvals: approvals,
            specifications: lists.map(SpecificationFolder.init),
            calendar: calendar
        )
    }
}

// MARK: - What people do

extension Bureau {
    /// What a line comes to that somebody of that role says; in the team's room if not elsewhere.
    func say(
        _ line: String,
        as role: Role = .publisher,
        on face: Face? = nil,
        newsletter: String? = nil,
        by name: String? = nil,
        jid: JID? = nil,
        occupantID: String? = nil,
        in language: String = "en",
        responder: any CommandResponder = NobodyListens()
    ) async throws -> CommandOutcome {
        let room = try JID("comm-team@rooms.verona.example")
        let place = face ?? .room(room)
        let giver = if case .room(let giver) = place { giver } else { room }
        let known = try name.map { try JID("\($0.lowercased())@verona.example") }
        let outcome = await dialogue.perform(
            line,
            by: Invoker(
                role: role,
                jid: jid ?? (occupantID == nil ? known : nil),
                displayName: name ?? "Benvolio",
                occupantID: occupantID,
                room: giver
            ),
            on: place,
            newsletter: newsletter,
            language: language,
            responder: responder
        )
        return try #require(outcome)
    }

    /// What a line comes to, said by somebody who says yes to whatever is asked.
    func insist(_ line: String, newsletter: String? = nil) async throws -> CommandOutcome {
        let outcome = try await say(line, newsletter: newsletter)
        guard case .question = outcome else { return outcome }
        return try await say("yes")
    }

    func subscribe(_ reader: String, to node: String, as form: DeliveryForm) async throws {
        let (service, jid) = (service, try JID(reader))
        let node = try #require(NodeID(rawValue: node))
        try await store.write { transaction in
            _ = try service.subscribe(
                jid,
                to: node,
                choice: DeliveryChoice(form: form),
                in: transaction
            )
        }
    }

    func unsubscribe(_ reader: String, from node: String) async throws {
        let (service, jid) = (service, try JID(reader))
        let node = try #require(NodeID(rawValue: node))
        try await store.write { transaction in
            _ = try service.unsubscribe(jid, from: node, in: transaction)
        }
    }

    /// To whom the newest delivery of a node goes.
    func recipients(of node: String) async throws -> [String] {
        let node = try #require(NodeID(rawValue: node))
        return try await store.read { transaction in
            let record = try #require(try transaction.node(named: node))
            let fanOut = try #require(
                try transaction.fanOuts(limit: 99).first { $0.node == record.id }
            )
            return try transaction.recipients(of: fanOut, after: .start, limit: 99)
                .map(\.address).sorted()
        }
    }

    /// The ids of a node's items, newest first.
    func items(of node: String) async throws -> [String] {
        try await records(of: node).map(\.name.rawValue)
    }

    /// The XML of a node's newest item.
    func newestItem(of node: String) async throws -> String {
        String(decoding: try #require(await records(of: node).first).payload, as: UTF8.self)
    }

    /// Who may see a node that looks missing to all others.
    func affiliates(of node: String) async throws -> [JID] {
        let node = try #require(NodeID(rawValue: node))
        return try await store.read { transaction in
            let record = try #require(try transaction.node(named: node))
            return try transaction.affiliations(with: record.id).map(\.jid)
        }
    }

    private func records(of node: String) async throws -> [ItemRecord] {
        let node = try #require(NodeID(rawValue: node))
        return try await store.read { transaction in
            let record = try #require(try transaction.node(named: node))
            return try transaction.items(of: record.id)
        }
    }

    /// What is waiting to go out, as `node item: number of readers`.
    func waiting() async throws -> [String] {
        try await store.read { transaction in
            try transaction.unfinishedFanOuts().map { fanOut in
                let node = try #require(try transaction.node(fanOut.node))
                return "\(node.name) \(fanOut.item): \(fanOut.total)"
            }
        }
    }

    /// The text that a plain message of that node's newest delivery has.
    func plainMessage(to node: String) async throws -> String {
        let node = try #require(NodeID(rawValue: node))
        return try await store.read { transaction in
            let record = try #require(try transaction.node(named: node))
            let fanOut = try #require(
                try transaction.fanOuts(limit: 99).first { $0.node == record.id }
            )
            let variant = try transaction.variants(of: fanOut.id)
                .first { $0.kind == .chat(.short) }
            return String(decoding: try #require(variant).first.tail, as: UTF8.self)
        }
    }

    /// Lets all that is on its way arrive.
    func deliverAll() async throws {
        let clock = clock
        try await store.write { transaction in
            for fanOut in try transaction.unfinishedFanOuts() {
                try transaction.setState(.finished, of: fanOut.id, at: clock.now)
            }
        }
    }

    /// What goes out to readers of one kind of a node, by its newest delivery; nil if nothing.
    func message(_ kind: VariantKind, to node: String) async throws -> String? {
        let node = try #require(NodeID(rawValue: node))
        return try await store.read { transaction in
            let record = try #require(try transaction.node(named: node))
            let fanOut = try #require(
                try transaction.fanOuts(limit: 99).first { $0.node == record.id }
            )
            return try transaction.variants(of: fanOut.id).first { $0.kind == kind }.map {
                String(decoding: $0.first.tail, as: UTF8.self)
            }
        }
    }
}
