import Issues
import XML

/// Makes the pages that list issues, and the page of an issue.
struct PageMaker {
    let frame: PageFrame
    let taxonomy: Taxonomy?

    /// The copies of images, by their addresses.
    let images: [String: String]

    private var map: SiteMap { frame.map }
    private var contents: ArchiveContents { frame.contents }

    private func words(_ language: String) -> PageWords { frame.templates.words(in: language) }

    // MARK: - Front

    func front(_ language: String) -> String {
        let issues = contents.issues[language] ?? []
        let years = Dictionary(grouping: issues.dropFirst(), by: \.date.year).sorted {
            $0.key > $1.key
        }
        let own: TemplateGroup = [
            "latest": issues.first.map { .group(latest($0)) },
            "years": .list(
                years.map { year, issues in
                    ["year": .text("\(year)"), "issues": .list(issues.map(reference))]
                }
            ),
        ]
        return page("front", .front, language, title: frame.definition.title, own)
    }

    private func latest(_ archived: ArchivedIssue) -> TemplateGroup {
        let sections = contentsList(archived, withParts: false, page: map.path(archived.page))
        return reference(archived).merging([
            "lead": archived.issue.lead(limit: 420).map { .text($0) },
            "hasContents": .flag(!sections.isEmpty),
            "contents": .list(sections),
        ])
    }

    /// An issue in a list.
    private func reference(_ archived: ArchivedIssue) -> TemplateGroup {
        [
            "title": .text(archived.issue.title),
            "path": .text(map.path(archived.page)),
            "date": .text("\(archived.date)"),
            "dateText": .text(words(archived.issue.language).date(archived.date)),
        ]
    }

    // MARK: - Issue

    func issue(
        _ archived: ArchivedIssue,
        previous: ArchivedIssue?,
        next: ArchivedIssue?
    ) -> String {
        let issue = archived.issue
        let sections = contentsList(archived, withParts: true, page: "")
        let text = PageText(images: images, imageWord: words(issue.language)["image"])
        let own: TemplateGroup = [
            "issue": .group([
                "title": .text(issue.title),
                "date": .text("\(archived.date)"),
                "dateText": .text(words(issue.language).date(archived.date)),
                "author": issue.frontMatter.author.map { .text($0) },
                "hasContents": .flag(sections.count > 1),
                "contents": .list(sections),
                "body": .text(text.html(of: issue)),
                "itemAddress": itemAddress(of: issue).map { .text($0) },
                "hasNeighbours": .flag(previous != nil || next != nil),
                "previous": previous.map { .group(reference($0)) },
                "next": next.map { .group(reference($0)) },
            ])
        ]
        let image = issue.imageSources.first { images[$0] != nil }
        let facts = PageFrame.Facts(
            title: issue.title,
            language: issue.language,
            file: archived.page,
            description: issue.lead(limit: 200),
            image: image,
            published: archived.stamp.published,
            versions: contents.translations(of: archived).map { ($0.issue.language, $0.page) }
        )
        return frame.templates.render("issue", frame.values(facts, own))
    }

    /// The sections of an issue that are not in every one, each with a place on the page.
    private func contentsList(
        _ archived: ArchivedIssue,
        withParts: Bool,
        page: String
    ) -> [TemplateGroup] {
        func list(_ sections: [IssueSection], _ depth: Int) -> [TemplateGroup] {
            sections.compactMap { section -> TemplateGroup? in
                guard section.kind != .boilerplate,
                    let heading = Self.heading(of: section, in: archived.issue)
                else { return nil }
                let parts = depth > 0 ? list(section.sections, depth - 1) : []
                return [
                    "title": .text(section.title),
                    "path": .text(LinkTarget.fragment(heading.id).address(on: page)),
                    "hasParts": .flag(!parts.isEmpty),
                    "parts": .list(parts),
                ]
            }
        }
        return list(archived.issue.outline.sections, withParts ? 1 : 0)
    }

    private static func heading(of section: IssueSection, in issue: NewsletterIssue) -> Heading? {
        section.headings.first.flatMap { index in
            if case .heading(let heading) = issue.body[index].content { heading } else { nil }
        }
    }

    private func itemAddress(of issue: NewsletterIssue) -> String? {
        guard let service = frame.definition.service,
            let node = frame.definition.nodes[issue.language]
        else { return nil }
        return "xmpp:\(service)?;node=\(node.percentEncoded)"
            + ";item=\(issue.id.rawValue.percentEncoded)"
    }

    // MARK: - Topics

    /// The issues of a language with a section on a topic, newest first.
    typealias TopicEntries = [(archived: ArchivedIssue, topic: IssueTopic)]

    func topicTitle(_ id: SectionID, _ language: String) -> String {
        taxonomy?[id]?.title(in: language) ?? id.rawValue
    }

    func topics(_ language: String, counts: [SectionID: Int]) -> String {
        let topics = map.topics.compactMap { id -> TemplateGroup? in
            guard let count = counts[id] else { return nil }
            return [
                "title": .text(topicTitle(id, language)),
                "path": .text(map.path(map.file(.topic(id), language))),
                "countText": .text(words(language).count(count)),
            ]
        }
        let title = words(language)["topics"]
        return page("topics", .topics, language, title: title, ["topics": .list(topics)])
    }

    func topic(
        _ id: SectionID,
        _ language: String,
        _ entries: TopicEntries,
        languages: [String]
    ) -> String {
        let list = entries.map { archived, topic -> TemplateGroup in
            let path = topic.issue.webAddress.flatMap { address in
                address.firstIndex(of: "#").map { map.path(archived.page) + address[$0...] }
            }
            let own: TemplateGroup = [
                "path": .text(path ?? map.path(archived.page)),
                "lead": topic.issue.lead(limit: 240).map { .text($0) },
            ]
            return reference(archived).merging(own)
        }
        let title = topicTitle(id, language)
        let own: TemplateGroup = [
            "topic": .group([
                "title": .text(title),
                "countText": .text(words(language).count(entries.count)),
                "entries": .list(list),
            ])
        ]
        return page("topic", .topic(id), language, title: title, own, languages: languages)
    }

    // MARK: - Search

    func search(_ language: String) -> String {
        let issues = contents.issues[language] ?? []
        let letters = NameRegister(issues).letters.enumerated().map { number, letter in
            letterGroup(number, letter.letter, letter.names)
        }
        let own: TemplateGroup = [
            "search": .group([
                "index": .text(map.path(map.index(language))),
                "hasLetters": .flag(letters.count > 1),
                "letters": .list(letters),
            ])
        ]
        return page("search", .search, language, title: words(language)["search"], own)
    }

    private func letterGroup(
        _ number: Int,
        _ letter: String,
        _ names: [NameRegister.Name]
    ) -> TemplateGroup {
        let entries = names.map { name -> TemplateGroup in
            let issues = name.issues.map { archived in
                reference(archived).merging(["month": .text("\(archived.date)".prefix7)])
            }
            return ["word": .text(name.name), "issues": .list(issues)]
        }
        return [
            "number": .text("\(number + 1)"), "letter": .text(letter), "entries": .list(entries),
        ]
    }

    // MARK: - Others

    func missing() -> String {
        let language = frame.definition.site.defaultLanguage
        let facts = PageFrame.Facts(
            title: words(language)["missing"],
            language: language,
            file: SitePath(known: "404.html"),
            isHidden: true
        )
        return frame.templates.render("missing", frame.values(facts, [:]))
    }

    func moved(to archived: ArchivedIssue) -> String {
        let facts = PageFrame.Facts(
            title: archived.issue.title,
            language: archived.issue.language,
            file: archived.page
        )
        let own: TemplateGroup = [
            "moved": .group([
                "title": .text(archived.issue.title),
                "path": .text(map.path(archived.page)),
                "address": .text(map.address(archived.page)),
            ])
        ]
        return frame.templates.render("moved", frame.values(facts, own))
    }

    /// A page that is there in all languages, or in some.
    func page(
        _ template: String,
        _ page: SiteMap.Page,
        _ language: String,
        title: String,
        _ own: TemplateGroup,
        languages: [String]? = nil
    ) -> String {
        let facts = PageFrame.Facts(
            title: title,
            language: language,
            page: page,
            file: map.file(page, language),
            versions: (languages ?? contents.languages).map { ($0, map.file(page, $0)) }
        )
        return frame.templates.render(template, frame.values(facts, own))
    }
}

extension String {
    /// The year and month of a date: `2026-03`.
    fileprivate var prefix7: String { String(prefix(7)) }
}
