import Foundation
import Storage
import XML
import XMPP

/// A folder that is gone with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "broadsheet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        chmod(path, 0o700)
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String {
        path + "/" + name
    }
}

/// Noon on some day, and seconds from then on.
func moment(_ seconds: Double = 0) -> Date {
    Date(timeIntervalSince1970: 1_700_000_000 + seconds)
}

/// A value that the tests know to be right.
func known<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("the tests' own value is wrong") }
    return value
}

extension NodeID {
    static let verse = known(NodeID(rawValue: "verse"))
    static let prose = known(NodeID(rawValue: "prose"))
}

extension ItemID {
    static let first = known(ItemID(rawValue: "first"))
    static let second = known(ItemID(rawValue: "second"))
    static let third = known(ItemID(rawValue: "third"))
}

extension JID {
    static let juliet = known(try? JID("juliet@verona.lit"))
    static let romeo = known(try? JID("romeo@verona.lit"))
    static let nurse = known(try? JID("nurse@verona.lit"))
}

extension Store {
    /// Creates the node and returns its row.
    @discardableResult
    func makeNode(_ name: NodeID = .verse) async throws -> NodeRowID {
        try await write { transaction in
            known(try transaction.createNode(NewNode(name: name, createdAt: moment()))).id
        }
    }

    @discardableResult
    func subscribe(
        _ jid: JID,
        to node: NodeRowID,
        as form: DeliveryForm = .event,
        _ amount: ChatAmount = .short
    ) async throws -> SubscriptionRecord {
        try await subscribe(jid, to: node, choosing: DeliveryChoice(form: form, amount: amount))
    }

    @discardableResult
    func subscribe(
        _ jid: JID,
        to node: NodeRowID,
        choosing choice: DeliveryChoice
    ) async throws -> SubscriptionRecord {
        try await write { transaction in
            try transaction.subscribe(jid, to: node, choice: choice, at: moment()).record
        }
    }
}

extension Recipient {
    /// What stands before the `@` of the address.
    var name: String { String(address.prefix { $0 != "@" }) }
}

extension VariantRecord {
    static func sample(_ kind: VariantKind) -> VariantRecord {
        VariantRecord(
            kind: kind,
            first: VariantRecord.Part(head: Array("<message".utf8), tail: Array("/>".utf8))
        )
    }
}
