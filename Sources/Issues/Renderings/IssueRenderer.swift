import XML
public import XMPP

/// What an issue can be rendered as, to look at or for other programs.
public enum RenderingFormat: String, CaseIterable, Hashable, Sendable {
    /// The entry that is the payload of its PubSub item.
    case atom

    /// The message for readers in a chat.
    case chat

    /// A web page that needs no other file but its images.
    case html

    /// How the name of a file ends that holds such a rendering.
    public var fileEnding: String {
        switch self {
        case .atom: "atom"
        case .chat: "txt"
        case .html: "html"
        }
    }
}

/// Renders issues outside of a running service.
///
/// What only the service knows is made up: an entry's id and dates follow the file, where those of
/// the published item come from the ledger.
public struct IssueRenderer: Sendable {
    public var context: IssueContext

    /// The short name of the newsletter, which stands in ids.
    public var newsletter: String

    /// Who signs issues whose front matter names nobody.
    public var author: String
    public var rights: String?

    /// How much of the issue the chat text holds.
    public var amount: ChatAmount

    /// The largest chat message, in bytes; nil if it is never cut.
    public var messageLimit: Int?

    public init(
        context: IssueContext,
        newsletter: String = "newsletter",
        author: String = "Newsletter",
        rights: String? = nil,
        amount: ChatAmount = .short,
        messageLimit: Int? = nil
    ) {
        self.context = context
        self.newsletter = newsletter
        self.author = author
        self.rights = rights
        self.amount = amount
        self.messageLimit = messageLimit
    }

    /// An issue as a text that ends with a line end.
    ///
    /// Among the others its translations are looked for, to be linked.
    public func text(
        of issue: NewsletterIssue,
        as format: RenderingFormat,
        among others: [NewsletterIssue] = []
    ) -> String {
        switch format {
        case .atom: "<?xml version='1.0'?>\n" + entry(of: issue, among: others).element.xml() + "\n"
        case .chat: messages(of: issue).joined(separator: "\n\n") + "\n"
        case .html: issue.htmlDocument
        }
    }

    private func messages(of issue: NewsletterIssue) -> [String] {
        let text = issue.chatText(amount)
        return messageLimit.map { ChatParts(text, limit: $0).texts } ?? [text]
    }

    private func entry(of issue: NewsletterIssue, among others: [NewsletterIssue]) -> AtomEntry {
        let date = "\(issue.frontMatter.date)"
        let host = context.site.flatMap { AddressReference($0.base).authority }
        let names = [newsletter, issue.id.rawValue, issue.language].map {
            PercentEncoding.encode($0)
        }
        let translations = others.filter { $0.id == issue.id && $0.language != issue.language }
        return AtomEntry(
            of: issue,
            id: "tag:\(host ?? "example.org"),\(date):\(names.joined(separator: "/"))",
            published: "\(date)T00:00:00Z",
            updated: "\(date)T00:00:00Z",
            author: AtomEntry.Author(name: issue.frontMatter.author ?? author),
            rights: rights,
            translations: translations.compactMap { other in
                other.webAddress.map {
                    AtomEntry.Translation(language: other.language, address: $0)
                }
            },
            images: context.images
        )
    }
}
