import Commands
import Issues
import Storage
import XMPP

/// `approve ISSUE [LANGUAGE…]`: somebody has read it, and it may go out as it is.
struct ApproveCommand: Sendable {
    let newsdesk: Newsdesk
    let book: WorkflowBook

    var declaration: Command {
        Command(
            "approve",
            summary: "Say that an issue may go out as it is",
            parameters: [.issue, .languages],
            role: .editor,
            audience: .newsroom,
            changesSomething: true,
            examples: ["approve 2026-10", "approve 2026-10 de"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            guard let identity = invocation.invoker.identity else {
                return .refused(Self.nobody(on: invocation.face))
            }
            let choice = try newsdesk.choose(
                invocation.issueName,
                newsletter: invocation.newsletter
            )
            return try await approve(choice, as: identity, invocation)
        } catch {
            return .failed("Nothing was approved. \(error)")
        }
    }

    /// Why an approval of somebody whom the place does not tell can't be taken.
    static func nobody(on face: Face) -> String {
        let need = "An approval needs a person who can be known again."
        return switch face {
        case .room:
            "\(need) This room tells neither your address nor an id of you: say it to me in a "
                + "direct chat, if the operator knows your address."
        case .shell, .chat, .adHoc: "\(need) Give it in the team's room or in a direct chat."
        }
    }

    private func approve(
        _ choice: Newsdesk.Choice,
        as identity: String,
        _ invocation: CommandInvocation
    ) async throws -> CommandOutcome {
        let named = invocation.namedLanguages
        let readings = choice.desk.readings(of: choice.entry, in: named ?? choice.languages)
        let complaints = readings.compactMap(\.complaint).map { "not approved – \($0)" }
        let languages = readings.compactMap(\.issue?.language)
        guard !languages.isEmpty, named == nil || complaints.isEmpty else {
            return .refused((["Nothing was approved."] + complaints).joined(separator: "\n"))
        }
        let (book, key) = (book, choice.desk.key(of: choice.entry))
        let (rules, hashes) = (choice.desk.approvals, choice.desk.hashes(of: choice.entry))
        let origin = WorkflowOrigin(invocation)
        let tally = try await book.store.write { transaction in
            _ = try book.tally(of: key, rules: rules, hashes: hashes, in: transaction)
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
            return try book.reviewed(key, by: origin, rules, hashes, in: transaction)
        }
        let lines = languages.map { language in
            "- \(language): \(tally.words(tally.approvers(of: language, publishing: nil)))"
        }
        let remark =
            rules.needed > 0 ? [] : ["No approval is needed here; it is noted all the same."]
        let head = "\(origin.person) approves \(choice.entry.id):"
        return .done(([head] + lines + complaints + remark).joined(separator: "\n"))
    }
}

/// `withdraw-approval ISSUE`: takes one's own approval back.
struct WithdrawApprovalCommand: Sendable {
    let newsdesk: Newsdesk
    let book: WorkflowBook

    var declaration: Command {
        Command(
            "withdraw-approval",
            aliases: ["disapprove"],
            summary: "Take your approval of an issue back",
            parameters: [.issue, .languages],
            role: .editor,
            audience: .newsroom,
            changesSomething: true,
            examples: ["withdraw-approval 2026-10"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            guard let identity = invocation.invoker.identity else {
                return .refused(ApproveCommand.nobody(on: invocation.face))
            }
            let choice = try newsdesk.choose(
                invocation.issueName,
                newsletter: invocation.newsletter
            )
            let (book, key) = (book, choice.desk.key(of: choice.entry))
            let (rules, hashes) = (choice.desk.approvals, choice.desk.hashes(of: choice.entry))
            let origin = WorkflowOrigin(invocation)
            let languages = invocation.namedLanguages
            let (withdrawn, schedule) = try await book.store.write { transaction in
                let own = try transaction.approvals(of: key).filter { approval in
                    approval.identity == identity
                        && languages?.contains(approval.language) ?? true
                }
                for approval in own { try transaction.removeApproval(approval) }
                _ = try book.reviewed(key, by: origin, rules, hashes, in: transaction)
                let workflow = try book.workflow(of: key, in: transaction)
                return (own.map(\.language), workflow.schedule)
            }
            guard !withdrawn.isEmpty else {
                return .refused("You have not approved \(choice.entry.id).")
            }
            let due = schedule.map { schedule in
                " It stays scheduled for \(Wording.moment(of: schedule)), and goes out only if "
                    + "enough people approve it by then."
            }
            return .done(
                "\(origin.person) no longer approves \(choice.entry.id) "
                    + "(\(withdrawn.joined(separator: ", "))).\(due ?? "")"
            )
        } catch {
            return .failed("\(error)")
        }
    }
}
