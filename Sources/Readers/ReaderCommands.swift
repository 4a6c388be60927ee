public import Commands
public import PubSub
public import Publishing
public import Storage

/// What readers can write to a newsletter, or to the domain.
public enum ReaderCommands {
    /// All of them, in the order of the help.
    public static func all(
        newsletters: [Newsletter],
        service: PubSubService,
        store: Store
    ) -> [Command] {
        let shelf = Shelf(newsletters: newsletters)
        return [
            SubscribeCommand(shelf: shelf, service: service, store: store).declaration,
            UnsubscribeCommand(shelf: shelf, service: service, store: store).declaration,
            LatestCommand(shelf: shelf, store: store).declaration,
        ]
    }
}

/// The newsletters there are to choose from.
struct Shelf: Sendable {
    let newsletters: [Newsletter]

    /// The newsletter a reader writes to; at the domain, the only one there is.
    func newsletter(for invocation: CommandInvocation) throws(ReaderProblem) -> Newsletter {
        if let name = invocation.newsletter {
            guard let newsletter = newsletters.first(where: { $0.name == name }) else {
                throw .whichNewsletter(newsletters)
            }
            return newsletter
        }
        guard newsletters.count == 1, let newsletter = newsletters.first else {
            throw .whichNewsletter(newsletters)
        }
        return newsletter
    }

    /// The feed of the language a reader named; that of the newsletter's own if none.
    func feed(
        of newsletter: Newsletter,
        _ invocation: CommandInvocation
    ) throws(ReaderProblem) -> Newsletter.Feed {
        guard let language = invocation.arguments["language"] else { return newsletter.defaultFeed }
        guard let feed = newsletter.feed(for: language) else {
            throw .noLanguage(language, newsletter)
        }
        return feed
    }
}

/// What keeps a reader from getting what they asked for.
enum ReaderProblem: Error, Hashable, CustomStringConvertible {
    case whichNewsletter([Newsletter])
    case noLanguage(String, Newsletter)
    case addressUnknown
    case nothingPublished(Newsletter, language: String)

    var description: String {
        switch self {
        case .whichNewsletter(let newsletters):
            (["There are several newsletters here. Please write to the one you mean:"]
                + newsletters.map { "- \($0.title): xmpp:\($0.contact)" }).joined(separator: "\n")
        case .noLanguage(let language, let newsletter):
            "\(newsletter.title) does not appear in '\(language)', but in: "
                + newsletter.languages.joined(separator: ", ") + "."
        case .addressUnknown:
            "I can't see your address here. Please write to me directly."
        case .nothingPublished(let newsletter, let language):
            "No issue of \(newsletter.title) has appeared in '\(language)' yet."
        }
    }
}
