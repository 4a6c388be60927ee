import Commands
import Issues
import Localization
import Publishing
import XMPP

/// `correct ISSUE [NOTE…]`: brings the files as they are now to where they were published.
struct CorrectCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher
    let book: WorkflowBook
    /// Lets the delivery know that there is something to do.
    let wake: @Sendable () async -> Void

    static let declaration = CommandDeclaration(
        "correct",
        summary: .text("correct.summary"),
        parameters: [
            .issue,
            Parameter(
                "note",
                .text,
                isRequired: false,
                summary: .text("correct.note")
            ),
        ],
        role: .publisher,
        audience: .newsroom,
        changesSomething: true,
        examples: ["correct 2026-10", "correct 2026-10 The meeting is on Tuesday, not Monday."]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let issue = try await newsdesk.issue(for: invocation, ledger: publisher)
            guard !issue.published.isEmpty else {
                return .refused(texts("correct.unpublished", ["issue": issue.id]))
            }
            guard let entry = issue.entry else {
                return .refused(texts("correct.noFile", ["issue": issue.id]))
            }
            return try await correct(issue, entry, invocation)
        } catch {
            return .failed("\(texts("correct.nothing")) \(texts.reason(error))")
        }
    }

    private func correct(
        _ issue: PublishedIssue,
        _ entry: IssueCatalog.Entry,
        _ invocation: CommandInvocation
    ) async throws -> CommandOutcome {
        let texts = invocation.texts
        let changed = issue.published.map(\.language).filter { language in
            issue.desk.contentHash(of: issue.id, in: language)
                != issue.record(in: language)?.contentHash
        }
        guard !changed.isEmpty else {
            return .done(texts("correct.idle", ["title": issue.title]))
        }
        let readings = issue.desk.readings(of: entry, in: changed)
        let complaints = readings.compactMap { $0.complaint(in: texts) }
            .map { texts("correct.kept", ["complaint": $0]) }
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
        let lines = outcomes.map { line($0, hasNote: note != nil, texts) } + complaints
        guard !outcomes.isEmpty else {
            return .failed(([texts("correct.nothing")] + lines).joined(separator: "\n"))
        }
        let head = texts("correct.head", ["title": outcomes.first?.title ?? issue.title])
        let all = [head] + lines + texts.engineNote(issue.desk.newsletter)
        return .done(all.joined(separator: "\n"))
    }

    private func line(
        _ outcome: Publisher.Outcome,
        hasNote: Bool,
        _ texts: Texts
    ) -> String {
        let fact: String
        switch outcome.result {
        case .corrected(let readers):
            let others =
                outcome.otherReaders > 0
                ? texts("correct.others", ["readers": texts.readers(outcome.otherReaders)]) : ""
            let silent = hasNote ? "" : texts("correct.silent")
            fact = texts.readers(readers) + others + silent + texts.topics(outcome.topics)
        case .unchanged(let date), .changed(let date):
            fact = texts("correct.unchanged", ["date": Wording.date(date)])
        case .notPublished, .published:
            fact = texts("published.not")
        }
        return texts.item(outcome.item, in: outcome.node, fact)
    }
}

extension Publisher.Outcome {
    fileprivate var isCorrection: Bool {
        if case .corrected = result { true } else { false }
    }
}
