import Foundation
import Storage
import Testing
import XML
import XMPP

@testable import Delivery

@Suite("Correcting messages (XEP-0308)", .timeLimit(.minutes(10)))
struct CorrectingTests {
    @Test(
        "whose last message it is sees it corrected in its place, by the id they know; others are told"
    )
    func lastMessage() async throws {
        let stand = try await Newsstand()
        try await stand.subscribe(1...6)
        let listener = Listener()
        let first = ScriptedStream()
        let issue = try await stand.publish()
        let dispatcher = try stand.dispatcher(report: { await listener.hear($0) })
        try await deliver(with: dispatcher, on: first, until: listener)
        let known = try first.messages().first { $0.to?.localpart == "r3" }
        try await stand.store.write { transaction in
            try transaction.noteConversation(with: try JID("r6@verona.lit"), at: .now)
            var new = NewFanOut(
                node: stand.node,
                item: issue.item,
                variants: [
                    VariantKind.event.sample(about: "issue"),
                    VariantRecord(kind: .chat(.short), first: VariantKind.chatMessage("pointer")),
                    VariantRecord(
                        kind: .replacement(.short),
                        first: VariantKind.chatMessage("the issue, corrected")
                    ),
                ],
                note: "correction"
            )
            new.corrects = issue.id
            _ = try transaction.startFanOut(new, at: .now)
        }
        let second = ScriptedStream()
        try await deliver(
            with: dispatcher,
            on: second,
            after: .closedByServer,
            until: listener,
            finished: 2
        )
        let chats = try second.messages().filter { $0.type == .chat }
        let (corrected, told) = (
            chats.first { $0.to?.localpart == "r3" }, chats.first { $0.to?.localpart == "r6" }
        )
        #expect(chats.count == 2)
        #expect(corrected?.body == "the issue, corrected")
        #expect(corrected?.child("replace", in: .correction)?["id"] == known?.id)
        #expect(known?.id != nil && corrected?.id != known?.id)
        #expect(told?.body == "pointer" && told?.child("replace", in: .correction) == nil)
    }
}
