internal import Foundation
internal import GRDB
public import XMPP

/// Which of a fan-out's variants a reader gets.
public enum VariantKind: Hashable, Sendable {
    case event
    case eventWithBody
    case chat(ChatAmount)

    /// What a reader with this choice gets.
    public init(_ choice: DeliveryChoice) {
        switch choice.form {
        case .event: self = .event
        case .eventWithBody: self = .eventWithBody
        case .chat: self = .chat(choice.amount)
        }
    }

    /// All there are, each at its ``ordinal``.
    public static let all = [.event, .eventWithBody] + ChatAmount.allCases.map { Self.chat($0) }

    /// Its place among all of them, for tables.
    public var ordinal: Int {
        switch self {
        case .event: 0
        case .eventWithBody: 1
        case .chat(.full): 2
        case .chat(.short): 3
        case .chat(.link): 4
        }
    }

    var form: DeliveryForm {
        switch self {
        case .event: .event
        case .eventWithBody: .eventWithBody
        case .chat: .chat
        }
    }

    var amount: ChatAmount? {
        if case .chat(let amount) = self { amount } else { nil }
    }
}

/// A message of a fan-out, serialised but for its reader (table `variant`).
public struct VariantRecord: Hashable, Sendable {
    public let kind: VariantKind
    /// All before the reader's address.
    public let head: [UInt8]
    /// All after the id.
    public let tail: [UInt8]

    public init(kind: VariantKind, head: [UInt8], tail: [UInt8]) {
        self.kind = kind
        self.head = head
        self.tail = tail
    }
}

extension Transaction {
    public func variants(of fanOut: FanOutRowID) throws -> [VariantRecord] {
        try rows(
            "SELECT * FROM variant WHERE fanOut = ? ORDER BY form, amount",
            [fanOut.rawValue],
            VariantRecord.init
        )
    }

    func addVariants(_ variants: [VariantRecord], to fanOut: FanOutRowID) throws {
        for variant in variants {
            try run(
                "INSERT INTO variant (fanOut, form, amount, head, tail) VALUES (?, ?, ?, ?, ?)",
                [
                    fanOut.rawValue, variant.kind.form.rawValue,
                    variant.kind.amount?.rawValue ?? "", Data(variant.head), Data(variant.tail),
                ]
            )
        }
    }
}

extension VariantKind {
    init(_ row: Row, of table: String) throws {
        let form: DeliveryForm = try row.word("form", of: table)
        switch form {
        case .event: self = .event
        case .eventWithBody: self = .eventWithBody
        case .chat: self = .chat(try row.word("amount", of: table))
        }
    }
}

extension VariantRecord {
    init(_ row: Row) throws {
        kind = try VariantKind(row, of: "variant")
        head = row.bytes("head")
        tail = row.bytes("tail")
    }
}
