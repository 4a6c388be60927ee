import Commands
import Issues
import Localization

/// `specs [FROM] [TO]`: what became of the XSF's specifications, ready for the issue.
struct SpecsCommand: Sendable {
    let newsdesk: Newsdesk
    let answers: any PrivateAnswers

    static let declaration = CommandDeclaration(
        "specs",
        summary: .text("specs.summary"),
        parameters: [
            Parameter(
                "from",
                .word,
                isRequired: false,
                summary: .text("specs.from")
            ),
            Parameter(
                "to",
                .word,
                isRequired: false,
                summary: .text("specs.to")
            ),
        ],
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["specs", "specs 2026-10 2026-11"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        let desks = newsdesk.desks(for: invocation.newsletter)
        guard let desk = desks.first(where: { $0.specifications != nil }),
            let folder = desk.specifications
        else {
            return .refused(texts("specs.none"))
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
            return .done(
                texts(
                    "specs.sent",
                    count: comparison.changes.count,
                    [
                        "old": comparison.old, "new": comparison.new,
                        "place": texts.privatePlace(place),
                    ]
                )
            )
        } catch {
            return .failed("\(texts("specs.nothing")) \(texts.reason(error))")
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
