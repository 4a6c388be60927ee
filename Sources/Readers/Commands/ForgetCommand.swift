import Commands
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
            summary: "Have all erased that is stored about you",
            parameters: [
                Parameter("who", .choice(["me"]), summary: "“me”: nobody else can be forgotten")
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            confirmation: { _ in Self.question },
            examples: ["forget me"]
        ) { invocation, _ in
            await desk.answer { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let reader = try desk.reader(of: invocation)
        let service = desk.service
        let (effects, isKept) = try await desk.store.write { transaction in
            let effects = try Self.erase(reader, service, in: transaction)
            return (effects, try !transaction.affiliations(of: reader).isEmpty)
        }
        await desk.send(effects)
        let kept =
            isKept
            ? " What stays is your standing with some nodes, as their owner or as somebody who is "
                + "excluded: only the service's operator can take that away." : ""
        return "All is erased. You get nothing more from here.\(kept) "
            + "I am still among your contacts if you had added me; you may remove me."
    }

    private static let question =
        "Erase all that is stored about you, and end every subscription "
        + "you have here, at all newsletters? “mydata” shows what there is."

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
        return effects
    }
}
