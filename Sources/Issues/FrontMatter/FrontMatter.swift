/// What an issue's file says about the issue before its text begins.
public struct FrontMatter: Hashable, Sendable {
    public var title: String
    public var date: IssueDate
    public var summary: String?
    public var author: String?
    public var categories: [String]

    /// Former paths of the issue's web page.
    public var aliases: [String]

    public init(
        title: String,
        date: IssueDate,
        summary: String? = nil,
        author: String? = nil,
        categories: [String] = [],
        aliases: [String] = []
    ) {
        self.title = title
        self.date = date
        self.summary = summary
        self.author = author
        self.categories = categories
        self.aliases = aliases
    }

    enum Key: String, CaseIterable {
        case title, date, summary, author, categories, aliases
    }
}
