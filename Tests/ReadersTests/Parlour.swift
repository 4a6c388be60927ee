import Commands
import PubSub
import Publishing
import Readers
import Storage
import Synchronization
import Testing
import XML
import XMPP

/// Newsletters to which people write, as they would in a chat.
struct Parlour {
    let dispatch: Newsletter
    let newsletters: [Newsletter]
    let service: PubSubService
    let store: Store
    let reports = Reports()
    let post = Post()
    let office: ReaderOffice

    let registry: CommandRegistry
    private let publisher: Publisher

    /// What the program was told of errors.
    final class Reports: Sendable {
        private let errors = Mutex<[String]>([])

        var all: [String] { errors.withLock { $0 } }

        func add(_ error: any Error) {
            errors.withLock { $0.append("\(error)") }
        }
    }

    /// Whom the program has written to, beside its answers.
    final class Post: Sendable {
        private let messages = Mutex<[Message]>([])

        var all: [Message] { messages.withLock { $0 } }

        func send(_ effects: [PubSubEffect]) {
            messages.withLock { all in
                for case .message(let message) in effects { all.append(message) }
            }
        }
    }

    /// Opens with the Verona Dispatch, and further newsletters of those names.
    ///
    /// With an engine the Dispatch has its PubSub readers there.
    init(
        others: [String] = [],
        topics: [String] = [],
        engine: String? = nil,
        engineWait: Duration = .zero,
        waitingLeavings: Int = 1_000
    ) async throws {
        var dispatch = try Self.newsletter(
            "dispatch",
            "The Verona Dispatch",
            ["en", "de", "pt-BR"],
            topics
        )
        dispatch.engine = try engine.map { try JID($0) }
        self.dispatch = dispatch
        newsletters =
            [dispatch] + (try others.map { try Self.newsletter($0, "The \($0)", ["en"]) })
        store = try Store.inMemory()
        service = PubSubService(
            domain: try JID("news.verona.example"),
            settings: PubSubSettings(roomDomains: ["rooms.verona.example"])
        )
        publisher = Publisher(
            service: service.domain,
            store: store,
            engine: LocalEngine(service: service)
        )
        let (reports, post) = (reports, post)
        office = ReaderOffice(
            newsletters: newsletters,
            service: service,
            store: store,
            engineWait: engineWait,
            waitingLeavings: waitingLeavings,
            send: { post.send($0) },
            report: { reports.add($0) }
        )
        registry = CommandRegistry(
            ReaderCommands.all(office),
            vocabulary: Vocabulary([ReaderCommands.words])
        )
        let (service, nodes) = (service, newsletters.flatMap(\.allFeeds).map(\.node))
        try await store.write { transaction in
            for node in nodes {
                try service.ensureNode(
                    NodeDefinition(id: node, title: node.rawValue),
                    in: transaction
                )
            }
        }
    }

    private static func newsletter(
        _ name: String,
        _ title: String,
        _ languages: [String],
        _ topics: [String] = []
    ) throws -> Newsletter {
        let feeds = try languages.map { language in
            let node = try #require(NodeID(rawValue: "\(name)-\(language.lowercased())"))
            return Newsletter.Feed(language: language, node: node)
        }
        return Newsletter(
            name: name,
            title: title,
            contact: try JID("\(name)@news.verona.example"),
            defaultFeed: feeds[0],
            otherFeeds: Array(feeds.dropFirst()),
            topicFeeds: try feeds.flatMap { whole in
                try topics.map { section in
                    Newsletter.Feed(
                        language: whole.language,
                        node: try #require(NodeID(rawValue: "\(whole.node)-\(section)")),
                        topic: Newsletter.Feed.Topic(
                            section: section,
                            title: "All \(section)",
                            wholeNode: whole.node
                        )
                    )
                }
            },
            author: title
        )
    }
}

// MARK: - What people do

extension Parlour {
    /// What a reader is answered who writes the line to that newsletter, or with nil to the domain.
    func answer(
        to line: String,
        from reader: String? = "juliet@verona.example",
        at newsletter: String? = "dispatch",
        consent: CommandConsent = .notGiven,
        in language: String = "en"
    ) async throws -> CommandOutcome {
        let contact = newsletter.map { "\($0)@news.verona.example" } ?? "news.verona.example"
        let outcome = await registry.perform(
            line,
            by: Invoker(
                role: .reader,
                jid: try reader.map { try JID($0) },
                displayName: reader ?? "somebody"
            ),
            on: .chat(contact: try JID(contact)),
            newsletter: newsletter,
            language: language,
            consent: consent,
            responder: NobodyListens()
        )
        return try #require(outcome)
    }

    /// The answer's text, to a line as it comes in a message.
    func say(_ body: String, in language: String = "en") async throws -> String {
        let message = Message(
            .chat,
            from: try JID("juliet@verona.example/balcony"),
            to: dispatch.contact,
            body: body
        )
        let chat = try #require(DirectChat(message))
        return try await answer(to: chat.line, in: language).text
    }

    /// Subscribes as a PubSub client would.
    func subscribeByPubSub(_ reader: String, to node: String) async throws {
        let (service, jid) = (service, try JID(reader))
        let node = try #require(NodeID(rawValue: node))
        try await store.write { transaction in
            _ = try service.subscribe(jid, to: node, in: transaction)
        }
    }

    /// What a reader has, as `node jid form amount`.
    func subscriptions(of reader: String = "juliet@verona.example") async throws -> [String] {
        let (service, jid) = (service, try JID(reader))
        return try await store.read { transaction in
            try service.subscriptions(of: jid, in: transaction).map { subscription in
                let (record, choice) = (subscription.record, subscription.record.choice)
                return "\(subscription.node) \(record.jid) \(choice.form) \(choice.amount)"
            }
        }
    }

    /// Gives a node an owner who wants to know who comes and goes.
    func watch(_ node: String, as owner: String) async throws {
        let (jid, node) = (try JID(owner), try #require(NodeID(rawValue: node)))
        try await store.write { transaction in
            var record = try #require(try transaction.node(named: node))
            record.configuration.notifiesOwners = true
            try transaction.updateNode(record)
            try transaction.setAffiliation(.owner, of: jid, with: record.id)
        }
    }

    func exclude(_ reader: String, from node: String) async throws {
        try await set(.outcast, of: reader, at: node)
    }

    func set(_ standing: PubSubAffiliation, of reader: String, at node: String) async throws {
        let (jid, node) = (try JID(reader), try #require(NodeID(rawValue: node)))
        try await store.write { transaction in
            let record = try #require(try transaction.node(named: node))
            try transaction.setAffiliation(standing, of: jid, with: record.id)
        }
    }

    func publish(_ issue: String, in language: String, saying words: String = "") async throws {
        let edition = Edition(
            feed: try #require(dispatch.feed(for: language)),
            issue: try #require(ItemID(rawValue: issue)),
            fileName: "\(issue).\(language).md",
            title: issue,
            contentHash: "\(issue) \(language)"
        ) { stamp in
            EditionRendering(
                payload: Element("entry", in: "http://www.w3.org/2005/Atom") { words },
                body: "",
                chat: [
                    .full: "everything", .short: "\(issue) in \(language)",
                    .link: "link to \(issue)",
                ]
            )
        }
        _ = try await publisher.publish([edition], of: dispatch)
    }
}

struct NobodyListens: CommandResponder {
    func progress(_ text: String) async {}
}
