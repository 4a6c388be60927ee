import Commands
import Localization
import Publishing
import Storage
import XMPP

/// `search omemo`: the issues that have these words, newest first.
struct SearchCommand: Sendable {
    /// How many issues are shown; of the others their number.
    private static let most = 5

    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "search",
            aliases: ["find"],
            summary: .text("search.summary"),
            parameters: [
                Parameter("words", .text, summary: .text("search.words"))
            ],
            role: .reader,
            audience: .readers,
            changesSomething: false,
            examples: ["search omemo", "search file transfer"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let words = invocation.arguments["words"] ?? ""
        var finds: [Find] = []
        for feed in try await feeds(of: newsletter, for: invocation) {
            finds += try await self.finds(of: words, in: feed, of: newsletter)
        }
        finds.sort { $0.issue.issue > $1.issue.issue }
        guard !finds.isEmpty else { throw ReaderProblem.nothingFound(words, newsletter) }
        let facts: [String: any CustomStringConvertible] = [
            "words": words.prefix(80), "most": Self.most,
        ]
        let head =
            finds.count > Self.most
            ? invocation.texts("search.many", facts.merging(["count": finds.count]) { $1 })
            : invocation.texts("search.found", count: finds.count, facts)
        return ([head] + finds.prefix(Self.most).map(\.text)).joined(separator: "\n\n")
    }

    /// Those of the languages the reader has, so that no issue is found in each of its
    /// translations; that of the newsletter's own for everybody else.
    private func feeds(
        of newsletter: Newsletter,
        for invocation: CommandInvocation
    ) async throws -> [Newsletter.Feed] {
        let reader = try desk.reader(of: invocation)
        let list = desk.list
        let nodes = try await desk.store.read { transaction in
            try list.subscriptions(of: reader, to: newsletter.feeds, in: transaction).map(\.node)
        }
        let subscribed = newsletter.feeds.filter { nodes.contains($0.node) }
        return subscribed.isEmpty ? [newsletter.defaultFeed] : subscribed
    }

    private func finds(
        of words: String,
        in feed: Newsletter.Feed,
        of newsletter: Newsletter
    ) async throws -> [Find] {
        let excerpts = try await desk.store.read { transaction in
            guard let node = try transaction.node(named: feed.node) else {
                return [ItemID: String]()
            }
            return try transaction.excerpts(of: words, in: node.id)
        }
        return try await desk.issues(of: newsletter, in: feed).compactMap { issue in
            excerpts[issue.item].map { Find(issue: issue, excerpt: $0) }
        }
    }
}

/// An issue and the words around those that were looked for.
private struct Find {
    let issue: PublicationRecord
    let excerpt: String

    var text: String {
        let line = excerpt.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return "\(issue.texts.link)\n> \(line)"
    }
}
