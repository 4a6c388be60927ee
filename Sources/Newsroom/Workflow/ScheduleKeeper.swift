import Commands
import Foundation
import Issues
import Localization
public import Publishing
import Storage

/// Lets issues go out at their time, and sees that the rooms hear what nobody asked for.
///
/// It only compares times of the clock on the wall: set back, that clock lets it wait again, and an
/// issue that is out can't be due once more; set forward, it makes it act, or ask if that is far.
public struct ScheduleKeeper: Sendable {
    private let newsdesk: Newsdesk
    private let release: Release
    private let book: WorkflowBook
    private let grace: TimeInterval
    private let translations = TranslationWatch()
    private let say: @Sendable (_ newsletter: String, _ text: String) async -> Bool
    private let report: @Sendable (any Error) -> Void

    /// - Parameters:
    ///   - newsdesk: The newsletters that are made here.
    ///   - publisher: Who publishes their issues.
    ///   - book: Where is kept how far each issue has come.
    ///   - grace: How late an issue may still go out without a question.
    ///   - wake: Tells the delivery that there is something to do.
    ///   - say: Says something in a newsletter's rooms; tells whether anybody could hear it.
    ///   - report: Takes what went wrong; it is tried again in the next round.
    public init(
        newsdesk: Newsdesk,
        publisher: Publisher,
        book: WorkflowBook,
        grace: Duration,
        wake: @escaping @Sendable () async -> Void,
        say: @escaping @Sendable (_ newsletter: String, _ text: String) async -> Bool,
        report: @escaping @Sendable (any Error) -> Void
    ) {
        self.newsdesk = newsdesk
        self.book = book
        self.grace = grace / .seconds(1)
        self.say = say
        self.report = report
        release = Release(publisher: publisher, book: book, wake: wake)
    }

    /// Does what is due now.
    public func round() async {
        do {
            for record in try await book.scheduled() {
                guard let schedule = record.schedule else { continue }
                switch ScheduleVerdict(schedule, now: book.now(), grace: grace) {
                case .early: continue
                case .due: try await publish(record.key, schedule)
                case .missed: try await giveUp(record.key, schedule, because: nil)
                }
            }
            try await book.settle()
            try await book.voidApprovals(at: newsdesk.desks)
            try await noticeTranslations()
            for desk in newsdesk.desks { try await Reminders(book: book).look(at: desk) }
            try await sayNotices()
        } catch {
            report(error)
        }
    }

    // MARK: -

    private func publish(_ key: IssueKey, _ schedule: PublicationSchedule) async throws {
        // A newsletter that the configuration does not know at the moment may come back.
        guard let desk = newsdesk.desks.first(where: { $0.newsletter.name == key.newsletter })
        else {
            return
        }
        do {
            let outcome = try await carryOut(key, schedule, at: desk)
            guard case .done(let text) = outcome else {
                return try await giveUp(key, schedule, because: outcome.text)
            }
            // Nothing was to be published: somebody has to know that the time has come all the same.
            try await finish(key, schedule, saying: Self.report(text, key, schedule, desk.texts))
        } catch let error as StoreError {
            // A full disk may be mended before the grace is over.
            throw error
        } catch WorkflowRefusal.superseded {
            return
        } catch {
            try await giveUp(key, schedule, because: desk.texts.reason(error))
        }
    }

    private func carryOut(
        _ key: IssueKey,
        _ schedule: PublicationSchedule,
        at desk: NewsletterDesk
    ) async throws -> CommandOutcome {
        guard let entry = try desk.catalog()[IssueID(rawValue: key.issue)] else {
            return .failed(desk.texts("keeper.noFile"))
        }
        return try await release.publish(
            Newsdesk.Choice(desk: desk, entry: entry),
            in: schedule.languages,
            by: WorkflowOrigin(schedule: schedule),
            .due(schedule),
            desk.texts
        ) { [texts = desk.texts] outcome, transaction in
            let text = Self.report(outcome.text, key, schedule, texts)
            try transaction.addNotice(text, newsletter: key.newsletter)
        }
    }

    private static func report(
        _ text: String,
        _ key: IssueKey,
        _ schedule: PublicationSchedule,
        _ texts: Texts
    ) -> String {
        "\(texts("keeper.head", facts(key, schedule)))\n\(text)"
    }

    /// Takes the schedule off and asks what to do; it is asked once, whatever happens to us.
    private func giveUp(
        _ key: IssueKey,
        _ schedule: PublicationSchedule,
        because reason: String?
    ) async throws {
        let desk = newsdesk.desks.first { $0.newsletter.name == key.newsletter }
        let texts = desk?.texts ?? NewsroomTexts.english
        let facts = Self.facts(key, schedule)
        let text =
            reason.map { reason in
                let failure = texts("keeper.failed", facts.merging(["reason": reason]) { $1 })
                return "\(failure)\n\(texts("keeper.retry", facts))"
            } ?? texts("keeper.missed", facts)
        try await finish(key, schedule, saying: text)
    }

    private static func facts(
        _ key: IssueKey,
        _ schedule: PublicationSchedule
    ) -> [String: any CustomStringConvertible] {
        [
            "issue": key.issue, "moment": Wording.moment(of: schedule), "person": schedule.person,
        ]
    }

    /// Takes off a schedule that nothing came of, unless somebody was faster.
    private func finish(
        _ key: IssueKey,
        _ schedule: PublicationSchedule,
        saying text: String
    ) async throws {
        try await book.store.write { [book] transaction in
            guard try book.workflow(of: key, in: transaction).schedule == schedule else { return }
            let note = "not done at \(Wording.moment(of: schedule))"
            try book.change(key, by: .service, note: note, in: transaction) {
                _ = try $0.unschedule()
            }
            try transaction.addNotice(text, newsletter: key.newsletter)
        }
    }

    private func noticeTranslations() async throws {
        for desk in newsdesk.desks {
            let name = desk.newsletter.name
            let key = "newsletter \(name): files"
            if await !translations.knows(name),
                let kept = try await book.store.read({ try $0.setting(key) })
            {
                let files = kept.split(separator: "\n").compactMap { IssueFileName(String($0)) }
                await translations.remember(Set(files), of: name)
            }
            guard let sight = await translations.look(at: desk) else { continue }
            try await book.store.write { transaction in
                let files = sight.settled.map(\.rawValue).sorted()
                try transaction.setSetting(key, to: files.joined(separator: "\n"))
                guard let offer = sight.offer else { return }
                try transaction.addNotice(offer, newsletter: name)
            }
        }
    }

    private func sayNotices() async throws {
        for notice in try await book.store.read({ try $0.notices() }) {
            guard await say(notice.newsletter, notice.text) else { continue }
            try await book.store.write { try $0.removeNotice(notice.id) }
        }
    }
}
