import Engine
import Localization
import Logging
import Publishing
import Storage
import XMPP

/// Says in the log and to a newsletter's rooms what happens at its engine.
struct EngineReporter: Sendable {
    let newsletter: String
    /// Who publishes there.
    let contact: JID
    let service: JID
    /// In which the rooms are told.
    let language: String
    let logger: Logger

    /// Keeps what the rooms are to hear, if anything, until it is said.
    func note(_ news: EngineNews, in transaction: borrowing Transaction) throws {
        guard let text = sentence(on: news, in: DaemonTexts.all.texts(in: language)) else { return }
        try transaction.addNotice(text, newsletter: newsletter)
    }

    /// What editors have to know: that an item is there, or that somebody has to act.
    private func sentence(on news: EngineNews, in texts: Texts) -> String? {
        switch news {
        case .done(let operation), .altered(let operation):
            guard !operation.isEarlier else { return nil }
            let facts = facts(of: operation)
            return operation.isRetraction
                ? texts("engine.withdrawn", facts) : texts("engine.done", facts)
        case .refused(let operation, let reason):
            let facts = facts(of: operation).merging(["reason": reason]) { $1 }
            return operation.isRetraction
                ? texts("engine.stays", facts) : texts("engine.refused", facts)
        case .turnedAway(let node, let error, let staying):
            return texts(
                "engine.turnedAway",
                count: staying,
                ["service": service, "node": node, "reason": "\(error)"]
            )
        case .held(let error) where error.remedy == .setting:
            return texts("engine.held", ["service": service, "reason": "\(error)"])
        case .lacks, .created, .unmet, .notOwned, .readerChanged, .readerRefused, .moved, .left,
            .held,
            .resumed:
            return nil
        }
    }

    private func facts(of operation: EngineOperation) -> [String: any CustomStringConvertible] {
        ["item": operation.target.item, "node": operation.target.node, "service": service]
    }

    func log(_ news: EngineNews) {
        var metadata: Logger.Metadata = [
            "newsletter": "\(newsletter)", "engine": "\(service)",
        ]
        func note(_ level: Logger.Level, _ message: Logger.Message) {
            logger.log(level: level, message, metadata: metadata)
        }
        switch news {
        case .lacks(let lacks):
            let text = lacks.map(\.description).joined(separator: " ")
            metadata["lacks"] = "\(text.isEmpty ? "nothing" : text)"
            note(lacks.contains(where: \.isFatal) ? .warning : .notice, "Engine found")
        case .created(let node, let items):
            metadata["node"] = "\(node)"
            metadata["items"] = "\(items)"
            note(.notice, "Node created at the engine")
        case .unmet(let node, let fields):
            guard !fields.isEmpty else { return }
            metadata["node"] = "\(node)"
            metadata["fields"] = "\(fields.joined(separator: ", "))"
            note(.warning, "The engine's node is not configured as ours")
        case .notOwned(let node):
            metadata["node"] = "\(node)"
            metadata["owner"] = "\(contact)"
            note(
                .warning,
                "The engine's node is not ours, or we may not make it; make us an owner of it"
            )
        case .done(let operation):
            metadata["item"] = "\(operation.target.item)"
            metadata["node"] = "\(operation.target.node)"
            note(
                .info,
                operation.isRetraction ? "Withdrawn at the engine" : "Published at the engine"
            )
        case .altered(let operation):
            metadata["item"] = "\(operation.target.item)"
            note(.warning, "The engine has written an item down otherwise than it was published")
        case .refused(let operation, let reason):
            metadata["item"] = "\(operation.target.item)"
            metadata["node"] = "\(operation.target.node)"
            metadata["reason"] = "\(reason)"
            note(
                .error,
                operation.isRetraction
                    ? "The engine still has an item" : "The engine does not have an item"
            )
        case .readerChanged(let reader):
            metadata["node"] = "\(reader.wish.node)"
            metadata["reader"] = "\(reader.wish.reader)"
            note(
                .debug,
                reader.wish.isSubscribed
                    ? "Subscribed at the engine" : "No more subscribed at the engine"
            )
        case .readerRefused(let reader, let reason):
            metadata["node"] = "\(reader.wish.node)"
            metadata["reader"] = "\(reader.wish.reader)"
            metadata["reason"] = "\(reason)"
            note(
                reader.wish.isMove ? .info : .warning,
                "The engine does not let us change a subscription"
            )
        case .turnedAway(let node, let error, let staying):
            metadata["node"] = "\(node)"
            metadata["reason"] = "\(error)"
            metadata["staying"] = "\(staying)"
            note(.warning, "The engine lets us subscribe nobody; no more readers are moved there")
        case .moved(let move, let reason):
            metadata["readers"] = "\(move.moved)"
            metadata["reason"] = reason.map { "\($0)" }
            note(
                reason == nil ? .notice : .warning,
                move.isLeavingHome ? "Readers have moved to the engine" : "Readers have come back"
            )
        case .left:
            note(.notice, "The engine's nodes are deleted, with a pointer to ours")
        case .held(let error):
            metadata["reason"] = "\(error)"
            note(.warning, "Something does not go to the engine; it is tried again")
        case .resumed:
            note(.notice, "The engine has all there is")
        }
    }
}
