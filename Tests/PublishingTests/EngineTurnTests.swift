import Foundation
import Storage
import Synchronization
import Testing
import XMPP

@testable import Publishing

@Suite("A move that is turned round, or given up, while something of it is on its way")
struct EngineTurnTests {
    private let house: MovingPress

    init() async throws {
        house = try await MovingPress()
    }

    @Test("what is turned round goes the other way, and is not told as over")
    func turnedRound() async throws {
        let (service, node) = (house.press.service, house.node)
        let juliet = try JID("juliet@capulet.lit")
        try await house.press.store.write {
            _ = try service.subscribe(juliet, to: node, in: $0)
        }
        try await house.start(isLeavingHome: true)
        try await house.runUntilMoved()
        #expect(try await house.readers(in: house.press.store) == [])

        try await house.start(isLeavingHome: false)
        let turn = Once()
        try await house.run { [house] request in
            guard request.asksForItems, turn.isFirst() else { return nil }
            try await house.start(isLeavingHome: true)
            return nil
        } until: {
            try await house.move()?.phase == .moved
        }
        #expect(turn.hasHappened)
        #expect(try await house.move()?.isLeavingHome == true)
        #expect(try await house.readers(in: house.press.store) == [])
        #expect(try await house.readers(in: house.engine.store) == [juliet.description])
        #expect(try await house.move()?.moved == 1)
    }

    /// What is on its way when the operator gives the move up.
    enum Request: Sendable, CaseIterable {
        case items, readersBeforeDeletion, firstDeletion
    }

    @Test("where a move is given up, no node is deleted from then on", arguments: Request.allCases)
    func abandoned(during request: Request) async throws {
        try await house.publish(["2026-04-05-dispatch"])
        try await house.start(isLeavingHome: true)
        try await house.runUntilMoved()
        try await house.leave()
        let (givenUp, items) = (Once(), Once())
        let name = house.press.newsletter.name
        try await house.run(isLeaving: true) { [house] iq in
            if iq.asksForItems { _ = items.isFirst() }
            let isIt =
                switch request {
                case .items: iq.asksForItems
                case .readersBeforeDeletion: iq.asksForReaders && items.hasHappened
                case .firstDeletion: iq.deletesNode
                }
            guard isIt, givenUp.isFirst() else { return nil }
            try await house.press.store.write { try $0.endEngineMove(of: name) }
            return nil
        } until: {
            guard givenUp.hasHappened else { return false }
            // It gets a chance to be wrong.
            try await Task.sleep(for: .milliseconds(300))
            return true
        }
        let deletions = house.engine.asked.count(where: \.deletesNode)
        #expect(deletions == (request == .firstDeletion ? 1 : 0))
    }

    @Test("who was about to be asked for in a move that is another now is not")
    func staleReaders() async throws {
        let (name, node, service) = (house.press.newsletter.name, house.node, house.press.service)
        let (juliet, romeo) = (try JID("juliet@capulet.lit"), try JID("romeo@montague.lit"))
        try await house.press.store.write {
            _ = try service.subscribe(juliet, to: node, in: $0)
        }
        for isLeavingHome in [true, false] {
            try await house.start(isLeavingHome: isLeavingHome)
            let stale = try #require(try await house.move())
            try await house.start(isLeavingHome: !isLeavingHome)
            let number = try await house.press.store.write { transaction in
                guard let record = try transaction.node(named: node) else { return -1 }
                return isLeavingHome
                    ? try transaction.sendReaders(of: stale, from: [node], limit: 9, at: .monday)
                    : try transaction.bringReaders([romeo], of: stale, to: record, at: .monday)
            }
            #expect(number == 0)
        }
        #expect(try await house.readers(in: house.press.store) == [juliet.description])
        let waiting = try await house.press.store.read { try $0.engineMoveCounts(of: name).moving }
        #expect(waiting == 0)
    }
}
