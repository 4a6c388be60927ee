import Foundation
import Testing
import XMPP

@testable import Storage

@Suite("Whose last message from us is an issue, so that it can be corrected (XEP-0308)")
struct LastMessageTests {
    let store: Store
    let verse: NodeRowID
    let prose: NodeRowID

    /// Juliet and Romeo read verse in a chat, the nurse by PubSub.
    init() async throws {
        store = try Store.inMemory()
        verse = try await store.makeNode()
        prose = try await store.makeNode(.prose)
        try await store.subscribe(.juliet, to: verse, as: .chat)
        try await store.subscribe(.romeo, to: verse, as: .chat)
        try await store.subscribe(.nurse, to: verse, as: .event)
    }

    /// Lets a fan-out go to everybody at that second, and be over two seconds later.
    @discardableResult
    private func send(
        _ item: ItemID = .first,
        to node: NodeRowID? = nil,
        _ kinds: [VariantKind] = [.event, .chat(.short)],
        note: String? = nil,
        at seconds: TimeInterval
    ) async throws -> FanOutRecord {
        let new = NewFanOut(
            node: node ?? verse,
            item: item,
            variants: kinds.map(VariantRecord.sample),
            note: note
        )
        return try await store.write { transaction in
            let fanOut = try transaction.startFanOut(new, at: moment(seconds))
            _ = try transaction.moveCursor(
                of: fanOut.id,
                to: fanOut.lastSubscription,
                over: fanOut.total,
                at: moment(seconds + 1),
                horizon: moment()
            )
            try transaction.setState(.finished, of: fanOut.id, at: moment(seconds + 2))
            return known(try transaction.fanOut(fanOut.id))
        }
    }

    /// What each gets of a correction of the issue.
    private func correction(of issue: FanOutRecord, at seconds: TimeInterval = 1_000) async throws
        -> [String: VariantKind]
    {
        let kinds: [VariantKind] = [.event, .chat(.short), .replacement(.short)]
        var new = NewFanOut(node: verse, item: .first, variants: kinds.map(VariantRecord.sample))
        (new.note, new.corrects) = ("correction", issue.id)
        let (fanOut, page) = try await store.write { [new] transaction in
            let fanOut = try transaction.startFanOut(new, at: moment(seconds))
            return (fanOut, try transaction.recipients(of: fanOut, after: .start, limit: 10))
        }
        #expect(fanOut.total == page.count, "whoever gets it as a replacement counts once")
        return Dictionary(
            uniqueKeysWithValues: page.map { ($0.name, $0.kind) }
        )
    }

    @Test("who has heard nothing since gets the corrected issue, who has talked to us a pointer")
    func talked() async throws {
        try await store.write { try $0.noteConversation(with: .juliet, at: moment(50)) }
        let issue = try await send(at: 100)
        try await store.write { try $0.noteConversation(with: .romeo, at: moment(200)) }
        #expect(
            try await correction(of: issue)
                == ["juliet": .replacement(.short), "romeo": .chat(.short), "nurse": .event]
        )
    }

    @Test("who has joined since, or got it late or not at all, gets a pointer")
    func late() async throws {
        let issue = try await send(at: 100)
        try await store.write { transaction in
            let juliet = known(try transaction.subscription(of: .juliet, to: verse))
            try transaction.recordException(
                DeliveryExceptionRecord(
                    fanOut: issue.id,
                    subscription: juliet.id,
                    jid: .juliet,
                    kind: .failed,
                    condition: .serviceUnavailable,
                    recordedAt: moment(101)
                )
            )
            _ = try transaction.unsubscribe(.romeo, from: verse)
        }
        try await store.subscribe(.romeo, to: verse, as: .chat)
        let kinds = try await correction(of: issue)
        #expect(kinds["juliet"] == .chat(.short) && kinds["romeo"] == .chat(.short))
    }

    /// Changes what Romeo has chosen.
    private func change(
        _ change: @escaping @Sendable (inout DeliveryChoice) -> Void
    ) async throws {
        try await store.write { [verse] transaction in
            let romeo = known(try transaction.subscription(of: .romeo, to: verse))
            var choice = romeo.choice
            change(&choice)
            try transaction.setOptions(choice, of: romeo.id)
        }
    }

    @Test("who was sent nothing when it went out gets no replacement of what they never had")
    func paused() async throws {
        try await change { $0.isDelivered = false }
        let issue = try await send(at: 100)
        try await change { $0.isDelivered = true }
        let kinds = try await correction(of: issue)
        #expect(kinds["juliet"] == .replacement(.short) && kinds["romeo"] == .chat(.short))
        // Of the next issue they get one like everybody.
        try await store.write { try $0.run("UPDATE fanOut SET state = 'finished', finishedAt = 0") }
        let next = try await send(at: 2_000)
        #expect(try await correction(of: next, at: 3_000)["romeo"] == .replacement(.short))
    }

    @Test("nor does who was suspended, or had it as an event")
    func suspended() async throws {
        try await store.write { [verse] transaction in
            let juliet = known(try transaction.subscription(of: .juliet, to: verse))
            try transaction.suspend(juliet.id, at: moment(50))
        }
        try await change { $0.form = .event }
        let issue = try await send(at: 100)
        try await store.subscribe(.juliet, to: verse, as: .chat)
        try await change { $0.form = .chat }
        let kinds = try await correction(of: issue)
        #expect(kinds["juliet"] == .chat(.short) && kinds["romeo"] == .chat(.short))
    }

    @Test("nor does who had it with the whole then, and has that no more")
    func whole() async throws {
        try await store.subscribe(.romeo, to: prose, as: .chat)
        var new = NewFanOut(node: verse, item: .first, variants: [.sample(.chat(.short))])
        new.wholeNode = prose
        let issue = try await store.write { [new] transaction in
            let fanOut = try transaction.startFanOut(new, at: moment(100))
            try transaction.setState(.finished, of: fanOut.id, at: moment(101))
            try transaction.run(
                "UPDATE fanOut SET cursor = lastSubscription WHERE id = ?",
                [fanOut.id.rawValue]
            )
            return known(try transaction.fanOut(fanOut.id))
        }
        try await store.write { [prose] in _ = try $0.unsubscribe(.romeo, from: prose) }
        let kinds = try await correction(of: issue)
        #expect(kinds["juliet"] == .replacement(.short) && kinds["romeo"] == .chat(.short))
    }

    @Test("nor does who may be left out: by their presence, or of translations")
    func leftOut() async throws {
        try await change { $0.takesTranslations = false }
        let issue = try await send(at: 100)
        #expect(try await correction(of: issue)["romeo"] == .chat(.short))
        try await change { $0.takesTranslations = true }
        try await change { $0.showValues = [.online] }
        #expect(try await correction(of: issue, at: 2_000)["romeo"] == .chat(.short))
    }

    @Test("what came from another node since is last for its readers; what only PubSub got is not")
    func others() async throws {
        let issue = try await send(at: 100)
        try await store.subscribe(.romeo, to: prose, as: .chat)
        try await send(.second, to: prose, at: 200)
        try await send(.second, [.event], note: "correction", at: 300)
        let kinds = try await correction(of: issue)
        #expect(kinds["juliet"] == .replacement(.short) && kinds["romeo"] == .chat(.short))
        try await store.write { try $0.run("UPDATE fanOut SET state = 'finished', finishedAt = 0") }
        try await send(.third, at: 2_000)
        #expect(try await correction(of: issue, at: 3_000)["juliet"] == .chat(.short))
    }
}
