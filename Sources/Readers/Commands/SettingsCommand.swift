import Commands
import Foundation
import PubSub
import Publishing
import Storage
import XMPP

/// `settings`: what the reader gets, in which form, and the words that change it.
struct SettingsCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "settings",
            summary: "See what you get, and how to change it",
            role: .reader,
            audience: .readers,
            changesSomething: false,
            examples: ["settings"]
        ) { invocation, _ in
            await desk.answer { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let reader = try desk.reader(of: invocation)
        let list = desk.list
        let lines = try await desk.store.read { transaction in
            let all = try list.subscriptions(of: reader, to: newsletter.allFeeds, in: transaction)
            return try newsletter.allFeeds.flatMap { feed in
                try all.filter { $0.node == feed.node }.map { subscription in
                    let record = subscription.record
                    let end = try transaction.pauseEnd(of: record.id)
                    let isSuspended = try transaction.suspension(of: record.id) != nil
                    return "- \(feed.label): \(Self.form(of: record, of: reader))"
                        + Self.state(of: record, pausedUntil: end)
                        + (isSuspended ? Self.suspended : "")
                }
            }
        }
        guard !lines.isEmpty else {
            return "You are not subscribed to \(newsletter.title). "
                + "Languages: \(newsletter.languages.joined(separator: ", ")). "
                + "Write “subscribe”, or “subscribe LANGUAGE”."
        }
        return
            (["You get \(newsletter.title):"] + lines + [
                "Change it with “full”, “short”, “link”, “language …”, “pause until …”, “unsubscribe”."
            ]).joined(separator: "\n")
    }

    private static let suspended =
        ", but too much came back from you, so nothing is sent: write “subscribe” to begin again"

    private static func form(of record: SubscriptionRecord, of reader: JID) -> String {
        let client = record.jid == reader ? "" : " at \(record.jid.resourcepart ?? "")"
        return switch (record.choice.form, record.choice.amount) {
        case (.chat, .full): "as messages with the whole text"
        case (.chat, .short): "as short messages"
        case (.chat, .link): "as messages with title and link"
        case (.event, _): "by a PubSub client" + client
        case (.eventWithBody, _): "by a PubSub client, with a text for others" + client
        }
    }

    private static func state(of record: SubscriptionRecord, pausedUntil end: Date?) -> String {
        if record.state == .pending { return ", once it is approved" }
        if let end { return ", paused until \("\(DateTime(end))".prefix(10))" }
        return record.choice.isDelivered ? "" : ", but nothing is sent (a client has set that)"
    }
}
