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
        for (language, issues) in contents.issues {
            for archived in issues {
                for topic in archived.issue.topics {
                    topics[topic.section, default: [:]][language, default: []]
                        .append((archived, topic))
                }
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
        for language in contents.languages {
            try addPages(in: language, to: &plan, &pages)
            try addIssues(in: language, to: &plan, &pages)
        }
        for id in map.topics { try addTopic(id, to: &plan, &pages) }
        try addFiles(to: &plan, pages)
        try addMoved(to: &plan)
        return plan
    }

    private func addPages(
        in language: String,
        to plan: inout SitePlan,
        _ pages: inout [SitemapFile.Page]
    ) throws {
        func add(_ page: SiteMap.Page, _ text: String, _ purpose: String) throws {
            try plan.add(map.file(page, language), .text(text), for: "the \(purpose) page")
            pages.append(
                SitemapFile.Page(
                    address: map.address(map.file(page, language)),
                    versions: contents.languages.map { ($0, map.address(map.file(page, $0))) }
                )
            )
        }
        try add(.front, maker.front(language), "front")
        try add(.search, maker.search(language), "search")
        try add(.subscribe, maker.subscribe(language), "subscribe")
        if !map.topics.isEmpty {
            let counts = topics.compactMapValues { $0[language]?.count }
            try add(.topics, maker.topics(language, counts: counts), "topics")
        }
        let issues = contents.issues[language] ?? []
        let index = SearchIndex(issues).json { map.path($0.page) }
        try plan.add(map.index(language), .text(index), for: "the search index")
        let feedEntries = issues.map { archived in
            entries.make(
                of: archived.issue,
                stamp: archived.stamp,
                translations: contents.translations(of: archived).filter {
                    $0.issue.language != language
                }
            )
        }
        try addFeed(.front, language, title: definition.title, feedEntries, to: &plan)
    }

    private func addIssues(
        in language: String,
        to plan: inout SitePlan,
        _ pages: inout [SitemapFile.Page]
    ) throws {
        let issues = contents.issues[language] ?? []
        for (index, archived) in issues.enumerated() {
            let text = maker.issue(
                archived,
                previous: index + 1 < issues.count ? issues[index + 1] : nil,
                next: index > 0 ? issues[index - 1] : nil
            )
            try plan.add(archived.page, .text(text), for: archived.issue.fileName.rawValue)
            pages.append(
                SitemapFile.Page(
                    address: map.address(archived.page),
                    changed: archived.stamp.updated,
                    versions: contents.translations(of: archived).map {
                        ($0.issue.language, map.address($0.page))
                    }
                )
            )
        }
    }

    private func addTopic(
        _ id: SectionID,
        to plan: inout SitePlan,
        _ pages: inout [SitemapFile.Page]
    ) throws {
        let byLanguage = topics[id] ?? [:]
        let languages = contents.languages.filter { byLanguage[$0] != nil }
        for language in languages {
            let list = byLanguage[language] ?? []
            let text = maker.topic(id, language, list, languages: languages)
            let file = map.file(.topic(id), language)
            try plan.add(file, .text(text), for: "the page of the topic '\(id)'")
            pages.append(
                SitemapFile.Page(
                    address: map.address(file),
                    versions: languages.map { ($0, map.address(map.file(.topic(id), $0))) }
                )
            )
            let feedEntries = list.map { archived, topic in
                entries.make(of: topic.issue, stamp: archived.stamp, topic: id)
            }
            let title = "\(maker.topicTitle(id, language)) – \(definition.title)"
            try addFeed(.topic(id), language, title: title, feedEntries, to: &plan)
        }
    }

    private func addFeed(
        _ page: SiteMap.Page,
        _ language: String,
        title: String,
        _ entries: [AtomFeed.Entry],
        to plan: inout SitePlan
    ) throws {
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
            try plan.add(file, .text(text), for: "a feed")
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
