import Component
import Logging
import Newsroom
import Publishing
import Testing
import XML
import XMPP

@testable import Daemon
@testable import Delivery
@testable import Storage

@Suite("News of deliveries in the newsroom's rooms")
struct DeliveryNewsTests {
    private let contact: JID
    private let node: NodeID
    private let topicNode: NodeID

    init() throws {
        contact = try JID("dispatch@news.verona.lit")
        node = try #require(NodeID(rawValue: "dispatch-en"))
        topicNode = try #require(NodeID(rawValue: "dispatch-en-meetings"))
    }

    private func room(_ name: String) throws -> RoomService {
        RoomService(
            try RoomConfiguration(
                room: JID("\(name)@rooms.verona.lit"),
                contact: contact,
                nick: "Gazette"
            ),
            rights: RightsTable(rooms: [:]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func news(in rooms: [RoomService], store: Store) -> DeliveryNews {
        let newsletter = Newsletter(
            name: "dispatch",
            title: "The Dispatch",
            contact: contact,
            defaultFeed: Newsletter.Feed(language: "en", node: node),
            topicFeeds: [
                Newsletter.Feed(
                    language: "en",
                    node: topicNode,
                    topic: Newsletter.Feed.Topic(
                        section: "meetings",
                        title: "Meetings",
                        wholeNode: node
                    )
                )
            ],
            author: "Friar Lorenzo"
        )
        return DeliveryNews(
            newsletters: [newsletter],
            rooms: ["dispatch": rooms],
            store: store,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func end() throws -> DeliveryReport {
        let fanOut = FanOutRecord(
            id: FanOutRowID(rawValue: 1),
            key: [],
            node: NodeRowID(rawValue: 1),
            item: try #require(ItemID(rawValue: "2026-04")),
            scope: .item,
            audience: .all,
            wholeNode: nil,
            cursor: .start,
            lastSubscription: .start,
            state: .finished,
            total: 4,
            sent: 4,
            createdAt: .distantPast
        )
        return DeliveryReport(fanOut: fanOut, node: node, failures: 0, seconds: 1)
    }

    @Test("a room that we are not in keeps them from no other")
    func oneIsClosed() async throws {
        let (closed, open) = (try room("crypt"), try room("team"))
        let wire = RecordingStream()
        await open.streamOpened(wire)
        let own = open.configuration.room
        await open.receive(
            Presence(from: try own.with(resourcepart: "Gazette"), to: open.configuration.address) {
                Element("x", in: .mucUser) {
                    Element("item", ["affiliation": "member", "role": "participant"])
                    Element("status", ["code": "110"])
                }
            }
        )
        let news = news(in: [closed, open], store: try Store.inMemory())
        await news.tell(.finished(try end()))
        #expect(wire.words.count == 1)
    }

    @Test(
        "that one is held is kept for rooms that we are not in yet: of an issue, and of its parts",
        arguments: ["dispatch-en", "dispatch-en-meetings"]
    )
    func stuck(name: String) async throws {
        let store = try Store.inMemory()
        let node = try #require(NodeID(rawValue: name))
        let fanOut = try await store.write { transaction in
            let node = try #require(
                try transaction.createNode(NewNode(name: node, createdAt: .now))
            )
            let item = try #require(ItemID(rawValue: "2026-04"))
            return try transaction.startFanOut(
                NewFanOut(node: node.id, item: item, variants: []),
                at: .now
            )
        }
        await news(in: [try room("crypt")], store: store).tell(.stuck(fanOut.id))
        let notices = try await store.read { try $0.notices() }
        #expect(notices.map(\.newsletter) == ["dispatch"])
        #expect(notices.first?.text.hasPrefix("Held: 2026-04 to \(name).") == true)
    }
}
