import Commands
import Issues
import Localization
import Storage
import XMPP

/// `approve ISSUE [LANGUAGE…]`: somebody has read it, and it may go out as it is.
struct ApproveCommand: Sendable {
    let newsdesk: Newsdesk
    let book: WorkflowBook

    static let declaration = CommandDeclaration(
        "approve",
        summary: .text("approve.summary"),
        parameters: [.issue, .languages],
        role: .editor,
        audience: .newsroom,
        changesSomething: true,
        examples: ["approve 2026-10", "approve 2026-10 de"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            guard let identity = invocation.invoker.identity else {
                return .refused(Self.nobody(on: invocation.face, texts))
            }
            let choice = try newsdesk.choose(for: invocation)
            return try await approve(choice, as: identity, invocation)
        } catch {
            return .failed("\(texts("approve.nothing")) \(texts.reason(error))")
        }
    }

    /// Why an approval of somebody whom the place does not tell can't be taken.
    static func nobody(on face: Face, _ texts: Texts) -> String {
        switch face {
        case .room: texts("approve.hidden")
        case .shell, .chat, .adHoc: texts("approve.nobody")
        }
    }

    private func approve(
        _ choice: Newsdesk.Choice,
        as identity: String,
        _ invocation: CommandInvocation
    ) async throws -> CommandOutcome {
        let (named, texts) = (invocation.namedLanguages, invocation.texts)
        let readings = choice.desk.readings(of: choice.entry, in: named ?? choice.languages)
        let complaints = readings.compactMap { $0.complaint(in: texts) }
            .map { texts("approve.kept", ["complaint": $0]) }
        let languages = readings.compactMap(\.issue?.language)
        guard !languages.isEmpty, named == nil || complaints.isEmpty else {
            return .refused(([texts("approve.nothing")] + complaints).joined(separator: "\n"))
        }
        let (book, key) = (book, choice.desk.key(of: choice.entry))
        let (desk, rules) = (choice.desk, choice.desk.approvals)
        let hashes = desk.hashes(of: choice.entry)
        let origin = WorkflowOrigin(invocation)
        let tally = try await book.store.write { transaction in
            _ = try book.tally(of: key, at: desk, hashes: hashes, in: transaction)
            for language in languages {
                guard let hash = hashes[language] else { continue }
                let record = ApprovalRecord(
                    key: key,
                    language: language,
                    identity: identity,
                    name: origin.person,
                    contentHash: hash
                )
                try transaction.recordApproval(record, at: book.now())
            }
            return try book.reviewed(key, by: origin, at: desk, hashes, in: transaction)
        }
        let lines = languages.map { language in
            "- \(language): "
                + rules.words(tally.approvers(of: language, publishing: nil), texts)
        }
        let remark = rules.needed > 0 ? [] : [texts("approve.unneeded")]
        let head = texts(
            "approve.done",
            ["person": origin.person, "issue": choice.entry.id]
        )
        return .done(([head] + lines + complaints + remark).joined(separator: "\n"))
    }
}

/// `withdraw-approval ISSUE`: takes one's own approval back.
struct WithdrawApprovalCommand: Sendable {
    let newsdesk: Newsdesk
    let book: WorkflowBook

    static let declaration = CommandDeclaration(
        "withdraw-approval",
        aliases: ["disapprove"],
        summary: .text("withdraw.summary"),
        parameters: [.issue, .languages],
        role: .editor,
        audience: .newsroom,
        changesSomething: true,
        examples: ["withdraw-approval 2026-10"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            guard let identity = invocation.invoker.identity else {
                return .refused(ApproveCommand.nobody(on: invocation.face, texts))
            }
            let choice = try newsdesk.choose(for: invocation)
            let (book, key) = (book, choice.desk.key(of: choice.entry))
            let (desk, hashes) = (choice.desk, choice.desk.hashes(of: choice.entry))
            let origin = WorkflowOrigin(invocation)
            let languages = invocation.namedLanguages
            let (withdrawn, schedule) = try await book.store.write { transaction in
                let own = try transaction.approvals(of: key).filter { approval in
                    approval.identity == identity
                        && languages?.contains(approval.language) ?? true
                }
                for approval in own { try transaction.removeApproval(approval) }
                _ = try book.reviewed(key, by: origin, at: desk, hashes, in: transaction)
                let workflow = try book.workflow(of: key, in: transaction)
                return (own.map(\.language), workflow.schedule)
            }
            guard !withdrawn.isEmpty else {
                return .refused(texts("withdraw.nothing", ["issue": choice.entry.id]))
            }
            let due = schedule.map { schedule in
                " " + texts("withdraw.scheduled", ["moment": Wording.moment(of: schedule)])
            }
            let done = texts(
                "withdraw.done",
                [
                    "person": origin.person, "issue": choice.entry.id,
                    "languages": withdrawn.joined(separator: ", "),
                ]
            )
            return .done(done + (due ?? ""))
        } catch {
            return .failed(texts.reason(error))
        }
    }
}
