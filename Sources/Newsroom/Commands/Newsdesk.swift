import Commands
public import Issues
import Localization

/// All the newsletters that are made here, and how people name their issues.
public struct Newsdesk: Sendable {
    public let desks: [NewsletterDesk]
    let today: @Sendable () -> IssueDate

    public init(desks: [NewsletterDesk], today: @escaping @Sendable () -> IssueDate) {
        self.desks = desks
        self.today = today
    }

    /// An issue that somebody named.
    struct Choice {
        let desk: NewsletterDesk
        let entry: IssueCatalog.Entry

        /// The languages the issue has a file in, the newsletter's own first.
        var languages: [String] {
            let own = desk.newsletter.defaultFeed.language
            return entry.languages.filter { $0 == own } + entry.languages.filter { $0 != own }
        }
    }

    /// The newest issues to choose from, as ``choose(_:newsletter:)`` understands them; none where
    /// a directory can't be read.
    public func newestIssues(of newsletter: String?, atMost limit: Int) -> [String] {
        let desks = desks(for: newsletter)
        let names = desks.flatMap { desk in
            ((try? desk.catalog().entries) ?? []).suffix(limit).map { entry in
                (id: entry.id, name: desks.count == 1 ? "" : "\(desk.newsletter.name)/")
            }
        }
        return names.sorted { $0.id > $1.id }.prefix(limit).map { "\($0.name)\($0.id)" }
    }

    /// The desks a command is about: that of its place, or all.
    func desks(for newsletter: String?) -> [NewsletterDesk] {
        guard let newsletter else { return desks }
        return desks.filter { $0.newsletter.name == newsletter }
    }

    /// The issue that a command names.
    func choose(for invocation: CommandInvocation) throws -> Choice {
        try choose(invocation.issueName, newsletter: invocation.newsletter)
    }

    /// The issue meant by `ISSUE` or `NEWSLETTER/ISSUE`.
    ///
    /// - Throws: ``NewsdeskError`` or what reading the directory ran into.
    func choose(_ name: String, newsletter: String?) throws -> Choice {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        if parts.count == 2 {
            guard let desk = desks.first(where: { $0.newsletter.name == parts[0] }) else {
                throw NewsdeskError.noNewsletter(parts[0], known: desks.map(\.newsletter.name))
            }
            return try choose(parts[1], at: desk)
        }
        let desks = desks(for: newsletter)
        guard desks.count != 1 else { return try choose(name, at: desks[0]) }
        return try choose(name, among: desks)
    }

    /// The one issue of all these newsletters that the name fits.
    private func choose(_ name: String, among desks: [NewsletterDesk]) throws -> Choice {
        var candidates: [String] = []
        var choices: [Choice] = []
        var misses: [NewsdeskError.Miss] = []
        for desk in desks {
            let newsletter = desk.newsletter.name
            do {
                let choice = try choose(name, at: desk)
                choices.append(choice)
                candidates.append("\(newsletter)/\(choice.entry.id)")
            } catch IssueNameError.ambiguous(_, let ids) {
                candidates += ids.map { "\(newsletter)/\($0)" }
            } catch let error as IssueNameError {
                misses.append(NewsdeskError.Miss(newsletter: newsletter, reason: error))
            }
        }
        guard candidates.count <= 1 else {
            throw NewsdeskError.severalNewsletters(name, candidates: candidates)
        }
        guard let choice = choices.first else { throw NewsdeskError.nowhere(misses) }
        return choice
    }

    private func choose(_ name: String, at desk: NewsletterDesk) throws -> Choice {
        let catalog = try desk.catalog()
        let id = try catalog.resolve(name, today: today())
        guard let entry = catalog[id] else { throw IssueNameError.none }
        return Choice(desk: desk, entry: entry)
    }
}

/// Why a name stands for no issue.
enum NewsdeskError: Explained, Hashable {
    case noNewsletter(String, known: [String])
    /// It fits issues of several newsletters, or several of one; each with its newsletter.
    case severalNewsletters(String, candidates: [String])
    /// It fits no issue of any newsletter.
    case nowhere([Miss])

    /// What one newsletter has to say to a name.
    struct Miss: Hashable {
        let newsletter: String
        let reason: IssueNameError
    }

    func explanation(in texts: Texts) -> String {
        switch self {
        case .noNewsletter(let name, let known):
            texts("noNewsletter", ["name": name, "known": known.joined(separator: ", ")])
        case .severalNewsletters(let name, let candidates):
            texts(
                "severalNewsletters",
                ["name": name, "candidates": candidates.joined(separator: " \(texts("or")) ")]
            )
        case .nowhere(let misses):
            misses.map { "\($0.newsletter): \(texts.reason($0.reason))" }
                .joined(separator: "\n")
        }
    }
}
