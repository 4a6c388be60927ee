import ArgumentParser
import Daemon
import Foundation
import Storage

struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a page with readers over time, deliveries and failures.",
        discussion: """
            Needs no running service. The file is one page of HTML that loads nothing; it holds \
            numbers and no addresses. One that is there is replaced.

            Example: broadsheet report /tmp/report.html
            """
    )

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The file to write.")
    var file: String

    @Option(help: "How many of the latest deliveries are in it.")
    var deliveries = 50

    @OptionGroup var json: JSONOption

    private struct Line: Encodable {
        let file: String
        let deliveries: Int
    }

    func validate() throws {
        guard (1...10_000).contains(deliveries) else {
            throw ValidationError("--deliveries should be from 1 to 10000.")
        }
    }

    func run() async throws {
        let configuration = try options.read()
        let path = configuration.database.path(percentEncoded: false)
        let titles = configuration.newsletters.map(\.newsletter.title)
        do {
            let past = try PastSnapshot(path: path, deliveries: deliveries)
            let page = ReportPage(
                past,
                title: titles.joined(separator: ", "),
                newsletters: configuration.newsletters.map(\.newsletter),
                at: Date()
            )
            try Data(page.html.utf8).write(to: URL(filePath: file), options: .atomic)
            let line = Line(file: file, deliveries: past.deliveries.count)
            guard !json.isOn else { return try JSONLines.show(line) }
            Terminal.show("\(file): \(past.deliveries.count) deliveries.")
        } catch {
            throw Failure.exit(error, status: 1)
        }
    }
}
