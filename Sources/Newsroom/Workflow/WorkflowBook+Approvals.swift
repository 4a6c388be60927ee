import Foundation
import Issues
import Localization
import Storage

extension WorkflowBook {
    /// The approvals of the files as they are; those of other files are void from now on, and the
    /// rooms are told so.
    func tally(
        of key: IssueKey,
        at desk: NewsletterDesk,
        hashes: [String: String],
        in transaction: Transaction
    ) throws -> ApprovalTally {
        let texts = desk.texts
        let stale = try transaction.approvals(of: key)
            .filter { hashes[$0.language] != $0.contentHash }
        for approval in stale { try transaction.removeApproval(approval) }
        let left = try standing(of: key, rules: desk.approvals, hashes: hashes, in: transaction)
        guard !stale.isEmpty else { return left }
        let lines = Dictionary(grouping: stale, by: \.language)
            .sorted { $0.key < $1.key }
            .map { language, approvals in
                let names = approvals.map(\.name).sorted().joined(separator: ", ")
                let fact =
                    hashes[language] == nil
                    ? texts("void.gone", ["people": names])
                    : texts("void.changed", ["people": names])
                return "- \(language): \(fact)"
            }
        let head = texts("void.head", ["issue": key.issue])
        try transaction.addNotice(
            ([head] + lines).joined(separator: "\n"),
            newsletter: key.newsletter
        )
        let languages = Array(hashes.keys)
        let files = Self.fingerprint(hashes)
        try change(key, by: .service, note: "a file has changed", in: transaction) { workflow in
            workflow.found(files: files)
            let progress = left.progress(in: languages)
            if progress != .none { workflow.reviewed(progress, files: files) }
        }
        return left
    }

    /// The approvals of the files as they are, without a word about others.
    func standing(
        of key: IssueKey,
        rules: ApprovalRules,
        hashes: [String: String],
        in transaction: Transaction
    ) throws -> ApprovalTally {
        let all = try transaction.approvals(of: key)
        return ApprovalTally(
            rules: rules,
            approvals: all.filter { hashes[$0.language] == $0.contentHash }
        )
    }

    static func fingerprint(_ hashes: [String: String]) -> String {
        hashes.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
    }
}

extension WorkflowBook {
    /// Brings the state in line with the approvals there are.
    func reviewed(
        _ key: IssueKey,
        by origin: WorkflowOrigin,
        at desk: NewsletterDesk,
        _ hashes: [String: String],
        in transaction: Transaction
    ) throws -> ApprovalTally {
        let tally = try tally(of: key, at: desk, hashes: hashes, in: transaction)
        let files = Self.fingerprint(hashes)
        try change(key, by: origin, in: transaction) { workflow in
            workflow.reviewed(tally.progress(in: Array(hashes.keys)), files: files)
        }
        return tally
    }

    /// Voids the approvals of files that have changed since, or are gone.
    func voidApprovals(at desks: [NewsletterDesk]) async throws {
        for key in try await store.read({ try $0.approvedIssues() }) {
            // A folder that can't be read is no reason to forget what people said.
            guard let desk = desks.first(where: { $0.newsletter.name == key.newsletter }),
                let catalog = try? desk.catalog()
            else { continue }
            let entry = catalog[IssueID(rawValue: key.issue)]
            let hashes = entry.map(desk.hashes) ?? [:]
            let isStale = try await store.read { transaction in
                try transaction.approvals(of: key).contains {
                    hashes[$0.language] != $0.contentHash
                }
            }
            guard isStale else { continue }
            try await store.write { transaction in
                _ = try tally(of: key, at: desk, hashes: hashes, in: transaction)
            }
        }
    }

    /// Who had approved what goes out now; their word is used up by that.
    func takeApprovals(
        _ tally: ApprovalTally,
        of languages: [String],
        in transaction: Transaction
    ) throws -> [String] {
        let used = tally.approvals.filter { languages.contains($0.language) }
        for approval in used { try transaction.removeApproval(approval) }
        return Set(used.map(\.name)).sorted()
    }
}
