import Foundation
import Logging
import PubSub
import Publishing
import Storage
import XMPP

/// What only the shell may ask of the running service, and programs there rather than people.
///
/// It is answered in JSON; the program makes words of it.
struct OperatorDesk: Sendable {
    let service: PubSubService
    let newsletters: [Newsletter]
    let store: Store
    let report: StatusReport
    let newsroom: NewsroomFacts
    let engines: EngineExamination
    let mover: EngineMover
    let leftovers: EngineLeftovers
    let send: @Sendable ([PubSubEffect]) async -> Void
    /// Sends a request of the domain's, and waits for the answer.
    let ask: ForeignFeed.Ask
    let logger: Logger

    /// The answer, or nil if the words are nothing of that kind.
    func answer(_ words: [String]) async -> ControlReply? {
        guard let first = words.first, let order = OperatorOrder(rawValue: first) else {
            return nil
        }
        do {
            switch order {
            case .facts: return try reply(await report.facts())
            case .issues: return try reply(await newsroom.issues(all: words.count > 1))
            case .readers: return try reply(await newsroom.readers())
            case .engines:
                return try reply(await engines.diagnoses())
            case .engineMove:
                return try reply(await mover.move(Array(words.dropFirst())))
            case .engineMoveReport:
                return try reply(await mover.report(on: Array(words.dropFirst())))
            case .engineForget:
                return try reply(await leftovers.forget(Array(words.dropFirst())))
            case .enginePassOn:
                return try reply(await leftovers.passOn(Array(words.dropFirst())))
            case .log: return try reply(await newsroom.log())
            case .importReaders: return try reply(await add(Array(words.dropFirst())))
            case .block: return try reply(await setBlocked(true, words.dropFirst().first))
            case .takeOver: return try reply(await takeOver(try FeedMove(words)))
            case .redirect: return try reply(await redirect(try FeedMove(words)))
            case .unblock: return try reply(await setBlocked(false, words.dropFirst().first))
            }
        } catch {
            return ControlReply(.failed, "\(error)")
        }
    }

    private func reply(_ value: some Encodable) throws -> ControlReply {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ControlReply(.done, String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Subscribes those whom the operator brings along; nobody is told, since nobody has asked.
    private func add(_ lines: [String]) async throws -> ReaderImport.Outcome {
        let readers = lines.map { ReaderLine($0) }
        let outcome = try await store.write { [service] transaction in
            var outcome = ReaderImport.Outcome()
            for (line, reader) in zip(lines, readers) {
                do {
                    guard let reader else { throw ReaderImport.Refusal.unreadable }
                    guard !reader.isOut else { throw ReaderImport.Refusal.isOut }
                    let done = try service.subscribe(
                        reader.jid,
                        to: reader.node,
                        choice: reader.choice,
                        in: transaction
                    )
                    if case .created = done { outcome.added += 1 } else { outcome.known += 1 }
                } catch let error as PubSubError {
                    outcome.refused.append("\(line): \(error)")
                } catch let error as ReaderImport.Refusal {
                    outcome.refused.append("\(line): \(error)")
                }
            }
            return outcome
        }
        logger.notice(
            "Readers were taken over",
            metadata: ["new": "\(outcome.added)", "refused": "\(outcome.refused.count)"]
        )
        return outcome
    }

    private func takeOver(_ move: FeedMove) async throws -> NodeTakeover.Outcome {
        let content = try await feed(move).content()
        let outcome = try await NodeTakeover(into: move.target, store: store)
            .take(content, publisher: move.service)
        logger.notice(
            "A feed was taken over",
            metadata: [
                "service": "\(move.service)", "from": "\(move.node)", "to": "\(move.target)",
                "items": "\(outcome.taken)",
            ]
        )
        return outcome
    }

    /// Deletes the node over there; whoever is subscribed is told of ours.
    private func redirect(_ move: FeedMove) async throws -> FeedMove {
        let target = PubSubURI(service.domain, node: move.target)
        try await feed(move).delete(redirectingTo: target.description)
        logger.notice(
            "A feed was redirected",
            metadata: ["service": "\(move.service)", "node": "\(move.node)"]
        )
        return move
    }

    private func feed(_ move: FeedMove) -> ForeignFeed {
        ForeignFeed(move.node, at: move.service, as: service.domain, ask: ask)
    }

    /// At all nodes of all newsletters, those of drafts too: who is not wanted at one is not wanted at
    /// the others.
    private func setBlocked(_ isBlocked: Bool, _ word: String?) async throws -> BlockOutcome {
        let person = try JID(word ?? "").bare
        let feeds = newsletters.flatMap(\.allFeeds)
        let (nodes, effects) = try await store.write { [service] transaction in
            let drafts = try feeds.map(\.draftNode).filter {
                try transaction.node(named: $0)?.node.isHidden ?? false
            }
            let nodes = feeds.map(\.node) + drafts
            let effects = try nodes.flatMap {
                try service.setBlocked(isBlocked, person, at: $0, in: transaction)
            }
            return (nodes, effects)
        }
        await send(effects)
        // Whoever has lost something is told, once for each.
        let ended = effects.count { if case .message = $0 { true } else { false } }
        logger.notice(
            isBlocked ? "Somebody was blocked" : "Somebody was let in again",
            metadata: ["nodes": "\(nodes.count)", "ended": "\(ended)"]
        )
        return BlockOutcome(person: person.description, nodes: nodes.count, ended: ended)
    }
}

/// The first word of such a request; none of them is a command that people can give.
package enum OperatorOrder: String, Sendable {
    case facts = "operator:facts"
    /// With a word behind it, all of them.
    case issues = "operator:issues"
    case readers = "operator:readers"
    case log = "operator:log"
    /// What the newsletters' engines can do.
    case engines = "operator:engines"
    /// What follows are newsletter, target, and perhaps `delete` or `abandon`.
    case engineMove = "operator:engine-move"
    /// What follows is the newsletter.
    case engineMoveReport = "operator:engine-move-report"
    /// What follows is the newsletter.
    case engineForget = "operator:engine-forget"
    /// What follows is the newsletter.
    case enginePassOn = "operator:engine-pass-on"
    /// What follows are lines as ``ReaderLine`` reads them.
    case importReaders = "operator:import"
    case block = "operator:block"
    case unblock = "operator:unblock"
    /// What follows are service, node and our node, as ``FeedMove`` reads them.
    case takeOver = "operator:take-over"
    case redirect = "operator:redirect"
}

/// Who was blocked, or let in again.
package struct BlockOutcome: Codable, Hashable, Sendable {
    package var person: String
    /// The nodes concerned.
    package var nodes: Int
    /// The subscriptions that ended with it.
    package var ended: Int
}

/// How taking over readers went.
package enum ReaderImport {
    package struct Outcome: Codable, Hashable, Sendable {
        package var added = 0
        /// They were subscribed before, and it stays as it was.
        package var known = 0
        /// The lines, with the reason.
        package var refused: [String] = []

        package init() {}

        package mutating func add(_ other: Outcome) {
            added += other.added
            known += other.known
            refused += other.refused
        }
    }

    enum Refusal: Error, CustomStringConvertible {
        case unreadable
        case isOut

        var description: String {
            switch self {
            case .unreadable:
                "This should be an address, a node, and perhaps form and amount, with commas between."
            case .isOut:
                "Nothing was sent to them where they come from; they have to subscribe themselves."
            }
        }
    }
}
