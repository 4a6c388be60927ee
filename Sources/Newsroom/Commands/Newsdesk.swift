public import Issues

/// All the newsletters that are made here, and how people name their issues.
public struct Newsdesk: Sendable {
    public let desks: [NewsletterDesk]
    private let today: @Sendable () -> IssueDate

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

    /// The desks a command is about: that of its place, or all.
    func desks(for newsletter: String?) -> [NewsletterDesk] {
        guard let newsletter else { return desks }
        return desks.filter { $0.newsletter.name == newsletter }
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
        let choices = desks.compactMap { try? choose(name, at: $0) }
        if choices.count > 1 {
            throw NewsdeskError.severalNewsletters(
                name,
                candidates: choices.map { "\($0.desk.newsletter.name)/\($0.entry.id)" }
            )
        }
        if let choice = choices.first { return choice }
        guard let desk = desks.first else {
            throw NewsdeskError.noNewsletter(newsletter ?? "", known: [])
        }
        return try choose(name, at: desk)
    }

    private func choose(_ name: String, at desk: NewsletterDesk) throws -> Choice {
        let catalog = try desk.catalog()
        let id = try catalog.resolve(name, today: today())
        guard let entry = catalog[id] else { throw IssueNameError.none }
        return Choice(desk: desk, entry: entry)
    }
}

/// Why a name stands for no issue.
enum NewsdeskError: Error, Hashable, CustomStringConvertible {
    case noNewsletter(String, known: [String])
    case severalNewsletters(String, candidates: [String])

    var description: String {
        switch self {
        case .noNewsletter(let name, let known):
            "There is no newsletter '\(name)'; there are: \(known.joined(separator: ", "))."
        case .severalNewsletters(let name, let candidates):
            "'\(name)' could be \(candidates.joined(separator: " or "))."
        }
    }
}
