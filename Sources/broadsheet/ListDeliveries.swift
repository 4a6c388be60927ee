import ArgumentParser
import Daemon
import Foundation
import Storage
import XMPP

struct ListDeliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List the latest deliveries, the newest first, with how far they came.",
        discussion: """
            Needs no running service. The states are waiting, running, held, finished and \
            cancelled; ‘failed’ counts the readers who were given up.

            Example: broadsheet deliveries --last 5 --json
            """
    )

    @OptionGroup var options: ConfigurationOption

    @Option(help: "How many are listed.")
    var last = 20

    @OptionGroup var json: JSONOption

    private struct Line: Encodable {
        let item: String
        let node: String
        let state: String
        let beganAt: Date
        let endedAt: Date?
        let sent: Int
        let total: Int
        let failed: Int
        let note: String?
        let multicast: String?
        let multicastEnd: String?

        init(_ delivery: PastSnapshot.Delivery) {
            let record = delivery.record
            item = record.item.rawValue
            node = delivery.node.rawValue
            state = record.state.rawValue
            beganAt = record.createdAt
            endedAt = record.finishedAt
            sent = record.sent
            total = record.total
            failed = delivery.failures.reduce(0) { $0 + $1.readers }
            note = record.note
            multicast = record.usedService?.description
            multicastEnd = record.usedMulticast ? record.multicastEnd : nil
        }

        var cells: [String] {
            [item, node, state, DateTime(beganAt).description, "\(sent)", "\(total)", "\(failed)"]
        }
    }

    func validate() throws {
        guard (1...10_000).contains(last) else {
            throw ValidationError("--last should be from 1 to 10000.")
        }
    }

    func run() async throws {
        let configuration = try options.read()
        let path = configuration.database.path(percentEncoded: false)
        let past: PastSnapshot
        do {
            past = try PastSnapshot(path: path, deliveries: last)
        } catch {
            throw Failure.exit(error, status: 1)
        }
        let lines = past.deliveries.map { Line($0) }
        guard !json.isOn else { return try lines.forEach { try JSONLines.show($0) } }
        let table = TextTable(
            headings: ["item", "node", "state", "began", "sent", "readers", "failed"],
            rows: lines.map(\.cells)
        )
        for line in table.lines { print(line) }
    }
}
