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
    /// Nothing will be heard of it any more: the stream or our stay in the room has ended.
    case unknown
}

public typealias AnnouncementListener = @Sendable (AnnouncementAnswer) async -> Void

/// What is said of published issues where they are not delivered, and taken back with them.
struct Announcements: Sendable {
    let rooms: any AnnouncementRooms
    let book: WorkflowBook

    /// Tells each room of an issue in a language once, whoever commands it how often.
    ///
    /// What is said is noted before, so that it can be taken back whatever happens. It does not wait
    /// for what the rooms make of it.
    ///
    /// - Parameters:
    ///   - record: The issue as it was published.
    ///   - origin: Who wants it.
    ///   - newsroom: In which language the newsroom hears of rooms that do not take it.
    ///   - texts: In which it is answered.
    /// - Returns: A line for each room.
    /// - Throws: What the database has to say.
    func make(
        of record: PublicationRecord,
        by origin: WorkflowOrigin,
        telling newsroom: Texts,
        _ texts: Texts
    ) async throws -> [String] {
        var lines: [String] = []
        for room in rooms.rooms(for: record.newsletter) {
            let announcement = AnnouncementRecord(
                key: record.key,
                language: record.language,
                room: room,
                isAnswered: false
            )
            if let before = try await book.claim(announcement, by: origin) {
                let moment = Wording.moment(before.date)
                let facts: [String: any CustomStringConvertible] = [
                    "room": room, "moment": moment, "person": before.person,
                ]
                lines.append(texts("announce.known", facts))
                continue
            }
            do {
                try await rooms.announce(record.texts.lead, in: room) { answer in
                    await settle(announcement, answer, telling: newsroom)
                }
                lines.append(texts("announce.done", ["room": room]))
            } catch {
                try await forget(announcement)
                let facts: [String: any CustomStringConvertible] = [
                    "room": room, "reason": texts.reason(error),
                ]
                lines.append(texts("announce.failed", facts))
            }
        }
        return lines
    }

    private func settle(
        _ announcement: AnnouncementRecord,
        _ answer: AnnouncementAnswer,
        telling newsroom: Texts
    ) async {
        // If that can't be stored, it is as if the room had not answered: the next start says so.
        try? await book.store.write { [book] transaction in
            try book.settle(announcement, answer, telling: newsroom, in: transaction)
        }
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

    private func forget(_ announcement: AnnouncementRecord) async throws {
        try await book.store.write { [book] transaction in
            try book.forget(announcement, in: transaction)
        }
    }
}

extension PublicationRecord {
    fileprivate var key: IssueKey { IssueKey(newsletter: newsletter, issue: issue) }
}
