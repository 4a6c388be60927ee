import ArgumentParser
import Daemon
import Foundation
import Storage
import XMPP

struct ListReaders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the readers with what they get, one a line.",
        discussion: """
            Needs no running service, and the rights of its user. Whoever reads this reads who they \
            are: handle it as such.

            Example: broadsheet readers list --node dispatch-en
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var node: NodeOption
    @OptionGroup var json: JSONOption

    private struct Line: Encodable {
        let address: String
        let node: String
        let form: String
        let amount: String?
        let state: String
        let since: Date
    }

    func run() async throws {
        let inJSON = json.isOn
        try options.forEachReader(of: node) { reader in
            let record = reader.record
            guard inJSON else {
                let what = [record.choice.form.rawValue, reader.amount].compactMap(\.self)
                let facts = [
                    "\(record.jid)", "\(reader.node)", what.joined(separator: ", "), reader.state,
                ]
                print(facts.map(TerminalText.oneLine).joined(separator: "  "))
                return
            }
            let line = Line(
                address: record.jid.description,
                node: reader.node.rawValue,
                form: record.choice.form.rawValue,
                amount: reader.amount,
                state: reader.state,
                since: record.createdAt
            )
            if let text = try? JSONLines.line(line) { print(text) }
        }
    }
}

struct ExportReaders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the readers as a table for other programs (CSV).",
        discussion: """
            Needs no running service, and the rights of its user. The columns are those that \
            ‘readers import’ reads. Whoever has the file knows who they are: handle it as such.

            Example: broadsheet readers export > readers.csv
            """
    )

    @OptionGroup var options: ConfigurationOption
    @OptionGroup var node: NodeOption

    func run() async throws {
        print(ReaderLine.heading)
        try options.forEachReader(of: node) { reader in
            let record = reader.record
            Terminal.pass(
                ReaderLine.line([
                    record.jid.description, reader.node.rawValue, record.choice.form.rawValue,
                    reader.amount ?? "", reader.state, DateTime(record.createdAt).description,
                ])
            )
        }
    }
}

extension ConfigurationOption {
    /// Hands out the readers of a node, or of all, one after the other.
    fileprivate func forEachReader(
        of node: NodeOption,
        _ body: (StoreListing.Reader) -> Void
    ) throws {
        let listing = StoreListing(path: try read().database.path(percentEncoded: false))
        do {
            let wanted = node.name.flatMap(NodeID.init(rawValue:))
            if let name = node.name {
                let names = try listing.nodes().map(\.name.rawValue)
                guard names.contains(name) else {
                    throw Failure.exit(
                        "There is no node '\(name)'. These are: \(names.joined(separator: ", ")).",
                        status: 1
                    )
                }
            }
            try listing.forEachReader(of: wanted, body)
        } catch let error as StoreError {
            throw Failure.exit(error, status: 1)
        }
    }
}

extension StoreListing.Reader {
    /// What a reader in a chat gets of an issue.
    fileprivate var amount: String? {
        record.choice.form == .chat ? record.choice.amount.rawValue : nil
    }

    /// Whether anything is sent, in a word.
    fileprivate var state: String {
        switch (record.state, suspendedAt, record.choice.isDelivered) {
        case (.subscribed, nil, true): "subscribed"
        case (.subscribed, nil, false): "paused"
        case (.subscribed, _?, _): "suspended"
        default: record.state.rawValue
        }
    }
}
