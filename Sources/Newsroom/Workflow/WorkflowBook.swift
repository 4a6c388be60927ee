import Commands
public import Foundation
import Issues
import Publishing
public import Storage

/// Who made an issue change its state, and where.
struct WorkflowOrigin: Hashable, Sendable {
    let person: String
    /// In words, as in "in the shell"; empty for what nobody said.
    let place: String
    /// By what the person is known again; nil where that is by nothing.
    var identity: String?

    init(_ invocation: CommandInvocation) {
        person = invocation.invoker.displayName
        place = CommandJournal.words(for: invocation.face)
        identity = invocation.invoker.identity
    }

    init(schedule: PublicationSchedule) {
        person = schedule.person
        place = "by schedule"
        identity = schedule.identity
    }

    private init(person: String) {
        self.person = person
        place = ""
    }

    /// What comes about by itself.
    static let service = WorkflowOrigin(person: "Broadsheet")
}

/// The state of each issue with its history, kept beside the ledger of what was published.
///
/// What somebody wants is decided in the transaction that does it: of two people who command at
/// once, the second meets what the first has done.
public struct WorkflowBook: Sendable {
    let store: Store
    let now: @Sendable () -> Date

    public init(store: Store, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.now = now
    }

    /// How far the issue is; one that nobody has touched here is as far as the ledger says.
    func workflow(of key: IssueKey, in transaction: Transaction) throws -> IssueWorkflow {
        if let record = try transaction.workflow(of: key) { return IssueWorkflow(record) }
        return try ledgersState(of: key, in: transaction)
    }

    /// How far each of the issues is at this moment.
    func workflows(of keys: [IssueKey]) async throws -> [IssueKey: IssueWorkflow] {
        try await settle()
        return try await store.read { transaction in
            let workflows = try keys.map { ($0, try workflow(of: $0, in: transaction)) }
            return Dictionary(workflows, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Notes how far the issue was before these languages of it were published, in the transaction
    /// that did that; afterwards the ledger does not tell any more.
    func remember(
        _ key: IssueKey,
        before languages: [String],
        in transaction: Transaction
    ) throws {
        guard try transaction.workflow(of: key) == nil else { return }
        let workflow = try ledgersState(of: key, without: languages, in: transaction)
        try transaction.setWorkflow(workflow.record(of: key))
    }

    private func ledgersState(
        of key: IssueKey,
        without languages: [String] = [],
        in transaction: Transaction
    ) throws -> IssueWorkflow {
        let records = try transaction.publications(newsletter: key.newsletter)
            .filter { $0.issue == key.issue && !languages.contains($0.language) }
        let published = records.filter { $0.state == .published }
        if published.contains(where: { $0.updatedAt > $0.publishedAt }) {
            return IssueWorkflow(.corrected)
        }
        guard published.isEmpty else { return IssueWorkflow(.published) }
        return IssueWorkflow(records.isEmpty ? .draft : .retracted)
    }

    /// Changes the issue's state as the body says, and notes that if it is another one then.
    @discardableResult
    func change<Value>(
        _ key: IssueKey,
        by origin: WorkflowOrigin,
        note: String? = nil,
        in transaction: Transaction,
        _ body: (inout IssueWorkflow) throws -> Value
    ) throws -> Value {
        let before = try workflow(of: key, in: transaction)
        var after = before
        let value = try body(&after)
        guard after != before else { return value }
        try transaction.setWorkflow(after.record(of: key))
        guard after.state != before.state else { return value }
        try transaction.recordStep(
            WorkflowStep(
                key: key,
                date: now(),
                person: origin.person,
                place: origin.place,
                before: before.state,
                after: after.state,
                note: note
            )
        )
        return value
    }

    @discardableResult
    func change<Value: Sendable>(
        _ key: IssueKey,
        by origin: WorkflowOrigin,
        note: String? = nil,
        _ body: @escaping @Sendable (inout IssueWorkflow) throws -> Value
    ) async throws -> Value {
        try await store.write { transaction in
            try change(key, by: origin, note: note, in: transaction, body)
        }
    }

    /// How far the issue is, and how it came there, oldest first.
    func story(of key: IssueKey) async throws -> (workflow: IssueWorkflow, steps: [WorkflowStep]) {
        try await store.read { transaction in
            (try workflow(of: key, in: transaction), try transaction.workflowSteps(of: key))
        }
    }
}

extension WorkflowBook {
    /// The issues that wait for their time, the earliest first.
    func scheduled() async throws -> [WorkflowRecord] {
        try await store.read { try $0.workflows(in: .scheduled) }
    }
}

// MARK: - What happens by itself

extension WorkflowBook {
    /// Calls those issues published of which nothing is on its way any more.
    func settle() async throws {
        let isNeeded = try await store.read { try !$0.workflows(in: .publishing).isEmpty }
        guard isNeeded else { return }
        try await store.write { transaction in
            let underWay = try transaction.unfinishedFanOuts()
            for record in try transaction.workflows(in: .publishing) {
                // To its own nodes, and to those of languages it is not there in.
                let isUnderWay = try underWay.contains { fanOut in
                    guard fanOut.item.rawValue == record.key.issue else { return false }
                    let node = try transaction.node(fanOut.node)
                    return node?.node.newsletter == record.key.newsletter
                }
                guard !isUnderWay else { continue }
                try change(record.key, by: .service, in: transaction) { $0.delivered() }
            }
        }
    }
}

extension NewsletterDesk {
    func key(of entry: IssueCatalog.Entry) -> IssueKey {
        IssueKey(newsletter: newsletter.name, issue: entry.id.rawValue)
    }

    /// What tells whether any file of the issue has changed, come or gone.
    func fingerprint(of entry: IssueCatalog.Entry) -> String {
        WorkflowBook.fingerprint(hashes(of: entry))
    }

    /// What tells whether the file of a language has changed.
    func hashes(of entry: IssueCatalog.Entry) -> [String: String] {
        var hashes: [String: String] = [:]
        for language in entry.languages {
            guard let (_, bytes) = try? directory.read(entry.id, language: language) else {
                continue
            }
            hashes[language] = ContentHash.of(bytes)
        }
        return hashes
    }
}
