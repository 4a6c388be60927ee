import Commands
import Foundation
import Issues
import Localization
import Publishing
import Storage

/// Gives issues the time at which they go out.
struct Timetable: Sendable {
    static let timeSummary: LocalizedText = .text("schedule.time")

    let publisher: Publisher
    let book: WorkflowBook
    /// In which times are said at this place; nil for the newsletter's own.
    let zone: LocalZone?

    /// Lets the issue go out at the time that somebody wrote; a time that has passed is refused.
    func schedule(
        _ choice: Newsdesk.Choice,
        at text: String,
        for invocation: CommandInvocation
    ) async throws -> CommandOutcome {
        let texts = invocation.texts
        let now = book.now()
        let moment: StatedMoment
        do {
            moment = try read(text, at: choice.desk, now)
        } catch {
            return .refused("\(texts("schedule.nothing")) \(texts.reason(error))")
        }
        guard moment.date > now else { return .refused(passed(moment, now, choice, texts)) }
        let languages = invocation.namedLanguages
        let readings = choice.desk.readings(of: choice.entry, in: languages ?? choice.languages)
        let complaints = readings.compactMap { $0.complaint(in: texts) }
        let usable = readings.compactMap(\.issue)
        guard !usable.isEmpty, languages == nil || complaints.isEmpty else {
            return .failed(([texts("schedule.nothing")] + complaints).joined(separator: "\n"))
        }
        let left = try await unpublished(usable, choice)
        guard !left.isEmpty else {
            return .refused(texts("schedule.published", ["issue": choice.entry.id]))
        }
        let origin = WorkflowOrigin(invocation)
        let schedule = PublicationSchedule(
            dueAt: moment.date,
            zone: moment.zone.name,
            languages: languages,
            person: origin.person,
            place: origin.place,
            identity: origin.identity
        )
        do {
            let note = "for \(Wording.moment(of: schedule))"
            let (book, key) = (book, choice.desk.key(of: choice.entry))
            let (desk, hashes) = (choice.desk, choice.desk.hashes(of: choice.entry))
            try await book.store.write { transaction in
                let tally = try book.tally(of: key, at: desk, hashes: hashes, in: transaction)
                try tally.require(left.map(\.language), publishing: origin.identity)
                try book.change(key, by: origin, note: note, in: transaction) {
                    try $0.schedule(schedule)
                }
            }
        } catch let refusal as WorkflowRefusal {
            let nothing = texts("schedule.nothingFor", ["issue": choice.entry.id])
            return .refused("\(nothing) \(texts.reason(refusal))")
        }
        let head = texts(
            "schedule.done",
            [
                "title": left[0].title, "issue": choice.entry.id,
                "languages": left.map(\.language).joined(separator: ", "),
                "moment": Wording.moment(of: schedule),
                "span": texts.span(schedule.dueAt.timeIntervalSince(now)),
            ]
        )
        let remark = moment.isShownTwice ? [texts("moment.twice")] : []
        let rest = complaints.map { texts("schedule.kept", ["complaint": $0]) }
        return .done(([head] + remark + rest).joined(separator: "\n"))
    }

    /// Whether approvals, schedule and clock let the languages go out at that time, nil for now.
    ///
    /// It changes nothing: it is for those who ask before they act.
    func allows(
        _ languages: [String],
        of issue: PublishedIssue,
        _ entry: IssueCatalog.Entry,
        for invocation: CommandInvocation,
        at time: String?
    ) async -> Bool {
        let (book, key) = (book, issue.desk.key(of: entry))
        let (rules, hashes) = (issue.desk.approvals, issue.desk.hashes(of: entry))
        do {
            var (workflow, tally) = try await book.store.read { transaction in
                (
                    try book.workflow(of: key, in: transaction),
                    try book.standing(of: key, rules: rules, hashes: hashes, in: transaction)
                )
            }
            try tally.require(languages, publishing: invocation.invoker.identity)
            let isAtOnce = invocation.arguments["now"] != nil
            guard let time else {
                try workflow.publish(atOnce: isAtOnce)
                return true
            }
            let now = book.now()
            return try workflow.schedule == nil && !isAtOnce
                && read(time, at: issue.desk, now).date > now
        } catch {
            return false
        }
    }

    private func read(_ text: String, at desk: NewsletterDesk, _ now: Date) throws -> StatedMoment {
        try MomentReader(zone: zone ?? desk.zone, now: now).read(text)
    }

    private func unpublished(
        _ issues: [NewsletterIssue],
        _ choice: Newsdesk.Choice
    ) async throws -> [NewsletterIssue] {
        let published = try await publisher.publications(of: choice.desk.newsletter)
            .filter { $0.issue == choice.entry.id.rawValue && $0.state == .published }
            .map(\.language)
        return issues.filter { !published.contains($0.language) }
    }

    private func passed(
        _ moment: StatedMoment,
        _ now: Date,
        _ choice: Newsdesk.Choice,
        _ texts: Texts
    ) -> String {
        texts(
            "schedule.passed",
            [
                "moment": moment.zone.moment(moment.date), "now": moment.zone.wallTime(at: now),
                "issue": choice.entry.id,
            ]
        )
    }
}

/// What the clock says to a schedule.
enum ScheduleVerdict: Hashable {
    case early, due
    /// Too late to be done as if nothing had happened.
    case missed

    init(_ schedule: PublicationSchedule, now: Date, grace: TimeInterval) {
        let lateness = now.timeIntervalSince(schedule.dueAt)
        self = lateness < 0 ? .early : lateness <= grace ? .due : .missed
    }
}
