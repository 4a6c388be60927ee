import Commands
import Issues
import Publishing
import Storage
import XMPP

/// An issue with what the ledger has of it; its files may be gone.
struct PublishedIssue: Sendable {
    let desk: NewsletterDesk
    let id: ItemID
    /// What the directory has of it.
    let entry: IssueCatalog.Entry?
    /// In the order of the newsletter's languages.
    let records: [PublicationRecord]

    var title: String { records.first?.title ?? id.rawValue }

    var published: [PublicationRecord] { records.filter { $0.state == .published } }

    func record(in language: String) -> PublicationRecord? {
        records.first { $0.language == language }
    }

    /// All languages it has a file in or was ever published in.
    var languages: [String] {
        let order = desk.newsletter.languages
        let all = Set(records.map(\.language)).union(entry?.languages ?? [])
        return all.sorted { left, right in
            let (first, second) = (order.firstIndex(of: left), order.firstIndex(of: right))
            return (first ?? .max, left) < (second ?? .max, right)
        }
    }
}

extension Newsdesk {
    /// The issue that a command names, with what was published of it.
    func issue(
        for invocation: CommandInvocation,
        ledger: Publisher
    ) async throws -> PublishedIssue {
        try await issue(
            invocation.issueName,
            newsletter: invocation.newsletter,
            ledger: ledger
        )
    }

    /// The issue of that name with what was published of it.
    ///
    /// An issue whose files are gone is found by its whole id, so that it can still be withdrawn.
    ///
    /// - Throws: ``NewsdeskError`` or what the directory or the database has to complain of.
    func issue(
        _ name: String,
        newsletter: String?,
        ledger: Publisher
    ) async throws -> PublishedIssue {
        do {
            let choice = try choose(name, newsletter: newsletter)
            guard let id = ItemID(rawValue: choice.entry.id.rawValue) else {
                throw IssueNameError.none
            }
            return try await issue(id, choice.entry, at: choice.desk, ledger)
        } catch {
            let id = name.split(separator: "/").last.flatMap { ItemID(rawValue: String($0)) }
            guard let id else { throw error }
            for desk in desks(for: newsletter) {
                let issue = try await issue(id, nil, at: desk, ledger)
                if !issue.records.isEmpty { return issue }
            }
            throw error
        }
    }

    private func issue(
        _ id: ItemID,
        _ entry: IssueCatalog.Entry?,
        at desk: NewsletterDesk,
        _ ledger: Publisher
    ) async throws -> PublishedIssue {
        let order = desk.newsletter.languages
        let records = try await ledger.publications(of: desk.newsletter)
            .filter { $0.issue == id.rawValue }
            .sorted {
                (order.firstIndex(of: $0.language) ?? .max, $0.language)
                    < (order.firstIndex(of: $1.language) ?? .max, $1.language)
            }
        return PublishedIssue(desk: desk, id: id, entry: entry, records: records)
    }
}
