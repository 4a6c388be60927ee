import Commands
public import Foundation
import Issues
import Localization
public import Storage

/// What was collected for the next issues.
public struct NewsBoard: Sendable {
    private let store: Store
    private let now: @Sendable () -> Date

    public init(store: Store, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.now = now
    }

    func add(_ item: NewNewsItem) async throws -> NewsItemOutcome {
        let now = now()
        return try await store.write { try $0.addNews(item, at: now) }
    }

    /// Those in no draft yet, or in one that there is no file of.
    func waiting(for newsletter: String, orIn issue: IssueID? = nil) async throws -> [NewsItem] {
        try await store.read { transaction in
            try transaction.waitingNews(newsletter: newsletter, orIn: issue?.rawValue)
        }
    }

    /// The item of that number, if it belongs to one of these newsletters.
    func item(_ number: Int, of desks: [NewsletterDesk]) async throws -> NewsItem {
        let item = try await store.read { try $0.newsItem(number) }
        let names = desks.map(\.newsletter.name)
        guard let item, names.contains(item.newsletter) else { throw NewsProblem.noItem(number) }
        return item
    }

    /// Changes the text, and the address if there is a new one.
    func change(_ item: NewsItem, text: String, to reference: WebReference) async throws {
        let other = try await store.write { transaction in
            try transaction.changeNews(
                item.id,
                text: text,
                address: reference.address,
                addressKey: reference.key
            )
        }
        if let other { throw NewsProblem.duplicate(other) }
    }

    func move(_ item: NewsItem, to section: String?) async throws {
        try await store.write { try $0.moveNews(item.id, to: section) }
    }

    func drop(_ item: NewsItem) async throws {
        try await store.write { try $0.dropNews(item.id) }
    }

    /// Notes into which issue's draft they go; nil lets them wait again.
    func assign(_ items: [NewsItem], to issue: IssueID?) async throws {
        try await store.write { try $0.assignNews(items.map(\.id), to: issue?.rawValue) }
    }
}

/// Why a piece of news was not collected or changed.
enum NewsProblem: Explained, Hashable {
    case whichNewsletter([String])
    case noAddress
    case noNumber(String)
    case noItem(Int)
    case drafted(Int, issue: String)
    case duplicate(NewsItem)
    case noSection(String, nearest: String?, known: [String])
    case noText
    case tooLong(most: Int)

    func explanation(in texts: Texts) -> String {
        switch self {
        case .whichNewsletter(let names):
            texts(
                "news.whichNewsletter",
                ["first": names.first ?? "", "names": names.joined(separator: ", ")]
            )
        case .noAddress: texts("news.noAddress")
        case .noNumber(let word): texts("news.noNumber", ["word": word.prefix(40)])
        case .noItem(let number): texts("news.noItem", ["number": number])
        case .drafted(let number, let issue):
            texts("news.drafted", ["number": number, "issue": issue])
        case .duplicate(let item): Self.duplicate(item, texts)
        case .noSection(let name, let nearest?, _):
            texts("news.noSectionNearest", ["name": name.prefix(40), "nearest": nearest])
        case .noSection(let name, nil, let known):
            texts(
                "news.noSection",
                ["name": name.prefix(40), "known": known.joined(separator: ", ")]
            )
        case .tooLong(let most): texts("news.tooLong", ["most": most])
        case .noText: texts("news.noText")
        }
    }

    private static func duplicate(_ item: NewsItem, _ texts: Texts) -> String {
        let facts: [String: any CustomStringConvertible] = [
            "number": item.id, "text": item.text.prefix(80), "person": item.collector,
            "date": Wording.date(item.collectedAt),
        ]
        guard let issue = item.issue else { return texts("news.duplicate", facts) }
        return texts("news.duplicateDrafted", facts.merging(["issue": issue]) { $1 })
    }
}
