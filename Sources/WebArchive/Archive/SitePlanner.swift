import Issues

/// Says which files the archive has and what is in them.
struct SitePlanner {
    private let definition: ArchiveDefinition
    private let builder: ArchiveBuilder
    private let contents: ArchiveContents
    private let map: SiteMap
    private let maker: PageMaker
    private let entries: IssueEntry
    private let copies: [String: FileCopy]

    /// The issues with each topic, by topic and language.
    private let topics: [SectionID: [String: PageMaker.TopicEntries]]

    init(builder: ArchiveBuilder, _ issues: [ArchivedIssue]) {
        definition = builder.definition
        self.builder = builder
        contents = ArchiveContents(issues, defaultLanguage: builder.definition.site.defaultLanguage)
        topics = Self.topics(of: contents)
        let topics = topics
        let order = builder.context.taxonomy?.entries.map(\.id).filter { topics[$0] != nil } ?? []
        map = SiteMap(site: builder.definition.site, topics: order)
        copies = Self.copies(for: issues, builder)
        let map = map
        maker = PageMaker(
            frame: PageFrame(
                definition: builder.definition,
                contents: contents,
                map: map,
                templates: builder.templates
            ),
            taxonomy: builder.context.taxonomy,
            images: copies.mapValues { copy in
                ImageCopy(path: map.path(copy.path), size: ImageSize(ofFile: copy.source))
            }
        )
        entries = IssueEntry(definition: builder.definition)
    }

    private static func topics(
        of contents: ArchiveContents
    ) -> [SectionID: [String: PageMaker.TopicEntries]] {
        var topics: [SectionID: [String: PageMaker.TopicEntries]] = [:]
        let issues = contents.issues.values.flatMap { $0 }
        for (archived, found) in zip(issues, issues.onAllCores(\.issue.topics)) {
            for topic in found {
                topics[topic.section, default: [:]][archived.issue.language, default: []]
                    .append((archived, topic))
            }
        }
        return topics
    }

    /// The files that issues show or link to and that are at hand, by their addresses.
    private static func copies(
        for issues: [ArchivedIssue],
        _ builder: ArchiveBuilder
    ) -> [String: FileCopy] {
        let folders = (builder.definition.images.map { [$0] } ?? []) + [builder.directory.path]
        let files = SiteFiles(folders: folders)
        let base = builder.definition.site.base
        var copies: [String: FileCopy] = [:]
        let addresses = issues.flatMap { $0.issue.imageSources + $0.issue.linkedAddresses }
        for address in Set(addresses) {
            guard let path = SitePath(address: address, below: base), let source = files.find(path)
            else { continue }
            copies[address] = FileCopy(path: path, source: source)
        }
        return copies
    }

    // MARK: - Planning

    func plan() throws -> SitePlan {
        var plan = SitePlan()
        var pages: [SitemapFile.Page] = []
        for part in work.onAllCores({ $0() }) {
            for file in part.files { try plan.add(file.path, .text(file.text), for: file.purpose) }
            pages += part.pages
        }
        try addFiles(to: &plan, pages)
        try addMoved(to: &plan)
        return plan
    }

    /// Some files of the archive, with what the sitemap says of them.
    private struct Part: Sendable {
        var files: [(path: SitePath, text: String, purpose: String)] = []
        var pages: [SitemapFile.Page] = []

        mutating func add(_ path: SitePath, _ text: String, for purpose: String) {
            files.append((path, text, purpose))
        }
    }

    /// What can be made at the same time, in the order of the sitemap.
    private var work: [@Sendable () -> Part] {
        var work: [@Sendable () -> Part] = []
        for language in contents.languages {
            work.append { pages(in: language) }
            work.append { index(in: language) }
            work.append { feed(in: language) }
            for index in (contents.issues[language] ?? []).indices {
                work.append { issue(index, in: language) }
            }
        }
        for id in map.topics { work.append { topic(id) } }
        return work
    }

    private func pages(in language: String) -> Part {
        var part = Part()
        func add(_ page: SiteMap.Page, _ text: String, _ purpose: String) {
            part.add(map.file(page, language), text, for: "the \(purpose) page")
            part.pages.append(
                SitemapFile.Page(
                    address: map.address(map.file(page, language)),
                    versions: contents.languages.map { ($0, map.address(map.file(page, $0))) }
                )
            )
        }
        add(.front, maker.front(language), "front")
        add(.search, maker.search(language), "search")
        add(.subscribe, maker.subscribe(language), "subscribe")
        if !map.topics.isEmpty {
            let counts = topics.compactMapValues { $0[language]?.count }
            add(.topics, maker.topics(language, counts: counts), "topics")
        }
        return part
    }

    private func index(in language: String) -> Part {
        var part = Part()
        let index = SearchIndex(contents.issues[language] ?? []).json { map.path($0.page) }
        part.add(map.index(language), index, for: "the search index")
        return part
    }

    private func feed(in language: String) -> Part {
        var part = Part()
        let feedEntries = (contents.issues[language] ?? []).map { archived in
            entries.make(
                of: archived.issue,
                stamp: archived.stamp,
                translations: contents.translations(of: archived).filter {
                    $0.issue.language != language
                }
            )
        }
        addFeed(.front, language, title: definition.title, feedEntries, to: &part)
        return part
    }

    private func issue(_ index: Int, in language: String) -> Part {
        var part = Part()
        let issues = contents.issues[language] ?? []
        let archived = issues[index]
        let text = maker.issue(
            archived,
            previous: index + 1 < issues.count ? issues[index + 1] : nil,
            next: index > 0 ? issues[index - 1] : nil
        )
        part.add(archived.page, text, for: archived.issue.fileName.rawValue)
        part.pages.append(
            SitemapFile.Page(
                address: map.address(archived.page),
                changed: archived.stamp.updated,
                versions: contents.translations(of: archived).map {
                    ($0.issue.language, map.address($0.page))
                }
            )
        )
        return part
    }

    private func topic(_ id: SectionID) -> Part {
        var part = Part()
        let byLanguage = topics[id] ?? [:]
        let languages = contents.languages.filter { byLanguage[$0] != nil }
        for language in languages {
            let list = byLanguage[language] ?? []
            let text = maker.topic(id, language, list, languages: languages)
            let file = map.file(.topic(id), language)
            part.add(file, text, for: "the page of the topic '\(id)'")
            part.pages.append(
                SitemapFile.Page(
                    address: map.address(file),
                    versions: languages.map { ($0, map.address(map.file(.topic(id), $0))) }
                )
            )
            let feedEntries = list.map { archived, topic in
                entries.make(of: topic.issue, stamp: archived.stamp, topic: id)
            }
            let title = "\(maker.topicTitle(id, language)) – \(definition.title)"
            addFeed(.topic(id), language, title: title, feedEntries, to: &part)
        }
        return part
    }

    private func addFeed(
        _ page: SiteMap.Page,
        _ language: String,
        title: String,
        _ entries: [AtomFeed.Entry],
        to part: inout Part
    ) {
        let map = map
        let newest = contents.updated ?? "\(builder.today)T00:00:00Z"
        let feed = AtomFeed(
            id: map.address(map.feed(page, language)),
            title: title,
            language: language,
            author: definition.author,
            rights: definition.rights,
            page: map.address(map.file(page, language)),
            address: map.address(map.feed(page, language)),
            archiveAddress: { map.address(map.feed(page, language, archive: $0)) },
            created: newest,
            entries: entries
        )
        for (number, text) in feed.documents(pageSize: definition.feedPageSize).enumerated() {
            let file = map.feed(page, language, archive: number == 0 ? nil : number)
            part.add(file, text, for: "a feed")
        }
    }

    private func addFiles(to plan: inout SitePlan, _ pages: [SitemapFile.Page]) throws {
        try plan.add(SiteMap.style, .text(builder.templates.style), for: "the style sheet")
        try plan.add(SiteMap.script, .text(builder.templates.script), for: "the script")
        let missing = SitePath(known: "404.html")
        try plan.add(missing, .text(maker.missing()), for: "the page of what is missing")
        let sitemap = SitePath(known: "sitemap.xml")
        try plan.add(sitemap, .text(SitemapFile(pages: pages).text), for: "the sitemap")
        // Robots look for it at the root of the host only.
        let robots = "User-agent: *\nAllow: /\nSitemap: \(map.address(sitemap))\n"
        try plan.add(SitePath(known: "robots.txt"), .text(robots), for: "robots.txt")
        // Two addresses of one file differ in what stands behind '?' or '#'.
        for (address, copy) in copies.sorted(by: { $0.key < $1.key })
        where !plan.contains(copy.path) {
            try plan.add(copy.path, .copy(of: copy.source), for: "the file \(address)")
        }
    }

    /// A page that leads on from each address an issue had before, unless something is there now.
    private func addMoved(to plan: inout SitePlan) throws {
        for archived in contents.languages.flatMap({ contents.issues[$0] ?? [] }) {
            for alias in archived.issue.frontMatter.aliases {
                let page = alias.hasSuffix(".html") || alias.hasSuffix("/") ? alias : alias + "/"
                let rest = page.drop { $0 == "/" }
                guard let path = SitePath(address: map.site.base + rest, below: map.site.base),
                    !plan.contains(path)
                else { continue }
                let text = maker.moved(to: archived)
                try plan.add(path, .text(text), for: archived.issue.fileName.rawValue)
            }
        }
    }
}

/// A file that the archive takes over.
private struct FileCopy {
    let path: SitePath

    /// Where it lies, without symbolic links.
    let source: String
}
