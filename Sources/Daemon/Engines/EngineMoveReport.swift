package import Foundation
import Localization
import Publishing
import Storage
import XMPP

/// How far a move is.
package struct EngineMoveReport: Codable, Hashable, Sendable {
    package var newsletter: String
    package var service: String
    package var isLeavingHome: Bool
    /// `moving`, `moved` or `leaving`; `left` when there is nothing of it any more.
    package var phase: String
    package var moved: Int
    package var moving: Int
    package var refused: Int
    /// Those that Broadsheet serves by PubSub.
    package var readersHere: Int
    /// What the engine has still to be told of items.
    package var changesWaiting: Int
    package var reason: String?
    /// Whether it ended before all was done.
    package var isCut: Bool
    /// Since when it does not go on, if it does not.
    package var heldSince: Date?
    /// Whether the configuration says that the newsletter is where it moves to.
    package var isConfigured: Bool
    /// Whether readers may be there of whom nothing else tells.
    package var mayHaveReadersThere = false
    /// Which of our items are not at the engine that the readers have moved to, in sentences.
    package var lacks: [String] = []
}

extension EngineMoveReport {
    /// Nil if the newsletter does not move.
    init?(of newsletter: Newsletter, _ transaction: borrowing Transaction) throws {
        guard let move = try transaction.engineMove(of: newsletter.name) else { return nil }
        let counts = try transaction.engineMoveCounts(of: newsletter.name)
        let backlog = try transaction.engineBacklogs().first {
            $0.newsletter == newsletter.name && $0.service == move.service
        }
        let trouble =
            try move.reason ?? move.obstacle ?? transaction.firstReason(of: newsletter.name)
        self.newsletter = newsletter.name
        service = move.service.description
        isLeavingHome = move.isLeavingHome
        phase = move.phase.rawValue
        moved = move.moved
        moving = counts.moving
        refused = counts.refused
        readersHere = try transaction.pubsubReaderCount(of: newsletter.allFeeds.map(\.node))
        changesWaiting = backlog?.waiting ?? 0
        reason = try trouble ?? backlog?.reason ?? Self.delivery(before: move, transaction)
        isCut = move.reason != nil
        heldSince = move.obstacleSince
        isConfigured = (newsletter.engine == move.service) == move.isLeavingHome
        mayHaveReadersThere = move.mayHaveReadersThere
    }

    /// What has to go out from here before anybody moves, in words; nil for nothing.
    private static func delivery(
        before move: EngineMove,
        _ transaction: borrowing Transaction
    ) throws -> String? {
        guard let fanOut = try transaction.fanOutBefore(move) else { return nil }
        guard fanOut.state == .held else {
            return "'\(fanOut.item)' goes out from here first, to all who read it here."
        }
        return "The delivery of '\(fanOut.item)' is held, and it goes out from here first: "
            + "'broadsheet resume \(fanOut.item)', or 'broadsheet cancel \(fanOut.item)'."
    }

    /// Of a newsletter that has left its engine, or never moved.
    init(left newsletter: Newsletter) {
        self.newsletter = newsletter.name
        service = newsletter.engine?.description ?? "local"
        (isLeavingHome, phase, isCut, isConfigured) = (false, "left", false, true)
        (moved, moving, refused, readersHere, changesWaiting) = (0, 0, 0, 0, 0)
    }

    /// Whether there is still something to be done.
    package var isUnderWay: Bool { ["moving", "leaving"].contains(phase) }

    /// Whether its readers are at its engine, as far as they can be.
    package var hasArrived: Bool {
        phase == EngineMove.Phase.moved.rawValue && isLeavingHome && isConfigured
    }

    /// Nothing once all are where the configuration has them, and none was refused.
    func sentences(titled title: String, in texts: Texts) -> [String] {
        let facts: [String: any CustomStringConvertible] = [
            "newsletter": title, "name": newsletter, "service": service, "moved": moved,
        ]
        let trouble = trouble(in: texts).map { " " + $0 } ?? ""
        switch (phase, isLeavingHome) {
        case _ where hasArrived:
            guard refused > 0, let reason, readersHere > 0 else { return [] }
            let title = facts.merging(["reason": reason]) { $1 }
            return [texts("status.move.stayed", count: readersHere, title)]
        case (_, true) where !isConfigured:
            guard mayHaveReadersThere else { return [] }
            return [texts("status.move.lost", facts)]
        case (EngineMove.Phase.moved.rawValue, false):
            return [
                (isCut ? texts("status.move.cut", facts) : texts("status.move.home", facts))
                    + trouble
            ]
        case (_, true): return [texts("status.move.there", facts) + trouble]
        case (_, false): return [texts("status.move.back", facts) + trouble]
        }
    }
    private func trouble(in texts: Texts) -> String? {
        guard let reason else { return nil }
        guard let heldSince else { return reason }
        let moment = DateTime(heldSince).description
        return texts("status.move.held", ["since": moment, "reason": reason, "service": service])
    }
}
