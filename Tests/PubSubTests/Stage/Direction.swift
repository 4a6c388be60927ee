import PubSub
import Testing
import XML
import XMPP

/// What happens inside the program, in a script: an element in `urn:test:inside`.
///
///     <publish node='' id='' hold='true'>payload <body/> <chat amount=''/></publish>
///     <retract node='' id='' notify='false'/>
///     <plain node='' id=''><chat amount=''/></plain>
///     <affiliation node='' jid='' affiliation=''/>
///     <deliver/>  <restart/>  <wait seconds=''/>
///
/// Whoever gives it is told `<started readers=''/>`, or `<refused>why</refused>`.
struct Direction {
    enum Order {
        case publish(PublishedItem, NodeID)
        case sendPlainCopies(PublishedItem, NodeID)
        case retract(ItemID, NodeID, notify: Bool)
        case exclude(JID, PubSubAffiliation, NodeID)
        case deliver
        case restart
        case wait(Double)
    }

    static let namespace: Namespace = "urn:test:inside"

    let order: Order
    /// Whether the delivery waits for `<deliver/>`.
    let holds: Bool
    private let director: String?

    init?(_ element: Element) throws {
        guard element.namespace == Self.namespace else { return nil }
        director = element["from"]
        holds = element["hold"] == "true"
        order = try Self.order(element)
    }

    func reply(_ name: String, _ attributes: Attributes = [:], text: String = "") -> Element {
        var element = Element(name, in: Self.namespace, attributes) { text }
        element["to"] = director
        return element
    }

    private static func order(_ element: Element) throws -> Order {
        switch element.name {
        case "deliver": return .deliver
        case "restart": return .restart
        case "wait": return .wait(try #require(element["seconds"].flatMap(Double.init)))
        default: break
        }
        let node = try #require(element["node"].flatMap(NodeID.init(rawValue:)))
        if element.name == "affiliation" {
            let word = try #require(element["affiliation"])
            return .exclude(
                try JID(#require(element["jid"])),
                try #require(PubSubAffiliation(rawValue: word)),
                node
            )
        }
        let id = try #require(element["id"].flatMap(ItemID.init(rawValue:)))
        switch element.name {
        case "publish": return .publish(try item(id, element), node)
        case "plain": return .sendPlainCopies(try item(id, element), node)
        case "retract": return .retract(id, node, notify: element["notify"] != "false")
        default: throw UnknownDirection(name: element.name)
        }
    }

    private struct UnknownDirection: Error {
        let name: String
    }

    private static func item(_ id: ItemID, _ element: Element) throws -> PublishedItem {
        let contact = try JID("verse@news.verona.lit")
        var chat: [ChatAmount: [String]] = [:]
        for child in element.children("chat") {
            let amount = try #require(child["amount"].flatMap(ChatAmount.init(rawValue:)))
            chat[amount, default: []].append(child.text)
        }
        return PublishedItem(
            id: id,
            payload: element.elements.first { $0.namespace != namespace }
                ?? Element("verse", in: "urn:verse"),
            publisher: contact,
            language: "en",
            body: element.child("body")?.text,
            chat: chat,
            chatSender: contact
        )
    }
}
