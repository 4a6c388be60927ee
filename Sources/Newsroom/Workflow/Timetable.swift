import Commands
import Foundation
import Issues
import Publishing
import Storage

/// Gives issues the time at which they go out.
struct Timetable: Sendable {
    static let timeSummary: LocalizedText =
        "When: `2026-10-05 09:00`, `tomorrow 09:00` or `09:00`, with a zone behind it if need be"

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
        let now = book.now()
        let moment: StatedMoment
        do {
            moment = try read(text, at: choice.desk, now)
        } catch {
            return .refused("Nothing was scheduled. \(error)")
        }
        guard moment.date > now else { return .refused(passed(moment, now, choice)) }
        let languages = invocation.namedLanguages
        let readings = choice.desk.readings(of: choice.entry, in: languages ?? choice.languages)
        let complaints = readings.compactMap(\.complaint)
        let usable = readings.compactMap(\.issue)
        guard !usable.isEmpty, languages == nil || complaints.isEmpty else {
            return .failed((["Nothing was scheduled."] + complaints).joined(separator: "\n"))
        }
        let left = try await unpublished(usable, choice)
        guard !left.isEmpty else {
            return .refused("Nothing was scheduled: \(choice.entry.id) is published already.")
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
            let (rules, hashes) = (choice.desk.approvals, choice.desk.hashes(of: choice.entry))
            try await book.store.write { transaction in
                let tally = try book.tally(of: key, rules: rules, hashes: hashes, in: transaction)
                try tally.require(left.map(\.language), publishing: origin.identity)
                try book.change(key, by: origin, note: note, in: transaction) {
                    try $0.schedule(schedule)
                }
            }
        } catch let refusal as WorkflowRefusal {
            return .refused("Nothing was scheduled for \(choice.entry.id). \(refusal)")
        }
        let span = Wording.span(schedule.dueAt.timeIntervalSince(now))
        let head =
            "Scheduled: \"\(left[0].title)\" (\(choice.entry.id): "
            + "\(left.map(\.language).joined(separator: ", "))) goes out at "
            + "\(Wording.moment(of: schedule)), in \(span). "
            + "“unschedule \(choice.entry.id)” takes that off."
        let remark = moment.remark.map { [$0] } ?? []
        let rest = complaints.map { "not published as it is now – \($0)" }
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

    private func passed(_ moment: StatedMoment, _ now: Date, _ choice: Newsdesk.Choice) -> String {
        "Nothing was scheduled: \(moment.zone.moment(moment.date)) has passed; it is "
            + "\(moment.zone.wallTime(at: now)) there. Say “publish \(choice.entry.id) now” to "
            + "publish it at once, or another time."
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
