import Commands
import Issues
import Localization
import Storage

/// `draft [DATE]`: writes the skeleton of the next issue, with what was collected.
struct DraftCommand: Sendable {
    let newsdesk: Newsdesk
    let board: NewsBoard

    static let declaration = CommandDeclaration(
        "draft",
        summary: .text("draft.summary"),
        parameters: [
            Parameter(
                "date",
                .word,
                isRequired: false,
                summary: .text("draft.date")
            )
        ],
        role: .editor,
        audience: .newsroom,
        changesSomething: true,
        examples: ["draft", "draft 2026-11-05"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        do {
            let (desk, date) = try choose(invocation.arguments["date"] ?? "", invocation)
            let plan = try DraftPlan(desk: desk, date: date, today: newsdesk.today())
            let items = try await board.waiting(for: desk.newsletter.name, orIn: plan.file.issue)
            let comparison = desk.specifications.map { folder in
                Result { try folder.changes(from: nil, to: nil) }
            }
            let changes = try? comparison?.get().changes
            try await write(plan, items, changes)
            var lines = [
                texts("draft.done", count: items.count, ["file": plan.file.rawValue])
            ]
            switch comparison {
            case .success(let lists):
                lines.append(texts("draft.lists", ["old": lists.old, "new": lists.new]))
            case .failure(let error):
                lines.append("\(texts("draft.noLists")) \(texts.reason(error))")
            case nil:
                break
            }
            return .done(lines.joined(separator: "\n"))
        } catch let problem as NewsProblem {
            return .refused(texts.reason(problem))
        } catch {
            return .failed("\(texts("draft.nothing")) \(texts.reason(error))")
        }
    }

    /// Notes first what goes into the file: if we die in between, there is no such file, and the next
    /// draft of it takes the same news.
    private func write(
        _ plan: DraftPlan,
        _ items: [NewsItem],
        _ changes: SpecificationChanges?
    ) async throws {
        try await board.assign(items, to: plan.file.issue)
        do {
            try plan.desk.directory.create(plan.file, plan.text(items, changes))
        } catch {
            // Whoever was faster with the same draft has the same news in it.
            if case .unwritable = error { try? await board.assign(items, to: nil) }
            throw error
        }
    }

    /// The newsletter and the day meant by `[NEWSLETTER/][DATE]`.
    private func choose(
        _ text: String,
        _ invocation: CommandInvocation
    ) throws -> (NewsletterDesk, IssueDate?) {
        let desks = newsdesk.desks(for: invocation.newsletter)
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let named = desks.first { $0.newsletter.name == parts.first }
        guard let desk = named ?? (desks.count == 1 ? desks.first : nil) else {
            throw NewsProblem.whichNewsletter(desks.map(\.newsletter.name))
        }
        let day = named == nil ? text : parts.dropFirst().first ?? ""
        guard !day.isEmpty else { return (desk, nil) }
        guard day.count == 10, let date = IssueDate(day) else { throw DraftProblem.noDate(day) }
        return (desk, date)
    }
}

/// Which file a draft becomes, and after which issue it is made.
struct DraftPlan {
    let desk: NewsletterDesk
    let date: IssueDate
    let file: IssueFileName
    private let model: IssueDraft.Model?

    init(desk: NewsletterDesk, date: IssueDate?, today: IssueDate) throws {
        let language = desk.newsletter.defaultFeed.language
        let catalog = try desk.catalog()
        let last = catalog.entries.last { $0.id.date != nil && $0.files[language] != nil }
        let day = date ?? last?.id.date?.monthLater(after: today) ?? today
        // What follows the date in the last issue's name is in all of them.
        let name = last.map { $0.id.rawValue.dropFirst(10) } ?? "-\(desk.newsletter.name)"
        guard let file = IssueFileName("\(day)\(name).md") else {
            throw DraftProblem.noName("\(day)\(name).md")
        }
        if let entry = catalog[file.issue] { throw DraftProblem.exists(entry.id) }
        self.desk = desk
        self.date = day
        self.file = file
        model = try last.map { entry in
            let (name, bytes) = try desk.directory.read(entry.id, language: language)
            let issue = try NewsletterIssue.parse(bytes, fileName: name, in: desk.context)
            return IssueDraft.Model(issue: issue, bytes: bytes)
        }
    }

    func text(_ items: [NewsItem], _ changes: SpecificationChanges?) -> String {
        var names: [String] = []
        for name in items.compactMap(\.contributor) where !names.contains(name) {
            names.append(name)
        }
        let month = "\(date)".prefix("2026-11".count)
        return IssueDraft(
            title: "\(desk.newsletter.title) \(month)",
            date: date,
            language: desk.newsletter.defaultFeed.language,
            taxonomy: desk.context.taxonomy,
            model: model,
            items: items.compactMap { item in
                WebReference(item.address).map {
                    IssueDraft.Item(
                        section: item.section.map { SectionID(rawValue: $0) },
                        reference: $0,
                        text: item.text
                    )
                }
            },
            contributors: names.sorted { $0.lowercased() < $1.lowercased() },
            specifications: changes.map {
                SpecificationSection($0, base: desk.specificationBase)
            }
        )
        .markdown
    }
}

/// Why no draft was written.
enum DraftProblem: Explained, Hashable {
    case noDate(String)
    case noName(String)
    case exists(IssueID)

    func explanation(in texts: Texts) -> String {
        switch self {
        case .noDate(let word): texts("draft.noDate", ["word": word.prefix(40)])
        case .noName(let name): texts("draft.noName", ["name": name])
        case .exists(let id): texts("draft.exists", ["issue": id])
        }
    }
}

extension IssueDate {
    /// The same day of the next month, or of the first month in which it comes after a day.
    ///
    /// Where a month has no such day, its last one.
    func monthLater(after today: IssueDate) -> IssueDate? {
        var (year, month) = (year, month)
        repeat {
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
            let candidate =
                stride(from: day, through: 28, by: -1).lazy
                .compactMap { IssueDate(year: year, month: month, day: $0) }.first
                ?? IssueDate(year: year, month: month, day: min(day, 28))
            if let candidate, candidate > today { return candidate }
        } while year <= today.year + 1
        return nil
    }
}
