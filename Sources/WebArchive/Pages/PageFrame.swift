import Issues

/// What all pages have around their own content.
struct PageFrame {
    let definition: ArchiveDefinition
    let contents: ArchiveContents
    let map: SiteMap
    let templates: TemplateSet

    /// What a page says of itself.
    struct Facts {
        var title: String
        var language: String
        var page: SiteMap.Page?
        var file: SitePath
        var description: String?
        var image: String?
        var published: String?

        /// The same page in all its languages, this one included.
        var versions: [(language: String, file: SitePath)] = []
        var isHidden = false
    }

    /// The variables of the frame, with `own` for the page's content.
    func values(_ facts: Facts, _ own: TemplateGroup) -> TemplateGroup {
        let words = templates.words(in: facts.language)
        let frame: TemplateGroup = [
            "site": .group(site),
            "page": .group(page(facts)),
            "paths": .group(paths(facts.language)),
            "words": .group(words.values(on: facts.language)),
            "alternates": .list(alternates(facts)),
            "switcher": switcher(facts),
        ]
        return frame.merging(own)
    }

    private var site: TemplateGroup {
        [
            "title": .text(definition.title),
            "language": .text(definition.site.defaultLanguage),
            "author": .text(definition.author),
            "rights": definition.rights.map { .text($0) },
            "address": .text(definition.site.base),
        ]
    }

    private func page(_ facts: Facts) -> TemplateGroup {
        let feedPage = facts.page ?? .front
        let feed = map.feed(feedPage, facts.language)
        let isFront = facts.page == .front
        let isInTopics =
            switch facts.page {
            case .topics, .topic: true
            default: false
            }
        return [
            "title": .text(facts.title),
            "inner": .flag(!isFront),
            "language": .text(facts.language),
            "direction": .text(TextDirection(of: facts.language).rawValue),
            "locale": .text(templates.words(in: facts.language)["locale"]),
            "description": facts.description.map { .text($0) },
            "address": facts.isHidden ? nil : .text(map.address(facts.file)),
            "hidden": .flag(facts.isHidden),
            "kind": .text(facts.published == nil ? "website" : "article"),
            "published": facts.published.map { .text($0) },
            "image": facts.image.map { .text($0) },
            "feed": .text(map.path(feed)),
            "feedTitle": .text(definition.title),
            "isFront": .flag(isFront),
            "isTopics": .flag(isInTopics),
            "isSearch": .flag(facts.page == .search),
            "isSubscribe": .flag(facts.page == .subscribe),
        ]
    }

    private func paths(_ language: String) -> TemplateGroup {
        func path(_ page: SiteMap.Page) -> TemplateValue {
            .text(map.path(map.file(page, language)))
        }
        return [
            "root": .text(map.root),
            "front": path(.front),
            "topics": map.topics.isEmpty ? nil : path(.topics),
            "search": path(.search),
            "subscribe": path(.subscribe),
            "style": .text(map.path(SiteMap.style)),
            "script": .text(map.path(SiteMap.script)),
        ]
    }

    private func alternates(_ facts: Facts) -> [TemplateGroup] {
        guard facts.versions.count > 1, !facts.isHidden else { return [] }
        var versions = facts.versions
        if let standard = versions.first(where: { $0.language == definition.site.defaultLanguage })
        {
            versions.append(("x-default", standard.file))
        }
        return versions.map { version in
            [
                "code": .text(version.language),
                "address": .text(map.address(version.file)),
            ]
        }
    }

    private func switcher(_ facts: Facts) -> TemplateValue? {
        guard facts.versions.count > 1 else { return nil }
        let choices = facts.versions.map { version -> TemplateGroup in
            [
                "code": .text(version.language),
                "name": .text(name(of: version.language)),
                "path": .text(map.path(version.file)),
                "current": .flag(version.language == facts.language),
            ]
        }
        return .group(["choices": .list(choices)])
    }

    /// What a language calls itself; its tag if nobody has said.
    func name(of language: String) -> String {
        let primary = String(language.prefix { $0 != "-" })
        guard let words = templates.words[language] ?? templates.words[primary] else {
            return language
        }
        let region = language.dropFirst(words.language.count + 1)
        return region.isEmpty ? words["name"] : "\(words["name"]) (\(region.uppercased()))"
    }
}
