import Commands
import Issues
import Localization
import Publishing
import Storage
public import XMPP

/// The rooms in which the issues of newsletters are announced.
public protocol AnnouncementRooms: Sendable {
    /// Those that are configured for the newsletter, in that order.
    func rooms(for newsletter: String) -> [JID]

    func announce(_ text: String, in room: JID) async throws
}

/// `announce ISSUE [LANGUAGE]`: tells of a published issue where it is not delivered.
struct AnnounceCommand: Sendable {
    let newsdesk: Newsdesk
    let publisher: Publisher
    let book: WorkflowBook
    let rooms: any AnnouncementRooms

    var declaration: Command {
        Command(
            "announce",
            summary: .text("announce.summary"),
            parameters: [
                .issue,
                Parameter(
                    "language",
                    .language,
                    isRequired: false,
                    summary: .text("announce.language")
                ),
            ],
            role: .publisher,
            audience: .newsroom,
            changesSomething: true,
            examples: ["announce 2026-10", "announce latest de"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let issue = try await newsdesk.issue(
                invocation.issueName,
                newsletter: invocation.newsletter,
                ledger: publisher
            )
            let language =
                invocation.arguments["language"]?.lowercased()
                ?? issue.desk.newsletter.defaultFeed.language
            guard let record = issue.record(in: language), record.state == .published else {
                return .refused(
                    texts("notPublishedIn", ["issue": issue.id, "languages": language])
                )
            }
            let told = try await tell(record, by: WorkflowOrigin(invocation), texts)
            let posts = NetworkPost.Network.allCases.map { post(record, for: $0, texts) }
            return .done((told + posts).joined(separator: "\n\n"))
        } catch {
            return .failed(texts.reason(error))
        }
    }

    // MARK: - Rooms

    /// Each room hears of an issue in a language once, whoever commands it how often.
    private func tell(
        _ record: PublicationRecord,
        by origin: WorkflowOrigin,
        _ texts: Texts
    ) async throws -> [String] {
        let key = IssueKey(newsletter: record.newsletter, issue: record.issue)
        let all = rooms.rooms(for: record.newsletter)
        guard !all.isEmpty else { return [texts("announce.noRoom")] }
        var lines: [String] = []
        for room in all {
            let note = "announced in \(room), \(record.language)"
            if let before = try await book.claim(note, of: key, by: origin) {
                let moment = Wording.moment(before.date)
                lines.append(
                    texts(
                        "announce.known",
                        ["room": room, "moment": moment, "person": before.person]
                    )
                )
                continue
            }
            do {
                try await rooms.announce(record.texts.lead, in: room)
                lines.append(texts("announce.done", ["room": room]))
            } catch {
                try await book.release(note, of: key)
                lines.append(
                    texts("announce.failed", ["room": room, "reason": texts.reason(error)])
                )
            }
        }
        return [lines.joined(separator: "\n")]
    }

    // MARK: - Elsewhere

    private func post(
        _ record: PublicationRecord,
        for network: NetworkPost.Network,
        _ texts: Texts
    ) -> String {
        // The lead is title, summary and link, with a blank line between.
        let parts = record.texts.lead.split(separator: "\n\n").map(String.init)
        let link = parts.last?.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        let post = NetworkPost(
            network,
            title: record.title,
            summary: parts.dropFirst().dropLast().joined(separator: "\n\n"),
            link: link
        )
        let head = texts(
            "announce.post",
            ["network": network.rawValue, "length": post.length, "limit": network.limit]
        )
        return "\(head)\n\(post.text)"
    }
}

extension WorkflowBook {
    /// Notes what somebody is about to do to an issue in its history; gives the note of who was
    /// faster, if somebody was.
    func claim(
        _ note: String,
        of key: IssueKey,
        by origin: WorkflowOrigin
    ) async throws -> WorkflowStep? {
        try await store.write { transaction in
            let steps = try transaction.workflowSteps(of: key)
            if let before = steps.last(where: { $0.note == note }) { return before }
            let state = try workflow(of: key, in: transaction).state
            try transaction.recordStep(
                WorkflowStep(
                    key: key,
                    date: now(),
                    person: origin.person,
                    place: origin.place,
                    before: state,
                    after: state,
                    note: note
                )
            )
            return nil
        }
    }

    /// Takes such a note back, since nothing came of it.
    func release(_ note: String, of key: IssueKey) async throws {
        try await store.write { try $0.removeSteps(noted: note, of: key) }
    }
}
