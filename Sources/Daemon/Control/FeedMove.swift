import Publishing
import XMPP

/// Which feed moves where.
package struct FeedMove: Codable, Hashable, Sendable {
    let service: JID
    let node: NodeID
    /// Our node.
    let target: NodeID

    private enum CodingKeys: CodingKey {
        case service, node, target
    }

    /// Reads the words of an order: itself, service, node, our node.
    init(_ words: [String]) throws {
        guard words.count == 4, let node = NodeID(rawValue: words[2]),
            let target = NodeID(rawValue: words[3])
        else { throw Unreadable() }
        service = try JID(words[1])
        self.node = node
        self.target = target
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let words = try [CodingKeys.service, .node, .target].map {
            try fields.decode(String.self, forKey: $0)
        }
        try self.init([""] + words)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(service.description, forKey: .service)
        try fields.encode(node.rawValue, forKey: .node)
        try fields.encode(target.rawValue, forKey: .target)
    }

    struct Unreadable: Error, CustomStringConvertible {
        let description = "A service, a node and a node of ours are needed."
    }

    struct NotConnected: Error, CustomStringConvertible {
        let description = "Broadsheet is not connected to its server. 'broadsheet status' says why."
    }
}
