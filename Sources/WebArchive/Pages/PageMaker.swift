import Issues

/// Makes the pages of the archive: here the front page, and those of what is not there.
struct PageMaker {
    let frame: PageFrame
    let taxonomy: Taxonomy?

    /// The copies of images, by their addresses.
    let images: [String: ImageCopy]

    var map: SiteMap { frame.map }
    var contents: ArchiveContents { frame.contents }

    func words(_ language: String) -> PageWords { frame.templates.words(in: language) }

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
    func reference(_ archived: ArchivedIssue) -> TemplateGroup {
        [
            "title": .text(archived.issue.title),
            "path": .text(map.path(archived.page)),
            "date": .text("\(archived.date)"),
            "dateText": .text(words(archived.issue.language).date(archived.date)),
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
