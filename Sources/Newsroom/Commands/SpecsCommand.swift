import Commands
import Issues

/// `specs [FROM] [TO]`: what became of the XSF's specifications, ready for the issue.
struct SpecsCommand: Sendable {
    let newsdesk: Newsdesk
    let answers: any PrivateAnswers

    var declaration: Command {
        Command(
            "specs",
            summary: "Write the issue's part on specifications, from two copies of xeplist.xml",
            parameters: [
                Parameter(
                    "from",
                    .word,
                    isRequired: false,
                    summary: "The older copy, by its file's name or the beginning of it"
                ),
                Parameter(
                    "to",
                    .word,
                    isRequired: false,
                    summary: "The newer copy; the last two are compared if you don't say"
                ),
            ],
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["specs", "specs 2026-10 2026-11"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let desks = newsdesk.desks(for: invocation.newsletter)
        guard let desk = desks.first(where: { $0.specifications != nil }),
            let folder = desk.specifications
        else {
            return .refused(
                "I have no lists to compare. The operator can name a folder with copies of "
                    + "xeplist.xml as 'specification_lists' in the configuration."
            )
        }
        do {
            let (from, to) = (invocation.arguments["from"], invocation.arguments["to"])
            let comparison = try folder.changes(from: from, to: to)
            let text = SpecificationSection(
                comparison.changes,
                base: desk.specificationBase
            ).markdown
            guard let place = try await answers.sendPrivately(text, to: invocation) else {
                return .done(text)
            }
            let number = comparison.changes.count
            let count = number == 1 ? "1 entry" : "\(number) entries"
            return .done(
                "From \(comparison.old) to \(comparison.new): \(count). I sent you the text \(place)."
            )
        } catch {
            return .failed("Nothing was compared. \(error)")
        }
    }
}

extension NewsletterDesk {
    /// Where the specifications stand; by path alone for issues on the same site.
    var specificationBase: String {
        let base = context.site?.base ?? ""
        return base.hasPrefix("https://xmpp.org/")
            ? "/extensions" : SpecificationSection.standardBase
    }
}
