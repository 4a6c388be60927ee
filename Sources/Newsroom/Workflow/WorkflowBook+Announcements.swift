import Commands
import Localization
public import Storage

/// What rooms were told of issues, which is kept with the history of these.
extension WorkflowBook {
    /// Notes that somebody is about to announce an issue; gives the note of who was faster, if
    /// somebody was.
    func claim(
        _ announcement: AnnouncementRecord,
        by origin: WorkflowOrigin
    ) async throws -> WorkflowStep? {
        try await store.write { transaction in
            let steps = try transaction.workflowSteps(of: announcement.key)
            if let before = steps.last(where: { $0.note == announcement.note }) { return before }
            try remark(announcement.note, on: announcement.key, by: origin, in: transaction)
            try transaction.recordAnnouncement(announcement)
            return nil
        }
    }

    /// Notes what a room has made of an announcement, unless that was taken back; the newsroom hears
    /// of it, in its own language, if that is not what was wanted.
    func settle(
        _ announcement: AnnouncementRecord,
        _ answer: AnnouncementAnswer,
        telling newsroomTexts: Texts,
        in transaction: Transaction
    ) throws {
        let key = announcement.key
        guard try transaction.announcements(of: key).contains(announcement) else { return }
        var facts: [String: any CustomStringConvertible] = [
            "room": announcement.room, "issue": key.issue, "language": announcement.language,
        ]
        var answered = announcement
        answered.isAnswered = true
        switch answer {
        case .told(let message):
            answered.message = message
            try transaction.recordAnnouncement(answered)
        case .refused(let error):
            let reason = (error.text ?? error.condition.rawValue).prefix(200)
                .split(whereSeparator: \.isNewline).joined(separator: " ")
            facts["reason"] = reason
            try forget(announcement, in: transaction)
            let note = "not \(announcement.note): \(reason)"
            try remark(note, on: key, by: .service, in: transaction)
            try transaction.addNotice(
                newsroomTexts("announce.refused", facts),
                newsletter: key.newsletter
            )
        case .unknown:
            // It may be there: whoever takes the issue back tells the room so.
            try transaction.recordAnnouncement(answered)
            try transaction.removeSteps(noted: announcement.note, of: key)
            let note = "perhaps \(announcement.note): the room has not answered"
            try remark(note, on: key, by: .service, in: transaction)
            try transaction.addNotice(
                newsroomTexts("announce.unknown", facts),
                newsletter: key.newsletter
            )
        }
    }

    /// Gives up what no room has answered, since it was asked by a process that is no more.
    public func settleAnnouncements(
        at desks: [NewsletterDesk],
        in transaction: Transaction
    ) throws {
        for announcement in try transaction.unansweredAnnouncements() {
            let desk = desks.first { $0.newsletter.name == announcement.key.newsletter }
            let texts = desk?.texts ?? NewsroomTexts.english
            try settle(announcement, .unknown, telling: texts, in: transaction)
        }
    }

    /// Lets it be made again.
    func forget(_ announcement: AnnouncementRecord, in transaction: Transaction) throws {
        try transaction.removeAnnouncement(announcement)
        try transaction.removeSteps(noted: announcement.note, of: announcement.key)
    }

    /// Notes in the history of an issue what does not change its state.
    private func remark(
        _ note: String,
        on key: IssueKey,
        by origin: WorkflowOrigin,
        in transaction: Transaction
    ) throws {
        let state = try workflow(of: key, in: transaction).state
        try transaction.recordStep(
            WorkflowStep(
                key: key,
                date: now(),
                person: origin.person,
                place: origin.place,
                before: state,
                after: state,
                note: note
            )
        )
    }
}

extension AnnouncementRecord {
    /// How the history of the issue has it.
    fileprivate var note: String { "announced in \(room), \(language)" }
}
