public import Foundation
internal import GRDB
public import XMPP

/// Readers who want no messages while they are busy, and until when they are taken to be so (table
/// `doNotDisturb`).
extension Transaction {
    public func waitsWhileBusy(_ reader: JID) throws -> Bool {
        try count(
            "SELECT count(*) FROM doNotDisturb WHERE jid = ?",
            [reader.bare.description]
        ) > 0
    }

    /// Lets messages wait while the reader is busy; or not any more, so that what waits is due.
    public func setWaitsWhileBusy(_ waits: Bool, _ reader: JID, at date: Date) throws {
        let jid = reader.bare.description
        if waits {
            try run("INSERT OR IGNORE INTO doNotDisturb (jid) VALUES (?)", [jid])
        } else {
            try run("DELETE FROM doNotDisturb WHERE jid = ?", [jid])
            try letWaitingBeDue(to: reader, at: date)
        }
    }

    /// Until when the reader is taken to be busy; nil if they are not, or nothing waits for it.
    public func busyEnd(of reader: JID) throws -> Date? {
        try row(
            "SELECT until FROM doNotDisturb WHERE jid = ?",
            [reader.bare.description]
        ) { $0.optionalDate(at: 0) } ?? nil
    }

    /// Takes the reader to be busy as long as one of their clients has last said so, within so many
    /// seconds; tells whether something that waited is due now.
    ///
    /// Another client of theirs that is free does not change it.
    public func noteBusy(
        _ reader: JID,
        within seconds: TimeInterval,
        at date: Date
    ) throws -> Bool {
        let heard = try presences(of: reader, at: date).filter { $0.show == .dnd }.map(\.heardAt)
        return try setBusy(until: heard.max().map { $0 + seconds }, reader, at: date)
    }

    /// Takes it that the reader is busy until then, or is no more; tells whether something that waited
    /// is due now.
    public func setBusy(until end: Date?, _ reader: JID, at date: Date) throws -> Bool {
        let noted = try changes(
            "UPDATE doNotDisturb SET until = ? WHERE jid = ?",
            [end?.timeIntervalSince1970, reader.bare.description]
        )
        guard noted == 1, end == nil else { return false }
        return try letWaitingBeDue(to: reader, at: date)
    }

    /// What is due in quiet hours is put off once more.
    @discardableResult
    private func letWaitingBeDue(to reader: JID, at date: Date) throws -> Bool {
        try changes(
            """
            UPDATE deliveryException SET nextAttemptAt = ?2
            WHERE jid = ?1 AND attempts = 0 AND nextAttemptAt > ?2
            """,
            [reader.bare.description, date.timeIntervalSince1970]
        ) > 0
    }
}
