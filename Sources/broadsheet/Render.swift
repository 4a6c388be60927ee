public import ArgumentParser
import Foundation
public import Issues
public import XMPP

struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show issue files as readers get them.",
        discussion: """
            Needs no running service; ids and dates of Atom entries \
            follow the file, not what was published. Translations among the files are linked. The \
            exit status is 0, 1 if a file has errors, or 2 if one can't be read or written.

            Example: broadsheet render --format html --out /tmp issues/2026-10-05-dispatch*.md
            """
    )

    @Option(help: "atom, chat or html.")
    var format = RenderingFormat.chat

    @Option(help: "How much a chat message holds: full, short or link.")
    var amount = ChatAmount.short

    @Option(help: "The largest chat message, in bytes; longer texts are cut into several.")
    var messageSize: Int?

    @Option(help: "A folder to put a file for each issue into, instead of showing it.")
    var out: String?

    @OptionGroup var options: IssueOptions

    @Argument(help: "The issue files.")
    var files: [String]

    func validate() throws {
        if let messageSize, messageSize < ChatParts.smallestLimit {
            throw ValidationError(
                "A message of less than \(ChatParts.smallestLimit) bytes is none."
            )
        }
    }

    func run() throws {
        let settings = try options.settings()
        let renderer = IssueRenderer(
            context: try options.context(settings),
            newsletter: settings?.newsletter.name ?? options.newsletter ?? "newsletter",
            author: settings?.newsletter.author ?? "Newsletter",
            rights: settings?.newsletter.rights,
            amount: amount,
            messageLimit: messageSize
        )
        let issues = try read(in: renderer.context)
        for issue in issues {
            let text = renderer.text(of: issue, as: format, among: issues)
            guard let out else {
                Terminal.pass(text, terminator: "")
                continue
            }
            try write(text, of: issue, to: out)
        }
    }

    private func read(in context: IssueContext) throws -> [NewsletterIssue] {
        try files.map { path in
            let file: CheckFile
            do {
                file = try CheckFile(reading: path, defaultLanguage: context.defaultLanguage)
            } catch {
                throw Failure.exit(error, status: CheckReport.unreadableStatus)
            }
            do {
                return try NewsletterIssue.parse(file.bytes, fileName: file.name, in: context)
            } catch {
                throw Failure.exit(error, status: 1)
            }
        }
    }

    private func write(_ text: String, of issue: NewsletterIssue, to folder: String) throws {
        let name = issue.fileName.rawValue.dropLast(3) + "." + format.fileEnding
        do {
            let folder = URL(filePath: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let file = folder.appending(path: name)
            try Data(text.utf8).write(to: file, options: .atomic)
            Terminal.show(file.relativePath)
        } catch {
            throw Failure.exit(
                "\(folder)/\(name) can't be written: \(error.localizedDescription)",
                status: CheckReport.unreadableStatus
            )
        }
    }
}

extension RenderingFormat: ExpressibleByArgument {}
extension ChatAmount: ExpressibleByArgument {}
