import Commands
import Foundation
import Localization
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
            summary: .text("settings.summary"),
            role: .reader,
            audience: .readers,
            changesSomething: false,
            examples: ["settings"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let reader = try desk.reader(of: invocation)
        let (list, texts) = (desk.list, invocation.texts)
        let lines = try await desk.store.read { transaction in
            let all = try list.subscriptions(of: reader, to: newsletter.allFeeds, in: transaction)
            return try newsletter.allFeeds.flatMap { feed in
                try all.filter { $0.node == feed.node }.map { subscription in
                    let record = subscription.record
                    let end = try transaction.pauseEnd(of: record.id)
                    let isSuspended = try transaction.suspension(of: record.id) != nil
                    let facts = [
                        Self.form(of: record, of: reader, texts),
                        Self.state(of: record, pausedUntil: end, texts),
                        isSuspended ? texts("settings.suspended") : nil,
                    ]
                    return "- \(feed.label): "
                        + facts.compactMap { $0 }.joined(separator: ", ")
                }
            }
        }
        guard !lines.isEmpty else {
            return texts(
                "settings.none",
                [
                    "newsletter": newsletter.title,
                    "languages": newsletter.languages.joined(separator: ", "),
                ]
            )
        }
        let head = texts("settings.head", ["newsletter": newsletter.title])
        return ([head] + lines + [texts("settings.change")]).joined(separator: "\n")
    }

    private static func form(
        of record: SubscriptionRecord,
        of reader: JID,
        _ texts: Texts
    ) -> String {
        let client = record.jid == reader ? "" : " (\(record.jid.resourcepart ?? ""))"
        return switch (record.choice.form, record.choice.amount) {
        case (.chat, .full): texts("settings.full")
        case (.chat, .short): texts("settings.short")
        case (.chat, .link): texts("settings.link")
        case (.room, _): texts("settings.room")
        case (.event, _): texts("settings.event") + client
        case (.eventWithBody, _): texts("settings.body") + client
        }
    }

    private static func state(
        of record: SubscriptionRecord,
        pausedUntil end: Date?,
        _ texts: Texts
    ) -> String? {
        if record.state == .pending { return texts("settings.pending") }
        if let end { return texts("settings.paused", ["date": "\(DateTime(end))".prefix(10)]) }
        return record.choice.isDelivered ? nil : texts("settings.off")
    }
}
