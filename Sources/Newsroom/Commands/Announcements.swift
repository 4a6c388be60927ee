import Issues
import Localization
import Publishing
import Storage
public import XMPP

/// The rooms in which the issues of newsletters are announced.
public protocol AnnouncementRooms: Sendable {
    /// Those that are configured for the newsletter, in that order.
    func rooms(for newsletter: String) -> [JID]

    /// Says it in the room; returns the id by which the room's members know the message, nil where
    /// rooms give messages none.
    func announce(_ text: String, in room: JID) async throws -> String?

    /// Takes the message of that id back (XEP-0424), with the text for clients that can't; without
    /// an id it only says the text.
    func retract(_ message: String?, saying text: String, in room: JID) async throws
}

/// What is said of published issues where they are not delivered, and taken back with them.
struct Announcements: Sendable {
    let rooms: any AnnouncementRooms
    let book: WorkflowBook

    /// Tells each room of an issue in a language once, whoever commands it how often.
    ///
    /// - Returns: A line for each room.
    func make(
        of record: PublicationRecord,
        by origin: WorkflowOrigin,
        _ texts: Texts
    ) async throws -> [String] {
        var lines: [String] = []
        for room in rooms.rooms(for: record.newsletter) {
            let note = Self.note(room, record.language)
            if let before = try await book.claim(note, of: record.key, by: origin) {
                let moment = Wording.moment(before.date)
                let facts: [String: any CustomStringConvertible] = [
                    "room": room, "moment": moment, "person": before.person,
                ]
                lines.append(texts("announce.known", facts))
                continue
            }
            do {
                let message = try await rooms.announce(record.texts.lead, in: room)
                lines.append(texts("announce.done", ["room": room]))
                let announcement = AnnouncementRecord(
                    key: record.key,
                    language: record.language,
                    room: room,
                    message: message
                )
                try await book.store.write { try $0.recordAnnouncement(announcement) }
            } catch {
                try await book.release(note, of: record.key)
                lines.append(
                    texts("announce.failed", ["room": room, "reason": texts.reason(error)])
                )
            }
        }
        return lines
    }

    /// Takes back what the rooms were told of an issue in a language, so that it can be told again.
    ///
    /// - Returns: A line for each room that was told.
    func retract(
        _ key: IssueKey,
        titled title: String,
        in language: String,
        _ texts: Texts
    ) async throws -> [String] {
        let text = EditorialNotice.withdrawal(title: title).text(in: language)
        let announcements = try await book.store.read {
            try $0.announcements(of: key, in: language)
        }
        var lines: [String] = []
        for announcement in announcements {
            let room = announcement.room
            do {
                try await rooms.retract(announcement.message, saying: text, in: room)
                try await book.store.write { try $0.removeAnnouncement(announcement) }
                try await book.release(Self.note(room, language), of: key)
                lines.append(texts("retract.room", ["room": room]))
            } catch {
                lines.append(
                    texts("announce.failed", ["room": room, "reason": texts.reason(error)])
                )
            }
        }
        return lines
    }

    private static func note(_ room: JID, _ language: String) -> String {
        "announced in \(room), \(language)"
    }
}

extension PublicationRecord {
    fileprivate var key: IssueKey { IssueKey(newsletter: newsletter, issue: issue) }
}

extension WorkflowBook {
    /// Notes what somebody is about to do to an issue in its history; gives the note of who was
    /// faster, if somebody was.
    func claim(
        _ note: String,
        of key: IssueKey,
        by origin: WorkflowOrigin
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
            return nil
        }
    }

    /// Takes such a note back, since nothing came of it or that is over.
    func release(_ note: String, of key: IssueKey) async throws {
        try await store.write { try $0.removeSteps(noted: note, of: key) }
    }
}
