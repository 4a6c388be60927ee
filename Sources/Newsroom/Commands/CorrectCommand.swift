import Commands
import Issues
import Publishing
import XMPP

/// `correct ISSUE [NOTE…]`: brings the files as they are now to where they were published.
struct CorrectCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher
    let book: WorkflowBook
    /// Lets the delivery know that there is something to do.
    let wake: @Sendable () async -> Void

    var declaration: Command {
        Command(
            "correct",
            summary: "Update an issue that is published, in all languages whose file has changed",
            parameters: [
                .issue,
                Parameter(
                    "note",
                    .text,
                    isRequired: false,
                    summary: "What to tell those who read in a chat; without it they get nothing"
                ),
            ],
            role: .publisher,
            audience: .newsroom,
            changesSomething: true,
            examples: ["correct 2026-10", "correct 2026-10 The meeting is on Tuesday, not Monday."]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        do {
            let issue = try await newsdesk.issue(
                invocation.issueName,
                newsletter: invocation.newsletter,
                ledger: publisher
            )
            guard !issue.published.isEmpty else {
                return .refused("\(issue.id) is not published; “publish” does that.")
            }
            guard let entry = issue.entry else {
                return .refused("There is no file of \(issue.id) any more.")
            }
            return try await correct(issue, entry, invocation)
        } catch {
            return .failed("Nothing was corrected. \(error)")
        }
    }

    private func correct(
        _ issue: PublishedIssue,
        _ entry: IssueCatalog.Entry,
        _ invocation: CommandInvocation
    ) async throws -> CommandOutcome {
        let changed = issue.published.map(\.language).filter { language in
            issue.desk.contentHash(of: issue.id, in: language)
                != issue.record(in: language)?.contentHash
        }
        guard !changed.isEmpty else {
            return .done("Nothing to do for \"\(issue.title)\": no file has changed.")
        }
        let readings = issue.desk.readings(of: entry, in: changed)
        let complaints = readings.compactMap(\.complaint).map { "not corrected – \($0)" }
        let rest = entry.languages.filter { !changed.contains($0) }
        let editions = Editions(
            newsletter: issue.desk.newsletter,
            readings: readings,
            translations: issue.desk.readings(of: entry, in: rest).compactMap(\.issue),
            images: issue.desk.context.images,
            itemLimit: issue.desk.checks.maximumItemSize
        ).make(for: entry)
        let note = invocation.arguments["note"].map { text in
            CorrectionNote(text) { EditorialNotice.correction(text).text(in: $0) }
        }
        let (book, key) = (book, issue.desk.key(of: entry))
        let origin = WorkflowOrigin(invocation)
        let outcomes = try await publisher.correct(
            editions,
            of: issue.desk.newsletter,
            note: note,
            by: origin.person
        ) { outcomes, transaction in
            guard outcomes.contains(where: \.isCorrection) else { return }
            try book.change(key, by: origin, note: note?.text, in: transaction) { $0.correct() }
        }
        await wake()
        let lines = outcomes.map { line($0, hasNote: note != nil) } + complaints
        guard !outcomes.isEmpty else {
            return .failed((["Nothing was corrected."] + lines).joined(separator: "\n"))
        }
        let title = outcomes.first?.title ?? issue.title
        return .done((["Correcting \"\(title)\":"] + lines).joined(separator: "\n"))
    }

    private func line(_ outcome: Publisher.Outcome, hasNote: Bool) -> String {
        let place = "\(outcome.node), item \(outcome.item)"
        switch outcome.result {
        case .corrected(let readers):
            let others =
                outcome.otherReaders > 0
                ? ", and the note to \(Wording.readers(outcome.otherReaders)) of other languages"
                : ""
            let silent = hasNote ? "" : "; chat readers get nothing without a note"
            return "\(place): \(Wording.readers(readers))\(others)\(silent)"
                + Wording.topics(outcome.topics)
        case .unchanged(let date), .changed(let date):
            return "\(place): unchanged since \(Wording.date(date))"
        case .notPublished, .published:
            return "\(place): not published"
        }
    }
}

extension Publisher.Outcome {
    fileprivate var isCorrection: Bool {
        if case .corrected = result { true } else { false }
    }
}
