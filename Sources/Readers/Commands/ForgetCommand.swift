import Commands
import Foundation
import Localization
import PubSub
import Publishing
import Storage
import XMPP

/// `forget me`: ends all and erases what is stored.
struct ForgetCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "forget",
            summary: .text("forget.summary"),
            parameters: [
                Parameter("who", .choice(["me"]), summary: .text("forget.who"))
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            confirmation: { $0.texts("forget.question") },
            examples: ["forget me"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let reader = try desk.reader(of: invocation)
        let (service, list) = (desk.service, desk.list)
        let (effects, elsewhere, isKept) = try await desk.store.write { transaction in
            let isKnown = try list.knows(reader, in: transaction)
            let effects = try Self.erase(reader, service, in: transaction)
            for asked in try transaction.engineReaders(of: reader) where asked.state != .sent {
                try transaction.forgetEngineReader(asked.id)
            }
            let feeds = list.newsletters.flatMap(\.allFeeds)
            let elsewhere = try list.endElsewhere(
                feeds,
                of: reader,
                turn: .afterItems(isToldOf: true),
                isKnown: isKnown,
                in: transaction
            )
            return (effects, elsewhere, try !transaction.affiliations(of: reader).isEmpty)
        }
        await desk.send(effects)
        let texts = invocation.texts
        let answer = [
            texts("forget.done"), isKept ? texts("forget.kept") : nil, texts("forget.contact"),
        ]
        .compactMap { $0 }.joined(separator: " ")
        let note = try await desk.endNote(for: reader, of: desk.newsletters, texts)
        return ([answer] + note + elsewhere.notes(texts)).joined(separator: "\n")
    }

    /// Ends and erases what the reader can end: subscriptions, and what they left behind.
    private static func erase(
        _ reader: JID,
        _ service: PubSubService,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        var effects: [PubSubEffect] = []
        for subscription in try service.subscriptions(of: reader, in: transaction) {
            let jid = subscription.record.jid
            effects += try service.unsubscribe(jid, from: subscription.node, in: transaction)
        }
        for contact in try transaction.contacts(of: reader) {
            try transaction.removeContact(contact.address, of: reader)
        }
        try transaction.forgetExceptions(of: reader)
        try transaction.setQuietHours(nil, of: reader)
        try transaction.setWaitsWhileBusy(false, reader, at: Date())
        try transaction.forgetPresences(of: reader)
        // Who was let in can be let in again; who was shut out is not let in by this.
        for standing in try transaction.affiliations(of: reader)
        where standing.affiliation == .member {
            try transaction.setAffiliation(.none, of: reader, with: standing.node)
        }
        return effects
    }
}
