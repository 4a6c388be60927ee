internal import Foundation
internal import GRDB
internal import XMPP

/// Turns columns into the values they were made from.
///
/// SQLite guards their presence and kind; that they are not what we wrote means that somebody else
/// wrote there, and is told as such.
extension Row {
    func text(_ column: String) -> String {
        self[column]
    }

    func optionalText(_ column: String) -> String? {
        self[column]
    }

    func integer(_ column: String) -> Int {
        self[column]
    }

    func rowID<ID: RawRepresentable>(_ column: String, of table: String) throws -> ID
    where ID.RawValue == Int64 {
        let value: Int64 = self[column]
        guard let id = ID(rawValue: value) else {
            throw StoreError.unreadable(table: table, value: "\(value)")
        }
        return id
    }

    func bytes(_ column: String) -> [UInt8] {
        let data: Data = self[column]
        return Array(data)
    }

    func date(_ column: String) -> Date {
        Date(timeIntervalSince1970: self[column])
    }

    func optionalDate(_ column: String) -> Date? {
        let seconds: Double? = self[column]
        return seconds.map { Date(timeIntervalSince1970: $0) }
    }

    /// The address was prepared and checked when it was written, and is not again.
    func jid(_ column: String, of table: String) throws -> JID {
        try Self.jid(text(column), of: table)
    }

    /// A value that is stored as its word: an identifier or a case of an enum.
    func word<Word: RawRepresentable>(_ column: String, of table: String) throws -> Word
    where Word.RawValue == String {
        let text = text(column)
        guard let word = Word(rawValue: text) else {
            throw StoreError.unreadable(table: table, value: text)
        }
        return word
    }
}

// MARK: - By place

/// For the tables that are read most: GRDB compares the names of columns one by one, each time.
extension Row {
    func rowID<ID: RawRepresentable>(at index: Int, of table: String) throws -> ID
    where ID.RawValue == Int64 {
        let value: Int64 = self[index]
        guard let id = ID(rawValue: value) else {
            throw StoreError.unreadable(table: table, value: "\(value)")
        }
        return id
    }

    func bytes(at index: Int) -> [UInt8] {
        let data: Data = self[index]
        return Array(data)
    }

    func date(at index: Int) -> Date {
        Date(timeIntervalSince1970: self[index])
    }

    func optionalDate(at index: Int) -> Date? {
        let seconds: Double? = self[index]
        return seconds.map { Date(timeIntervalSince1970: $0) }
    }

    func jid(at index: Int, of table: String) throws -> JID {
        try Self.jid(self[index], of: table)
    }

    func word<Word: RawRepresentable>(at index: Int, of table: String) throws -> Word
    where Word.RawValue == String {
        let text: String = self[index]
        guard let word = Word(rawValue: text) else {
            throw StoreError.unreadable(table: table, value: text)
        }
        return word
    }

    private static func jid(_ text: String, of table: String) throws -> JID {
        guard let jid = JID(prepared: text) else {
            throw StoreError.unreadable(table: table, value: text)
        }
        return jid
    }
}
