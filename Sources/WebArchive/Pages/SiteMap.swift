import Issues

/// Which pages there are and where; all paths of the archive are made here.
struct SiteMap {
    let site: WebSite

    /// The sections that are topics, in the taxonomy's order.
    let topics: [SectionID]

    /// The part of the base address behind the host, with a slash at both ends.
    let root: String

    init(site: WebSite, topics: [SectionID]) {
        self.site = site
        self.topics = topics
        let parts = site.base.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        let behindHost = parts.last.flatMap { rest in
            rest.firstIndex(of: "/").map { rest[$0...] }
        }
        root = behindHost.map(String.init) ?? "/"
    }

    enum Page: Hashable {
        case front
        case topics
        case topic(SectionID)
        case search
        case subscribe
    }

    func file(_ page: Page, _ language: String) -> SitePath {
        SitePath(known: folder(page, language) + "index.html")
    }

    /// The feed of what a page shows; those without one have that of the front page.
    func feed(_ page: Page, _ language: String, archive: Int? = nil) -> SitePath {
        let name = archive.map { "feed-\($0).atom" } ?? "feed.atom"
        if case .topic = page { return SitePath(known: folder(page, language) + name) }
        return SitePath(known: folder(.front, language) + name)
    }

    func index(_ language: String) -> SitePath {
        SitePath(known: folder(.search, language) + "index.json")
    }

    static let style = SitePath(known: "style.css")
    static let script = SitePath(known: "search.js")

    /// As links on the site have it, without the host.
    func path(_ path: SitePath) -> String { root + path.address }

    func address(_ path: SitePath) -> String { site.base + path.address }

    private func folder(_ page: Page, _ language: String) -> String {
        let start = language == site.defaultLanguage ? "" : language + "/"
        return switch page {
        case .front: start
        case .topics: start + "topics/"
        case .topic(let id): start + "topics/\(id.rawValue)/"
        case .search: start + "search/"
        case .subscribe: start + "subscribe/"
        }
    }
}
