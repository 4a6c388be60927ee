import Commands
import Issues
import Localization
import Publishing
import Storage
public import XMPP

/// The rooms in which the issues of newsletters are announced.
public protocol AnnouncementRooms: Sendable {
    /// Those that are configured for the newsletter, in that order.
    func rooms(for newsletter: String) -> [JID]

    /// Says it in the room, and tells the listener what the room makes of it, once it says.
    func announce(
        _ text: String,
        in room: JID,
        answered: @escaping AnnouncementListener
    ) async throws

    /// Takes the message of that id back (XEP-0424), with the text for clients that can't; without
    /// an id it only says the text.
    func retract(_ message: String?, saying text: String, in room: JID) async throws
}

/// What a room makes of an announcement.
public enum AnnouncementAnswer: Hashable, Sendable {
    /// It was sent to all; its members know it by that id, nil where rooms give messages none.
    case told(as: String?)
    case refused(StanzaError)
}

public typealias AnnouncementListener = @Sendable (AnnouncementAnswer) async -> Void

/// What is said of published issues where they are not delivered, and taken back with them.
struct Announcements: Sendable {
    let rooms: any AnnouncementRooms
    let book: WorkflowBook

    /// Tells each room of an issue in a language once, whoever commands it how often.
    ///
    /// What is said is noted before, so that it can be taken back whatever happens. A room that
    /// refuses it later is told of by `responder`.
    ///
    /// - Returns: A line for each room.
    func make(
        of record: PublicationRecord,
        by origin: WorkflowOrigin,
        _ texts: Texts,
        _ responder: any CommandResponder
    ) async throws -> [String] {
        var lines: [String] = []
        for room in rooms.rooms(for: record.newsletter) {
            let announcement = AnnouncementRecord(
                key: record.key,
                language: record.language,
                room: room,
                message: nil
            )
            let before = try await book.claim(announcement.note, of: record.key, by: origin) {
                try $0.recordAnnouncement(announcement)
            }
            if let before {
                let moment = Wording.moment(before.date)
                let facts: [String: any CustomStringConvertible] = [
                    "room": room, "moment": moment, "person": before.person,
                ]
                lines.append(texts("announce.known", facts))
                continue
            }
            do {
                try await rooms.announce(record.texts.lead, in: room) { answer in
                    await heard(answer, of: announcement, texts, responder)
                }
                lines.append(texts("announce.done", ["room": room]))
            } catch {
                try await forget(announcement)
                lines.append(Self.failure(of: announcement, texts.reason(error), texts))
            }
        }
        return lines
    }

    private func heard(
        _ answer: AnnouncementAnswer,
        of announcement: AnnouncementRecord,
        _ texts: Texts,
        _ responder: any CommandResponder
    ) async {
        do {
            switch answer {
            case .told(nil): break
            case .told(let message?):
                try await book.store.write { try $0.name(announcement, by: message) }
            case .refused(let error):
                try await forget(announcement)
                let reason = error.text ?? error.condition.rawValue
                await responder.progress(Self.failure(of: announcement, reason, texts))
            }
        } catch {
            await responder.progress(Self.failure(of: announcement, texts.reason(error), texts))
        }
    }

    private static func failure(
        of announcement: AnnouncementRecord,
        _ reason: String,
        _ texts: Texts
    ) -> String {
        texts("announce.failed", ["room": announcement.room, "reason": reason])
    }

    /// What rooms were told of an issue in these languages, or in any, and has not been taken back.
    func made(of key: IssueKey, in languages: [String]?) async throws -> [AnnouncementRecord] {
        try await book.store.read { try $0.announcements(of: key) }
            .filter { languages?.contains($0.language) ?? true }
    }

    /// Takes one back, so that it can be made again; one that can't be now can be another time.
    ///
    /// - Returns: A line that says whether it is.
    func retract(
        _ announcement: AnnouncementRecord,
        titled title: String,
        _ texts: Texts
    ) async -> String {
        let room = announcement.room
        let notice = EditorialNotice.withdrawal(title: title)
        do {
            let text = notice.text(in: announcement.language)
            try await rooms.retract(announcement.message, saying: text, in: room)
            try await forget(announcement)
            return texts("retract.room", ["room": room])
        } catch {
            return texts("retract.roomFailed", ["room": room, "reason": texts.reason(error)])
        }
    }

    /// Lets it be made again.
    private func forget(_ announcement: AnnouncementRecord) async throws {
        try await book.store.write { transaction in
            try transaction.removeAnnouncement(announcement)
            try transaction.removeSteps(noted: announcement.note, of: announcement.key)
        }
    }
}

extension AnnouncementRecord {
    /// How the history of the issue has it.
    fileprivate var note: String { "announced in \(room), \(language)" }
}

extension PublicationRecord {
    fileprivate var key: IssueKey { IssueKey(newsletter: newsletter, issue: issue) }
}

extension WorkflowBook {
    /// Notes what somebody is about to do to an issue in its history, and what else belongs to that;
    /// gives the note of who was faster, if somebody was.
    func claim(
        _ note: String,
        of key: IssueKey,
        by origin: WorkflowOrigin,
        alongside: @escaping @Sendable (borrowing Transaction) throws -> Void
    ) async throws -> WorkflowStep? {
        try await store.write { transaction in
            let steps = try transaction.workflowSteps(of: key)
            if let before = steps.last(where: { $0.note == note }) { return before }
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
            try alongside(transaction)
            return nil
        }
    }
}
