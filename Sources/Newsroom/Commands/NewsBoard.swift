import Commands
public import Foundation
import Issues
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

    func waiting(for newsletter: String) async throws -> [NewsItem] {
        try await store.read { try $0.waitingNews(newsletter: newsletter) }
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

    func assign(_ items: [NewsItem], to issue: String) async throws {
        try await store.write { try $0.assignNews(items.map(\.id), to: issue) }
    }
}

/// Why a piece of news was not collected or changed.
enum NewsProblem: Error, Hashable, CustomStringConvertible {
    case whichNewsletter([String])
    case noAddress
    case noNumber(String)
    case noItem(Int)
    case drafted(Int, issue: String)
    case duplicate(NewsItem)
    case noSection(String, nearest: String?, known: [String])
    case noText
    case tooLong(most: Int)

    var description: String {
        switch self {
        case .whichNewsletter(let names):
            "There are several newsletters. Say which one before the section, as in "
                + "\(names.first ?? "")/events; there are: \(names.joined(separator: ", "))."
        case .noAddress:
            "There is no web address in that. Write it like this: "
                + "news clients https://example.org/news Version 2 is out"
        case .noNumber(let word):
            "“\(word.prefix(40))” is no number of an item. “news list” shows them."
        case .noItem(let number):
            "There is no item #\(number). “news list” shows them."
        case .drafted(let number, let issue):
            "#\(number) is in the draft of \(issue) already. Change it there."
        case .duplicate(let item):
            "That address is there already: #\(item.id) “\(item.text.prefix(80))”, collected by "
                + "\(item.collector) on \(Wording.date(item.collectedAt))"
                + (item.issue.map { " and in \($0)." } ?? ".")
        case .noSection(let name, let nearest, let known):
            "There is no section “\(name.prefix(40))”. "
                + (nearest.map { "Did you mean “\($0)”?" }
                    ?? "There are: \(known.joined(separator: ", ")).")
        case .tooLong(let most):
            "That is too long. Tell it in at most \(most) characters; the address has the rest."
        case .noText: "Say what it should be called."
        }
    }
}
