internal import Foundation
internal import GRDB
public import XMPP

/// Which of a fan-out's variants a reader gets.
public enum VariantKind: Hashable, Sendable {
    case event
    case eventWithBody
    case chat(ChatAmount)
    case room
    /// A corrected message, which takes the place of the reader's last one of that amount
    /// (XEP-0308); whoever chose that amount gets it if that is what was last.
    case replacement(ChatAmount)

    /// What a reader with this choice gets.
    public init(_ choice: DeliveryChoice) {
        switch choice.form {
        case .event: self = .event
        case .eventWithBody: self = .eventWithBody
        case .chat: self = .chat(choice.amount)
        case .room: self = .room
        }
    }

    /// All there are, each at its ``ordinal``.
    public static let all =
        [.event, .eventWithBody] + ChatAmount.allCases.map { Self.chat($0) } + [.room]
        + ChatAmount.allCases.map { Self.replacement($0) }

    /// Its place among all of them, for tables.
    public var ordinal: Int {
        switch self {
        case .event: 0
        case .eventWithBody: 1
        case .chat(.full): 2
        case .chat(.short): 3
        case .chat(.link): 4
        case .room: 5
        case .replacement(.full): 6
        case .replacement(.short): 7
        case .replacement(.link): 8
        }
    }

    var form: DeliveryForm {
        switch self {
        case .event: .event
        case .eventWithBody: .eventWithBody
        case .chat, .replacement: .chat
        case .room: .room
        }
    }

    public var isReplacement: Bool {
        if case .replacement = self { true } else { false }
    }

    /// Whether it is a plain message, without an event.
    var isPlain: Bool { form == .chat || form == .room }

    /// How much text the plain messages hold, as readers choose it.
    var amount: ChatAmount? {
        if case .chat(let amount) = self { amount } else { nil }
    }

    /// The amount's name in the tables, empty where the form has none.
    var amountWord: String {
        switch self {
        case .event, .eventWithBody, .room: ""
        case .chat(let amount): amount.rawValue
        case .replacement(let amount): Self.replacing + amount.rawValue
        }
    }

    /// What stands before the amount in the name of a replacement's.
    static let replacing = "replace-"
}

/// What a fan-out sends to the readers of one kind (tables `variant` and `variantPart`).
public struct VariantRecord: Hashable, Sendable {
    /// A message, serialised but for its reader.
    public struct Part: Hashable, Sendable {
        /// All before the reader's address.
        public let head: [UInt8]
        /// All after the id.
        public let tail: [UInt8]

        public init(head: [UInt8], tail: [UInt8]) {
            self.head = head
            self.tail = tail
        }
    }

    public let kind: VariantKind
    public let first: Part
    /// The messages after it, where one would be too large; at most ``mostFurther``.
    public let further: [Part]

    /// The number of a part is a byte of the stanza's id.
    public static let mostFurther = 254

    public init(kind: VariantKind, first: Part, further: [Part] = []) {
        precondition(further.count <= Self.mostFurther, "an id could not tell the parts apart")
        self.kind = kind
        self.first = first
        self.further = further
    }
}

extension Transaction {
    public func variants(of fanOut: FanOutRowID) throws -> [VariantRecord] {
        let further = try rows(
            "SELECT * FROM variantPart WHERE fanOut = ? ORDER BY form, amount, part",
            [fanOut.rawValue]
        ) { (kind: try VariantKind($0, of: "variantPart"), part: VariantRecord.Part($0)) }
        return try rows(
            "SELECT * FROM variant WHERE fanOut = ? ORDER BY form, amount",
            [fanOut.rawValue]
        ) { row in
            let kind = try VariantKind(row, of: "variant")
            return VariantRecord(
                kind: kind,
                first: VariantRecord.Part(row),
                further: further.filter { $0.kind == kind }.map(\.part)
            )
        }
    }

    func addVariants(_ variants: [VariantRecord], to fanOut: FanOutRowID) throws {
        for variant in variants {
            try run(
                "INSERT INTO variant (fanOut, form, amount, head, tail) VALUES (?, ?, ?, ?, ?)",
                [
                    fanOut.rawValue, variant.kind.form.rawValue,
                    variant.kind.amountWord, Data(variant.first.head),
                    Data(variant.first.tail),
                ]
            )
            for (index, part) in variant.further.enumerated() {
                try run(
                    """
                    INSERT INTO variantPart (fanOut, form, amount, part, head, tail)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                    [
                        fanOut.rawValue, variant.kind.form.rawValue,
                        variant.kind.amountWord, index + 1, Data(part.head),
                        Data(part.tail),
                    ]
                )
            }
        }
    }
}

// MARK: - How many messages there were

extension Transaction {
    /// Keeps for ever of how many messages each text was that took more than one.
    func countParts(of variants: [VariantRecord], in fanOut: FanOutRowID) throws {
        for variant in variants where !variant.further.isEmpty {
            guard let amount = variant.kind.amount else { continue }
            try run(
                "INSERT INTO severalMessages (fanOut, amount, parts) VALUES (?, ?, ?)",
                [fanOut.rawValue, amount.rawValue, variant.further.count + 1]
            )
        }
    }

    /// Of how many messages an item was, for readers of a node in a chat, whenever it was published
    /// there: by their amounts, the most there ever were; those of one message are not named.
    public func mostParts(of item: ItemID, in node: NodeID) throws -> [ChatAmount: Int] {
        let counts = try rows(
            """
            SELECT amount, max(parts) AS most FROM severalMessages
            JOIN fanOut ON fanOut.id = severalMessages.fanOut JOIN node ON node.id = fanOut.node
            WHERE node.name = ? AND itemName = ? AND scope = 'item'
            GROUP BY amount
            """,
            [node.rawValue, item.rawValue]
        ) { row -> (ChatAmount, Int) in
            (try row.word("amount", of: "severalMessages"), row.integer("most"))
        }
        return Dictionary(counts, uniquingKeysWith: max)
    }
}

extension VariantKind {
    init(_ row: Row, of table: String) throws {
        let form: DeliveryForm = try row.word("form", of: table)
        switch form {
        case .event: self = .event
        case .eventWithBody: self = .eventWithBody
        case .chat:
            let word = row.text("amount")
            if word.hasPrefix(Self.replacing) {
                let amount = ChatAmount(rawValue: String(word.dropFirst(Self.replacing.count)))
                guard let amount else {
                    throw StoreError.unreadable(table: table, value: word)
                }
                self = .replacement(amount)
            } else {
                self = .chat(try row.word("amount", of: table))
            }
        case .room: self = .room
        }
    }
}

extension VariantRecord.Part {
    init(_ row: Row) {
        head = row.bytes("head")
        tail = row.bytes("tail")
    }
}
