import ArgumentParser
import Storage

struct ListNodes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodes",
        abstract: "List the nodes of the PubSub service.",
        discussion: """
            Needs no running service. Whose a node is stands under “newsletter”; those without one \
            are for drafts, or were made over the wire.

            Example: broadsheet nodes --json
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var json: JSONOption

    private struct Line: Encodable {
        let node: String
        let newsletter: String?
        let title: String
        let subscribers: Int
        let suspended: Int
        let items: Int
    }

    func run() async throws {
        let configuration = try options.read()
        let listing = StoreListing(path: configuration.database.path(percentEncoded: false))
        let nodes: [StoreListing.Node]
        do {
            nodes = try listing.nodes()
        } catch {
            throw Failure.exit(error, status: 1)
        }
        let lines = nodes.map { node in
            Line(
                node: node.name.rawValue,
                newsletter: node.newsletter,
                title: node.title,
                subscribers: node.subscribers,
                suspended: node.suspended,
                items: node.items
            )
        }
        if json.isOn {
            for line in lines { print(try JSONLines.line(line)) }
            return
        }
        let table = TextTable(
            headings: ["node", "newsletter", "subscribers", "suspended", "items", "title"],
            rows: lines.map {
                [
                    $0.node, $0.newsletter ?? "–", "\($0.subscribers)", "\($0.suspended)",
                    "\($0.items)", $0.title,
                ]
            }
        )
        for line in table.lines { print(line) }
    }
}
