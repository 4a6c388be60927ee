import Commands
import Issues
import Localization
import Publishing
import Storage

/// Brings issues to their readers: the one way for those who say so and for schedules.
struct Release: Sendable {
    /// Why it may be done now.
    enum Permit: Hashable {
        /// Somebody wants it; though another time is set only if that is said.
        case asked(atOnce: Bool)
        /// Its time has come.
        case due(PublicationSchedule)

        /// Whether somebody knows of the warnings and wants it all the same.
        var isAnswered: Bool {
            if case .asked = self { true } else { false }
        }
    }

    let publisher: Publisher
    let book: WorkflowBook
    /// Lets the delivery know that there is something to do.
    let wake: @Sendable () async -> Void

    /// Publishes the issue in these languages, in lower case, or in all that can be.
    ///
    /// - Parameters:
    ///   - choice: The issue.
    ///   - languages: Nil for all.
    ///   - origin: Who wants it.
    ///   - permit: Why now.
    ///   - texts: In which language it is answered.
    ///   - alongside: What else belongs into the transaction that publishes something.
    /// - Returns: What is to be answered.
    /// - Throws: ``WorkflowRefusal``, or what the database has to say.
    func publish(
        _ choice: Newsdesk.Choice,
        in languages: [String]?,
        by origin: WorkflowOrigin,
        _ permit: Permit,
        _ texts: Texts,
        alongside: @escaping Publisher.Companion<CommandOutcome> = { _, _ in }
    ) async throws -> CommandOutcome {
        let wanted = languages?.withoutRepeats ?? choice.languages
        let readings = choice.desk.readings(of: choice.entry, in: wanted)
        let complaints = readings.compactMap { $0.complaint(in: texts) }
        // Who names a language wants that language, not what is left of the request.
        if languages != nil, !complaints.isEmpty {
            return .failed(lines(texts("publish.nothing"), complaints))
        }
        let rest = choice.languages.filter { !wanted.contains($0) }
        let others = choice.desk.readings(of: choice.entry, in: rest).compactMap(\.issue)
        let editions = Editions(
            newsletter: choice.desk.newsletter,
            readings: readings,
            translations: others,
            images: choice.desk.context.images,
            itemLimit: choice.desk.checks.maximumItemSize
        ).make(for: choice.entry)
        guard !editions.isEmpty else {
            return .failed(lines(texts("publish.nothing"), complaints))
        }
        let (book, key) = (book, choice.desk.key(of: choice.entry))
        var hashes = choice.desk.hashes(of: choice.entry)
        for edition in editions { hashes[edition.feed.language] = edition.contentHash }
        let (desk, current) = (choice.desk, hashes)
        let findings =
            permit.isAnswered
            ? nil : desk.check(choice.entry, in: editions.map(\.feed.language))
        let answer: @Sendable ([Publisher.Outcome]) -> CommandOutcome = { outcomes in
            let sent = outcomes.filter(\.isNew).map(\.language)
            return report(
                outcomes,
                complaints,
                id: choice.entry.id.rawValue,
                of: choice.desk.newsletter,
                warnings: findings?.warnings(of: choice.entry, in: sent) ?? [],
                texts
            )
        }
        let outcomes = try await publisher.publish(
            editions,
            of: choice.desk.newsletter,
            by: origin.person
        ) { outcomes, transaction in
            guard outcomes.contains(where: \.isNew) else {
                let workflow = try book.workflow(of: key, in: transaction)
                if case .due(let due) = permit, workflow.schedule != due {
                    throw WorkflowRefusal.superseded
                }
                return
            }
            let languages = outcomes.filter(\.isNew).map(\.language)
            let tally = try book.tally(of: key, at: desk, hashes: current, in: transaction)
            try tally.require(languages, publishing: origin.identity)
            let approvers = try book.takeApprovals(tally, of: languages, in: transaction)
            let agreed =
                approvers.isEmpty ? "" : "; approved by " + approvers.joined(separator: ", ")
            let note = languages.joined(separator: ", ") + agreed
            try book.remember(key, before: languages, in: transaction)
            try book.change(key, by: origin, note: note, in: transaction) { workflow in
                switch permit {
                case .asked(let atOnce): try workflow.publish(atOnce: atOnce)
                case .due(let schedule): try workflow.begin(schedule)
                }
            }
            try alongside(answer(outcomes), transaction)
        }
        await wake()
        return answer(outcomes)
    }

    // MARK: - Words

    private func report(
        _ outcomes: [Publisher.Outcome],
        _ complaints: [String],
        id: String,
        of newsletter: Newsletter,
        warnings: [LanguageWarnings],
        _ texts: Texts
    ) -> CommandOutcome {
        let hasNews = outcomes.contains(where: \.isNew)
        let title = outcomes.first?.title ?? id
        let head =
            if hasNews {
                texts("publish.head", ["title": title])
            } else if complaints.isEmpty {
                texts("publish.idle", ["title": title])
            } else {
                texts("publish.nothingOf", ["title": title])
            }
        let counts = texts.warnings(warnings)
        let advice =
            counts.isEmpty ? [] : [texts("publish.warnings", ["counts": counts, "issue": id])]
        let text = lines(
            head,
            outcomes.map { line($0, texts) }
                + complaints.map { texts("publish.kept.line", ["complaint": $0]) }
                + (hasNews ? texts.engineNote(newsletter) : []) + advice
        )
        return hasNews || complaints.isEmpty ? .done(text) : .failed(text)
    }

    private func line(_ outcome: Publisher.Outcome, _ texts: Texts) -> String {
        let fact: String
        switch outcome.result {
        case .published(let readers):
            let others =
                outcome.otherReaders > 0
                ? texts("publish.others", ["readers": texts.readers(outcome.otherReaders)]) : ""
            fact = texts.readers(readers) + others + texts.topics(outcome.topics)
        case .unchanged(let date):
            fact = texts("publish.unchanged", ["date": Wording.date(date)])
        case .changed(let date):
            fact = texts("publish.changed", ["date": Wording.date(date), "issue": outcome.item])
        case .corrected(let readers):
            fact = texts("publish.corrected", ["readers": texts.readers(readers)])
        case .notPublished:
            fact = texts("published.not")
        }
        return texts.item(outcome.item, in: outcome.node, fact)
    }

    private func lines(_ head: String, _ rest: [String]) -> String {
        ([head] + rest).joined(separator: "\n")
    }
}

extension Publisher.Outcome {
    fileprivate var isNew: Bool {
        if case .published = result { true } else { false }
    }
}

extension [String] {
    /// Each once, where it comes first.
    var withoutRepeats: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
