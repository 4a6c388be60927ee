import Testing
import XMPP

@testable import Storage

@Suite("The list of nodes")
struct NodeListTests {
    let store: Store

    /// `a` to `e`, of which `b` is hidden and `d` deleted; `a` and `e` are blogs.
    init() async throws {
        store = try Store.inMemory()
        try await store.write { transaction in
            for letter in ["e", "c", "b", "d", "a"] {
                guard let name = NodeID(rawValue: letter) else { continue }
                let configuration = NodeConfiguration(
                    title: letter == "c" ? "Sea" : "",
                    type: letter == "a" || letter == "e" ? "urn:blog" : ""
                )
                let record = try transaction.createNode(
                    NewNode(
                        name: name,
                        isHidden: letter == "b",
                        configuration: configuration,
                        createdAt: moment()
                    )
                )
                if letter == "d", let record {
                    try transaction.deleteNode(record.id, at: moment())
                }
            }
        }
    }

    private func names(_ rule: NodeTypeRule, _ range: Range<Int>) async throws -> [String] {
        try await store.read { try $0.listedNodes(rule, in: range).map(\.name.rawValue) }
    }

    @Test(
        "it is in the order of the names, without what is hidden or deleted, and by type",
        arguments: [
            (NodeTypeRule.all, ["a", "c", "e"]),
            (.only(["urn:blog"]), ["a", "e"]),
            (.only([]), []),
            (.except(["urn:blog", "x"]), ["c"]),
            (.except([]), ["a", "c", "e"]),
        ]
    )
    func list(rule: NodeTypeRule, expected: [String]) async throws {
        #expect(try await names(rule, 0..<9) == expected)
        #expect(try await store.read { try $0.listedNodeCount(rule) } == expected.count)
    }

    @Test("a part of it is read alone")
    func part() async throws {
        #expect(try await names(.all, 1..<2) == ["c"])
        #expect(try await names(.all, 3..<4) == [])
        let nodes = try await store.read { try $0.listedNodes(in: 1..<2) }
        #expect(nodes.map(\.title) == ["Sea"])
    }

    @Test("a node's place is known only if it is in the list")
    func place() async throws {
        let places = try await store.read { transaction in
            try ["a", "b", "c", "d", "e", "x"].map { letter in
                try NodeID(rawValue: letter).flatMap { try transaction.place(ofListed: $0) }
            }
        }
        #expect(places == [0, nil, 1, nil, 2, nil])
        let blog = try #require(NodeID(rawValue: "e"))
        let place = try await store.read {
            try $0.place(ofListed: blog, .only(["urn:blog"]))
        }
        #expect(place == 1)
    }
}
