import Commands
import Localization
import PubSub
import Publishing
import Storage
import XMPP

/// `unsubscribe [LANGUAGE] [TOPIC…]`: no more issues, however the reader had subscribed.
struct UnsubscribeCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "unsubscribe",
            aliases: ["stop", "leave", "end"],
            summary: .text("unsubscribe.summary"),
            parameters: [
                Parameter(
                    "language",
                    .language,
                    isRequired: false,
                    summary: .text("unsubscribe.language")
                ),
                Parameter(
                    "topic",
                    .word,
                    isRequired: false,
                    isRepeated: true,
                    summary: .text("unsubscribe.topic")
                ),
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["unsubscribe", "unsubscribe de"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let reader = try desk.reader(of: invocation)
        let words = invocation.arguments.all("language") + invocation.arguments.all("topic")
        let isAll = words.isEmpty || words == ["all"]
        let feeds = isAll ? newsletter.allFeeds : try named(of: newsletter, for: invocation)
        let list = desk.list
        let (left, elsewhere, effects) = try await desk.store.write {
            try list.leave(feeds, as: reader, in: $0)
        }
        await desk.send(effects)
        guard elsewhere.turnedAway.isEmpty else {
            return elsewhere.notes(invocation.texts).joined(separator: "\n")
        }
        let note = try await desk.endNote(for: reader, of: [newsletter], invocation.texts)
        guard !left.isEmpty else {
            let which = isAll ? "" : " (\(Self.list(Array(feeds.prefix(1)))))"
            let what = newsletter.title + which
            guard let engine = newsletter.engine else {
                return invocation.texts("unsubscribe.nothing", ["what": what])
            }
            guard note.isEmpty else { return note.joined(separator: "\n") }
            return invocation.texts(
                "unsubscribe.nothingHere",
                ["what": what, "service": engine.description]
            )
        }
        let answer = invocation.texts(
            "unsubscribe.done",
            ["newsletter": newsletter.title, "feeds": Self.list(left)]
        )
        return ([answer] + note + invocation.links(to: newsletter, writing: "subscribe"))
            .joined(separator: "\n")
    }

    /// A language stands for its topics too.
    private func named(
        of newsletter: Newsletter,
        for invocation: CommandInvocation
    ) throws -> [Newsletter.Feed] {
        try desk.feeds(of: newsletter, for: invocation).flatMap { feed in
            [feed]
                + newsletter.topics(in: feed.language).filter { $0.topic?.wholeNode == feed.node }
        }
    }

    private static func list(_ feeds: [Newsletter.Feed]) -> String {
        feeds.map(\.label).joined(separator: ", ")
    }
}
