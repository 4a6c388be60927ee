import Commands
import Localization
import Publishing
import Storage
import XMPP

/// `issue 2024-02 [full|short|link] [LANGUAGE]`: one issue, now.
struct IssueCommand: Sendable {
    /// How many candidates are named for a name that fits several.
    private static let mostCandidates = 10

    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "issue",
            aliases: ["read"],
            summary: .text("issue.summary"),
            parameters: [
                Parameter("issue", .issue, summary: .text("issue.name")),
                Parameter(
                    "amount",
                    .choice(ChatAmount.allCases.map(\.rawValue)),
                    isRequired: false,
                    summary: .text("issue.amount")
                ),
                .languageOfReader,
            ],
            role: .reader,
            audience: .readers,
            changesSomething: false,
            examples: ["issue 2024-02", "issue 2024-02 full", "issue 2024-02 fr"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let newsletter = try desk.newsletter(for: invocation)
        let feed = try await desk.feedToRead(of: newsletter, for: invocation)
        let issues = try await desk.issues(of: newsletter, in: feed)
        let name = (invocation.arguments["issue"] ?? "").lowercased()
        guard name != "latest", name != "newest" else {
            guard let newest = issues.first else {
                throw ReaderProblem.nothingPublished(newsletter, language: feed.language)
            }
            return text(of: newest, invocation)
        }
        if let issue = issues.first(where: { $0.issue.lowercased() == name }) {
            return text(of: issue, invocation)
        }
        let candidates = issues.filter { $0.issue.lowercased().hasPrefix(name) }
        guard let issue = candidates.first else {
            throw ReaderProblem.noIssue(name, newsletter, language: feed.language)
        }
        guard candidates.count == 1 else {
            let names = candidates.prefix(Self.mostCandidates).map(\.issue)
            throw ReaderProblem.severalIssues(name, names)
        }
        return text(of: issue, invocation)
    }

    private func text(of issue: PublicationRecord, _ invocation: CommandInvocation) -> String {
        issue.text(in: invocation.arguments["amount"].flatMap(ChatAmount.init(rawValue:)) ?? .short)
    }
}

extension PublicationRecord {
    /// What a chat reader gets of the issue.
    func text(in amount: ChatAmount) -> String {
        switch amount {
        case .full: texts.full
        case .short: texts.short
        case .link: texts.link
        }
    }
}
