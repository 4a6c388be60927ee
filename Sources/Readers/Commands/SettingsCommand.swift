import Commands
import Foundation
import Localization
import PubSub
import Publishing
import Storage
import XMPP

/// `settings`: what the reader gets and in which form; with values, or by the form, all of it is set.
struct SettingsCommand: Sendable {
    fileprivate enum Name {
        static let reading = "reading"
        static let language = "language"
        static let amount = "amount"
        static let translations = "translations"
        static let whole = [reading, amount, language]
    }

    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "settings",
            summary: .text("settings.summary"),
            parameters: [
                Parameter(
                    Name.reading,
                    .choice(["yes", "no"]),
                    isRequired: false,
                    summary: .text("settings.reading")
                ),
                Parameter(
                    Name.amount,
                    .choice(ChatAmount.allCases.map(\.rawValue)),
                    isRequired: false,
                    summary: .text("register.amount")
                ),
                Parameter(
                    Name.language,
                    .language,
                    isRequired: false,
                    summary: .text("register.language")
                ),
                Parameter(
                    Name.translations,
                    .choice(["yes", "no"]),
                    isRequired: false,
                    summary: .text("settings.translations")
                ),
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["settings", "settings yes full de"],
            current: { await current($0) }
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func current(_ invocation: CommandInvocation) async -> CommandArguments {
        guard let newsletter = try? desk.newsletter(for: invocation),
            let reader = try? desk.reader(of: invocation)
        else { return [:] }
        let list = desk.list
        let shown = try? await desk.store.read { transaction in
            try ShownSettings(of: reader, at: newsletter, in: list, transaction)
        }
        return shown?.arguments ?? [:]
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let reader = try desk.reader(of: invocation)
        let isChange = (Name.whole + [Name.translations]).contains {
            invocation.arguments[$0] != nil
        }
        let notes = isChange ? try await change(invocation, newsletter, for: reader) : []
        let list = try await list(newsletter, for: reader, invocation.texts)
        return ([list] + notes).joined(separator: "\n")
    }

    /// Sets what was said and is different, and gives what else there is to be said of it; who does not read
    /// is to say that they want to.
    private func change(
        _ invocation: CommandInvocation,
        _ newsletter: Newsletter,
        for reader: JID
    ) async throws -> [String] {
        let feed = try await desk.feedToRead(of: newsletter, for: invocation)
        let asked = invocation.arguments
        let isWholeForm = Name.whole.allSatisfy { asked[$0] != nil }
        let list = desk.list
        let (effects, elsewhere) = try await desk.store.write {
            transaction -> ([PubSubEffect], LeavingElsewhere?) in
            let shown = try ShownSettings(of: reader, at: newsletter, in: list, transaction)
            switch asked[Name.reading] {
            case "no" where isWholeForm && !shown.reads:
                // The form said so before: nobody wants to end what it does not show.
                return ([], nil)
            case "no":
                let left = try list.leave(newsletter.allFeeds, as: reader, in: transaction)
                return (left.effects, left.elsewhere)
            case nil where !shown.reads:
                throw ReaderProblem.notSubscribed(newsletter)
            default:
                let isSameLanguage = asked[Name.language] == nil && shown.reads
                let wanted = WantedSettings(
                    feed: isSameLanguage ? newsletter.feed(for: shown.language) ?? feed : feed,
                    amount: asked[Name.amount].flatMap(ChatAmount.init(rawValue:)),
                    translations: asked[Name.translations].map { $0 == "yes" }
                )
                let effects = try list.apply(
                    wanted,
                    to: reader,
                    at: newsletter,
                    changing: shown,
                    in: transaction
                )
                return (effects, nil)
            }
        }
        await desk.send(effects)
        return elsewhere?.notes(invocation.texts) ?? []
    }

    private func list(
        _ newsletter: Newsletter,
        for reader: JID,
        _ texts: Texts
    ) async throws -> String {
        let list = desk.list
        let hours = try await desk.store.read { try $0.quietHours(of: reader) }
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
                        record.choice.takesTranslations ? nil : texts("settings.once"),
                        isSuspended ? texts("settings.suspended") : nil,
                    ]
                    return "- \(feed.label): "
                        + facts.compactMap { $0 }.joined(separator: ", ")
                }
            }
        }
        let elsewhere =
            try await onTheWay(newsletter, for: reader, texts) + texts.elsewhere(newsletter)
        guard !lines.isEmpty else {
            let none = texts(
                "settings.none",
                [
                    "newsletter": newsletter.title,
                    "languages": newsletter.languages.joined(separator: ", "),
                ]
            )
            return ([none] + elsewhere).joined(separator: "\n")
        }
        let head = texts("settings.head", ["newsletter": newsletter.title])
        let quiet = hours.map { [QuietCommand.text(of: $0, texts)] } ?? []
        return ([head] + lines + elsewhere + quiet + [texts("settings.change")])
            .joined(separator: "\n")
    }

    /// What the newsletter's engine was asked for and has not done.
    private func onTheWay(
        _ newsletter: Newsletter,
        for reader: JID,
        _ texts: Texts
    ) async throws -> [String] {
        let asked = try await desk.store.read { try $0.engineReaders(of: reader) }
        return newsletter.allFeeds.flatMap { feed in
            asked.filter { $0.wish.node == feed.node && !$0.wish.isMove }.compactMap { asked in
                let facts = ["feed": feed.label, "service": asked.wish.service.description]
                return switch (asked.wish.isSubscribed, asked.state) {
                case (true, .waiting), (true, .sent): texts("settings.goes", facts)
                case (true, .refused): texts("settings.staysHere", facts)
                case (false, .refused): texts("settings.staysThere", facts)
                case (false, _): nil
                }
            }
        }
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

extension ShownSettings {
    fileprivate var arguments: CommandArguments {
        CommandArguments([
            SettingsCommand.Name.reading: [reads ? "yes" : "no"],
            SettingsCommand.Name.amount: [amount.rawValue],
            SettingsCommand.Name.language: [language],
            SettingsCommand.Name.translations: [translations ? "yes" : "no"],
        ])
    }
}
