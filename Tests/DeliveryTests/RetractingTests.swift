import Foundation
import Storage
import Testing
import XML
import XMPP

@testable import Delivery

@Suite("Taking messages back (XEP-0424)", .timeLimit(.minutes(10)))
struct RetractingTests {
    let stand: Newsstand
    private static let notice = "It has been withdrawn."

    init() async throws {
        stand = try await Newsstand()
        try await stand.subscribe(1...3)
    }

    /// What is sent by a fan-out to whoever is subscribed now; chat readers get these parts.
    private func send(
        _ parts: [VariantRecord.Part],
        note: String? = nil,
        retracting earlier: FanOutRecord? = nil
    ) async throws -> (FanOutRecord, [Message]) {
        let fanOut = try await start(parts, note: note, retracting: earlier)
        let (stream, listener) = (ScriptedStream(), Listener())
        let dispatcher = try stand.dispatcher(report: { await listener.hear($0) })
        try await deliver(with: dispatcher, on: stream, until: listener)
        return (fanOut, try stream.messages())
    }

    private func start(
        _ parts: [VariantRecord.Part],
        note: String? = nil,
        retracting earlier: FanOutRecord? = nil
    ) async throws -> FanOutRecord {
        let chat = VariantRecord(
            kind: .chat(.short),
            first: parts[0],
            further: Array(parts.dropFirst())
        )
        return try await stand.store.write { [stand] transaction in
            try transaction.startFanOut(
                NewFanOut(
                    node: stand.node,
                    item: known(ItemID(rawValue: "issue")),
                    variants: [VariantKind.event.sample(about: "issue"), chat],
                    note: note,
                    retracts: earlier?.id
                ),
                at: .now
            )
        }
    }

    /// A message in which nothing is but what it retracts.
    private static let empty = VariantRecord.Part(
        head: VariantKind.chatMessage("x").head,
        tail: Array("/>".utf8)
    )

    @Test("each message that a chat reader got is named, and the first says it in words as well")
    func allParts() async throws {
        let (issue, copies) = try await send(["one", "two"].map(VariantKind.chatMessage))
        let ids = copies.filter { $0.to?.description == "r3@verona.lit" }.map(\.id)
        #expect(ids.count == 2)
        try await stand.subscribe(4...6)
        let (_, messages) = try await send(
            [VariantKind.chatMessage(Self.notice), Self.empty],
            note: "retraction",
            retracting: issue
        )
        let retractions = messages.filter { $0.to?.description == "r3@verona.lit" }
        #expect(retractions.map { $0.child("retract", in: .retraction)?["id"] } == ids)
        #expect(retractions.map(\.body) == [Self.notice, nil])
        let fallbacks = retractions.map { $0.child("fallback", in: .fallback)?["for"] }
        #expect(fallbacks == [Namespace.retraction.rawValue, nil])
        #expect(Set(retractions.compactMap(\.id)).isDisjoint(with: ids.compactMap(\.self)))
        // Who came later got no issue, and only hears of it.
        let later = messages.filter { $0.to?.description == "r6@verona.lit" }
        #expect(later.map(\.body) == [Self.notice])
        #expect(later.allSatisfy { $0.child("retract", in: .retraction) == nil })
        #expect(later.allSatisfy { $0.child("fallback", in: .fallback) == nil })
        let events = messages.filter { $0.to?.description == "r1@verona.lit" }
        #expect(events.count == 1 && events[0].child("retract", in: .retraction) == nil)
    }

    @Test("who got a text, and later its translation, loses both; who came between loses that")
    func severalCopies() async throws {
        let (_, copies) = try await send(["one", "two"].map(VariantKind.chatMessage))
        try await stand.subscribe(4...6)
        let (translation, second) = try await send([VariantKind.chatMessage("due")])
        func ids(_ messages: [Message], of reader: String) -> [String?] {
            messages.filter { $0.to?.description == "\(reader)@verona.lit" }.map(\.id)
        }
        let (_, messages) = try await send(
            [VariantKind.chatMessage(Self.notice), Self.empty],
            note: FanOutNote.retraction.rawValue,
            retracting: translation
        )
        let retractions = messages.filter { $0.to?.description == "r3@verona.lit" }
        let retracted = retractions.map { $0.child("retract", in: .retraction)?["id"] }
        #expect(Set(retracted).isSuperset(of: ids(copies + second, of: "r3")))
        // Of the longer one there are two messages; nobody knows how many the shorter had.
        #expect(retractions.count == 4)
        #expect(retractions.map(\.body) == [Self.notice, nil, nil, nil])
        #expect(Set(retractions.map(\.id)).count == 4)
        let later = messages.filter { $0.to?.description == "r6@verona.lit" }
        #expect(later.first?.child("retract", in: .retraction)?["id"] == ids(second, of: "r6")[0])
        #expect(later.count == 2)
    }

    @Test("what was taken back before is not taken back again")
    func secondRetraction() async throws {
        let (issue, _) = try await send([VariantKind.chatMessage("one")])
        let notice = VariantKind.chatMessage(Self.notice)
        let note = FanOutNote.retraction.rawValue
        _ = try await send([notice], note: note, retracting: issue)
        let (again, copies) = try await send([VariantKind.chatMessage("one")])
        let (_, messages) = try await send([notice], note: note, retracting: again)
        let retracted = messages.compactMap { $0.child("retract", in: .retraction)?["id"] }
        #expect(retracted == copies.filter { $0.type == .chat }.compactMap(\.id))
    }

    @Test("however late it goes out, PubSub readers get the event that takes the item back")
    func afterTheDeadline() async throws {
        let (issue, _) = try await send([VariantKind.chatMessage("one")])
        let notice = VariantRecord(
            kind: .chat(.link),
            first: VariantKind.chatMessage(Self.notice)
        )
        let (late, listener) = (TestTime(at: .now), Listener())
        try await stand.store.write { [stand] transaction in
            _ = try transaction.startFanOut(
                NewFanOut(
                    node: stand.node,
                    item: known(ItemID(rawValue: "issue")),
                    variants: [VariantKind.event.sample(about: "issue"), notice],
                    note: FanOutNote.retraction.rawValue,
                    retracts: issue.id
                ),
                at: .now
            )
        }
        late.advance(by: 7200)
        let stream = ScriptedStream()
        let dispatcher = try stand.dispatcher(
            deadline: .seconds(3600),
            time: late,
            report: { await listener.hear($0) }
        )
        try await deliver(with: dispatcher, on: stream, until: listener)
        let types = try stream.messages().map(\.type)
        #expect(types == [.normal, .normal])
    }

    @Test("a long notice retracts as well")
    func longNotice() async throws {
        let (issue, copies) = try await send([VariantKind.chatMessage("one")])
        let text = String(repeating: "withdrawn ", count: 900)
        let (_, messages) = try await send(
            [VariantKind.chatMessage(text)],
            note: "retraction",
            retracting: issue
        )
        let id = copies.last { $0.to?.description == "r3@verona.lit" }?.id
        let retraction = try #require(messages.last { $0.to?.description == "r3@verona.lit" })
        #expect(retraction.child("retract", in: .retraction)?["id"] == id)
        #expect(retraction.body == text)
    }

    @Test("written again after an error, it is the same retraction")
    func retried() async throws {
        let time = TestTime()
        let (issue, _) = try await send([VariantKind.chatMessage("one")])
        _ = try await start(
            [VariantKind.chatMessage(Self.notice)],
            note: "retraction",
            retracting: issue
        )
        let (stream, listener) = (ScriptedStream(), Listener())
        let dispatcher = try stand.dispatcher(
            time: time,
            report: { await listener.hear($0) }
        )
        try await deliver(with: dispatcher, on: stream, until: listener)
        let sent = try #require(try stream.messages().last)
        #expect(sent.child("retract", in: .retraction) != nil)
        _ = try await dispatcher.bounced(sent.reply(error: StanzaError(.remoteServerTimeout)))
        time.advance(by: 61)
        let again = ScriptedStream()
        try await dispatcher.retry(on: again)
        #expect(try again.messages() == [sent])
    }
}
