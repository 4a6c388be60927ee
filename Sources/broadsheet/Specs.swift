import ArgumentParser
import Foundation
import Issues

struct Specs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write an issue's part on the XSF's specifications.",
        discussion: """
            Needs no running service. Two copies of https://xmpp.org/extensions/xeplist.xml are \
            compared, and what came, went and changed in between is written as Markdown: states \
            against states, whatever the dates in the lists say.

            Example: broadsheet specs 2026-10-01.xml 2026-11-01.xml
            """
    )

    @Option(help: "Where the specifications stand; '/extensions' for issues on xmpp.org itself.")
    var base = SpecificationSection.standardBase

    @Argument(help: "The older copy.")
    var from: String

    @Argument(help: "The newer copy.")
    var to: String

    func run() throws {
        do {
            let changes = try SpecificationChanges(
                from: SpecificationCopy(file: URL(filePath: from)),
                to: SpecificationCopy(file: URL(filePath: to))
            )
            Terminal.pass(SpecificationSection(changes, base: base).markdown, terminator: "")
        } catch {
            throw Failure.exit(error, status: CheckReport.unreadableStatus)
        }
    }
}
